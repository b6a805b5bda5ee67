"""A report's prose: Markdown with front matter that cites values by name and never states a number.

Front matter: ``dataset`` (the version published, such as ``v1``), ``beside`` (versions recorded elsewhere that are
shown beside it), ``edition``, ``status``, ``changelog`` and ``errata``. The body is a Jinja template; its line numbers
are those of the file.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from harness.errors import UsageError

_FRONT = re.compile(r"\A---\r?\n(.*?)^---[ \t]*\r?\n", re.DOTALL | re.MULTILINE)


Ordinal = Literal["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
"""Which edition it is, and nothing that only a reader could award."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(_Strict):
    """One entry of the changelog or the errata."""

    edition: Ordinal
    date: Annotated[str, BeforeValidator(str), Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    text: str


class Front(_Strict):
    """What the front matter of a report may hold."""

    title: str
    edition: Ordinal = "first"
    status: Literal["draft", "published", "superseded"] = "draft"
    dataset: str | None = Field(default=None, pattern=r"^v[1-9]\d*$")
    beside: list[str] = Field(default_factory=list)
    editions: list[str] = Field(default_factory=list)
    authors: list[str] = Field(default_factory=lambda: ["The Bindery contributors"])
    changelog: list[Change] = Field(default_factory=list)
    errata: list[Change] = Field(default_factory=list)
    description: str = ""


class Prose(_Strict):
    """One prose file. ``body`` begins with a blank line for each line of front matter.

    ``lines`` are the places of the fields of its front matter, counted from one.
    """

    path: Path
    report: str
    front: Front
    body: str
    lines: dict[str, int] = Field(default_factory=dict)

    def wrong(self, field: str, what: str) -> UsageError:
        """The error of a field of the front matter, with its place."""
        return UsageError(f"{_place(self.path, self.lines, field)}: front matter, {field}: {what}")


def read_prose(path: Path) -> Prose:
    """The prose at ``path``. Raises ``UsageError`` that names the field or the line at fault."""
    text = path.read_text(encoding="utf-8")
    found = _FRONT.match(text)
    if found is None:
        raise UsageError(f"{path.name}: no front matter; begin the file with --- and at least a title")
    lines: dict[str, int] = {}
    try:
        lines = _lines(found[1])
        front = Front.model_validate(yaml.safe_load(found[1]) or {})
    except yaml.YAMLError as error:
        raise UsageError(f"{path.name}: the front matter is no YAML: {_first_line(error)}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        place = _place(path, lines, str(next(iter(first["loc"]), "")))
        raise UsageError(f"{place}: front matter, {where}: {first['msg']}") from None
    blank = "\n" * found[0].count("\n")
    return Prose(path=path, report=path.stem, front=front, body=blank + text[found.end() :], lines=lines)


def _lines(text: str) -> dict[str, int]:
    """The line of each field; the front matter begins on the second."""
    node = yaml.compose(text, yaml.SafeLoader)
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return {str(key.value): key.start_mark.line + 2 for key, _ in pairs}


def _place(path: Path, lines: dict[str, int], field: str) -> str:
    return f"{path.name}:{lines[field]}" if field in lines else path.name


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
