"""Reads a YAML file into a strict model, with errors that name the file, the line and the field."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from harness.errors import UsageError

Model = TypeVar("Model", bound=BaseModel)
_LOADER: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_declaration(path: Path, model: type[Model]) -> Model:
    """The content of ``path`` as ``model``. Raises ``UsageError`` for a missing file, bad YAML or a wrong field."""
    try:
        text = path.read_text(encoding="utf-8")
        return model.model_validate(yaml.load(text, Loader=_LOADER))  # noqa: S506 the loader is a safe one
    except FileNotFoundError:
        raise UsageError(f"{path.name} is missing; restore it") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path.name} is no UTF-8; save it as UTF-8") from None
    except yaml.YAMLError as error:
        raise UsageError(f"{path.name} is no YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors()[0]
        line, field = _line(text, first["loc"]), ".".join(map(str, first["loc"]))
        raise UsageError(f"{path.name}:{line}: {field}: {first['msg']}") from None


def _line(text: str, place: Sequence[str | int]) -> int:
    """The line of the innermost part of ``place`` that is there: a missing field is where its owner begins."""
    node = yaml.compose(text, Loader=_LOADER)
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
