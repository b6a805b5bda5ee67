"""Reads a YAML file into a strict model, with errors that name the file, the line and the field."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from harness.bounded_file import read_bounded
from harness.errors import UsageError

Model = TypeVar("Model", bound=BaseModel)
DEEPEST = 50
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Refused(Exception):
    """What YAML would take, or fail over without a line: where it stands, and why it is refused."""

    def __init__(self, node: yaml.Node | yaml.Event, why: str) -> None:
        super().__init__(why)
        self.line = node.start_mark.line + 1 if node.start_mark else 1


class _Loader(_SAFE):  # type: ignore[misc] # one of two classes
    """A safe loader that refuses a key which stands twice in one place, where YAML would keep the last, and what looks
    like a day or a number and is none."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise _Refused(key, f"{key.value} stands twice; keep one")
            seen.add(key.value)
        found: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return found

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except ValueError as error:
            raise _Refused(node, str(error)) from None


def read_declaration(path: Path, model: type[Model]) -> Model:
    """The content of ``path`` as ``model``. Raises ``UsageError`` for a missing file, bad YAML or a wrong field."""
    try:
        text = read_bounded(path).decode()
        _demand_shallow(text)
        return model.model_validate(yaml.load(text, Loader=_Loader))  # noqa: S506 the loader is a safe one
    except FileNotFoundError:
        raise UsageError(f"{path.name} is missing; restore it") from None
    except OSError as error:
        raise UsageError(
            f"{path.name} cannot be read: {error.strerror}; make it a plain file that may be read"
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"{path.name} is no UTF-8; save it as UTF-8") from None
    except _Refused as error:
        raise UsageError(f"{path.name}:{error.line}: {error}") from None
    except yaml.YAMLError as error:
        raise UsageError(f"{path.name} is no YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors()[0]
        line, field = _line(text, first["loc"]), ".".join(map(str, first["loc"]))
        raise UsageError(f"{path.name}:{line}: {field}: {first['msg']}") from None


def _demand_shallow(text: str) -> None:
    """Refuses what is nested so deeply that loading it would end the process. Raises ``_Refused``, ``YAMLError``."""
    depth = 0
    for event in yaml.parse(text, Loader=_SAFE):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _Refused(event, "it is nested too deeply; write it plainly")


def line_of(path: Path, place: Sequence[str | int]) -> int:
    """The line of a part of a file that was read before. Raises ``OSError``."""
    return _line(read_bounded(path).decode(), place)


def _line(text: str, place: Sequence[str | int]) -> int:
    """The line of the innermost part of ``place`` that is there: a missing field is where its owner begins."""
    node = yaml.compose(text, Loader=_SAFE)
    line = 1
    for step in place:
        child = _child(node, step)
        if child is None:
            break
        node = child
        line = node.start_mark.line + 1
    return line


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item: yaml.Node = node.value[step]
        return item
    if isinstance(node, yaml.MappingNode):
        return next((child for key, child in node.value if key.value == str(step)), None)
    return None
