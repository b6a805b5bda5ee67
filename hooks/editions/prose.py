"""A report's prose: Markdown with front matter that cites values by name and never states a number.

Front matter: ``dataset`` (the version published, such as ``v1``), ``recordings`` (versions of other machines or
circumstances that are shown with it), or ``datasets`` (``NAME: STUDY/vN`` for each dataset of a report over several);
``edition``, ``status``, ``changelog`` and ``errata``. The body is a Jinja template; its line numbers are those of the
file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from harness.errors import UsageError

_FRONT = re.compile(r"\A---\r?\n(.*?)^---[ \t]*\r?\n", re.DOTALL | re.MULTILINE)
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Label = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*/v[1-9]\d*$")]


RENAMED = {"beside": "recordings"}
"""Fields by the names that they had before."""


EditionName = Literal[
    "pilot", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"
]
"""Which edition it is, and nothing that only a reader could award. A pilot is before the first."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(_Strict):
    """One entry of the changelog or the errata."""

    edition: EditionName
    date: Annotated[str, BeforeValidator(str), Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    text: str


class Front(_Strict):
    """What the front matter of a report may hold."""

    title: str
    edition: EditionName = "first"
    status: Literal["draft", "published", "superseded"] = "draft"
    dataset: str | None = Field(default=None, pattern=r"^v[1-9]\d*$")
    recordings: list[str] = Field(default_factory=list)
    datasets: dict[Name, Label] = Field(default_factory=dict)
    authors: list[str] = Field(default_factory=lambda: ["The Bindery contributors"])
    changelog: list[Change] = Field(default_factory=list)
    errata: list[Change] = Field(default_factory=list)
    description: str = ""
    question: str = ""


class Prose(_Strict):
    """One prose file. ``body`` begins with a blank line for each line of front matter.

    ``lines`` are the places of the fields of its front matter, counted from one; those of a field within another are
    named after both, such as ``datasets.here``.
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
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"there is no report {path.stem!r}; write docs/reports/{path.name} first") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path.name}:{line}: it is no UTF-8; save it as UTF-8") from None
    found = _FRONT.match(text)
    if found is None:
        raise UsageError(f"{path.name}: no front matter; begin the file with --- and at least a title")
    lines: dict[str, int] = {}
    try:
        lines = _lines(path, found[1])
        front = Front.model_validate(yaml.safe_load(found[1]) or {})
    except yaml.YAMLError as error:
        raise UsageError(f"{path.name}: the front matter is no YAML: {_first_line(error)}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "[key]")
        raise UsageError(f"{_place(path, lines, where)}: front matter, {where}: {_said(where, first)}") from None
    blank = "\n" * found[0].count("\n")
    return Prose(path=path, report=path.stem, front=front, body=blank + text[found.end() :], lines=lines)


def _lines(path: Path, text: str) -> dict[str, int]:
    """The line of each field. Raises ``UsageError`` for a field that stands there twice."""
    lines: dict[str, int] = {}
    node = yaml.compose(text, yaml.SafeLoader)
    for field, line in _fields(node, ""):
        if field in lines:
            raise UsageError(f"{path.name}:{line}: front matter, {field}: it stands in line {lines[field]} already")
        lines[field] = line
    return lines


def _fields(node: yaml.Node | None, prefix: str) -> Iterator[tuple[str, int]]:
    """Every field with its line; the front matter begins on the second."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        yield f"{prefix}{key.value}", key.start_mark.line + 2
        yield from _fields(value, f"{prefix}{key.value}.")


def _said(field: str, error: ErrorDetails) -> str:
    """What is wrong with a field, and what to write in its place."""
    if error["type"] != "extra_forbidden":
        return error["msg"]
    if field in RENAMED:
        return f"it is called {RENAMED[field]} now; rename it"
    return f"there is no such field; choose one of: {', '.join(Front.model_fields)}"


def _place(path: Path, lines: dict[str, int], field: str) -> str:
    """The line of a field, or of the one that it is in; the first line for a field that is not there."""
    while field not in lines and "." in field:
        field = field.rpartition(".")[0]
    return f"{path.name}:{lines.get(field, 1)}"


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
