"""A report's prose: Markdown with front matter that cites values by name and never states a number.

Front matter: ``dataset`` (the version published, such as ``v1``), ``edition``, ``status``, ``changelog`` and
``errata``. The body is a Jinja template; its line numbers are those of the file.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.errors import UsageError

_FRONT = re.compile(r"\A---\r?\n(.*?)^---[ \t]*\r?\n", re.DOTALL | re.MULTILINE)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(_Strict):
    """One entry of the changelog or the errata."""

    edition: str
    date: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    text: str


class Front(_Strict):
    """What the front matter of a report may hold."""

    title: str
    edition: str = "first"
    status: Literal["draft", "published", "superseded"] = "draft"
    dataset: str | None = Field(default=None, pattern=r"^v[1-9]\d*$")
    editions: list[str] = Field(default_factory=list)
    authors: list[str] = Field(default_factory=lambda: ["The Bindery contributors"])
    changelog: list[Change] = Field(default_factory=list)
    errata: list[Change] = Field(default_factory=list)
    description: str = ""


class Prose(_Strict):
    """One prose file. ``body`` begins with a blank line for each line of front matter."""

    path: Path
    report: str
    front: Front
    body: str


def read_prose(path: Path) -> Prose:
    """The prose at ``path``. Raises ``UsageError`` that names the field or the line at fault."""
    text = path.read_text(encoding="utf-8")
    found = _FRONT.match(text)
    if found is None:
        raise UsageError(f"{path.name}: no front matter; begin the file with --- and at least a title")
    try:
        front = Front.model_validate(yaml.safe_load(found[1]) or {})
    except yaml.YAMLError as error:
        raise UsageError(f"{path.name}: the front matter is no YAML: {_first_line(error)}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UsageError(f"{path.name}: front matter, {where}: {first['msg']}") from None
    blank = "\n" * found[0].count("\n")
    return Prose(path=path, report=path.stem, front=front, body=blank + text[found.end() :])


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
