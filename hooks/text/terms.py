"""The terms of the field that a reader may not know: how each is written, and what it means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from .strict_yaml import read_declaration

FILE = "glossary.yml"
PAGE = "methodology/glossary"
"""The path of their page, without its ending."""


class Term(BaseModel):
    """``also`` are other ways to write it, such as its abbreviation; ``metric`` is the id of one that it names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str
    also: tuple[str, ...]
    text: str
    metric: str = ""

    def forms(self) -> Iterator[str]:
        """Every way to write it."""
        yield from (self.name, *self.also)


class Terms(BaseModel):
    """All terms, as ``docs/glossary.yml`` has them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    terms: tuple[Term, ...]

    @classmethod
    def read(cls, docs: Path) -> Terms:
        """The terms of a project; none where it has no such file. Raises ``UsageError`` for a wrong one."""
        path = docs / FILE
        return read_declaration(path, cls) if path.is_file() else cls(terms=())

    @cached_property
    def by_form(self) -> Mapping[str, Term]:
        """The term of each way to write one, in small letters."""
        return {form.lower(): term for term in self.terms for form in term.forms()}

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds a term in a text, the longest way to write one first. An abbreviation is one in capitals alone."""
        forms = sorted({form for term in self.terms for form in term.forms()}, key=len, reverse=True)
        found = "|".join(re.escape(form) if form.isupper() else f"(?i:{re.escape(form)})" for form in forms)
        return re.compile(rf"(?<![\w./-])(?:{found})(?![\w/]|-\w|\.\w)" if found else r"(?!)")
