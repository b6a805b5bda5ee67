"""What a project says of the datasets that it publishes: licence, authors and address. Nothing is assumed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..bounded_file import read_bounded
from ..errors import UsageError

PUBLISHED = "data"
"""The folder of a project that holds what it publishes; it says nothing of datasets elsewhere."""
_ONE_LICENCE = re.compile(r"(?!LicenseRef-)[A-Za-z0-9][A-Za-z0-9.-]*")
_ADDRESSES = ("homepage", "repository", "source", "documentation")


@dataclass(frozen=True, slots=True)
class Declared:
    """``licence`` is an SPDX expression; ``None`` or empty where nobody declared it."""

    licence: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None

    @property
    def licence_id(self) -> str | None:
        """The SPDX identifier, where the expression is a single one."""
        return self.licence if self.licence and _ONE_LICENCE.fullmatch(self.licence) else None

    @property
    def licence_url(self) -> str | None:
        """The page of the licence, where the expression is a single identifier."""
        return f"https://spdx.org/licenses/{self.licence_id}.html" if self.licence_id else None

    @property
    def absent(self) -> tuple[str, ...]:
        """What nobody declared, in words."""
        said = {"licence": self.licence, "authors": self.authors, "address": self.url}
        return tuple(name for name, value in said.items() if not value)


def declared(data_root: Path) -> Declared:
    """What ``pyproject.toml`` beside the folder ``data`` says. Raises ``UsageError`` for a file that is no TOML."""
    folder = data_root.resolve()
    path = folder.parent / "pyproject.toml"
    if folder.name != PUBLISHED or not path.is_file():
        return Declared()
    try:
        project = tomllib.loads(read_bounded(path).decode()).get("project", {})
    except OSError as error:
        raise UsageError(f"{path}: it cannot be read: {error.strerror}; make it readable") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: it is no TOML: {error}; repair it") from None
    if not isinstance(project, dict):
        return Declared()
    return Declared(_text(project.get("license")), tuple(_authors(project.get("authors"))), _url(project.get("urls")))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _authors(value: Any) -> Iterator[str]:
    for author in value if isinstance(value, list) else ():
        if isinstance(author, dict) and (name := _text(author.get("name"))):
            yield name


def _url(value: Any) -> str | None:
    urls = {str(name).lower(): url for name, url in value.items()} if isinstance(value, Mapping) else {}
    found = (_text(urls.get(name)) for name in _ADDRESSES)
    return next((url for url in found if url and re.match("https?://", url)), None)
