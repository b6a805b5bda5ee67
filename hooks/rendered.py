"""What a build of the renderer gives: pages and files by their paths among the documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness.errors import BinderyError

from .editions import Edition
from .markup import escape_markdown
from .pages import Page


@dataclass(frozen=True, slots=True)
class Broken:
    """A page that could not be rendered, and the error that says why."""

    path: str
    title: str
    error: BinderyError

    @property
    def markdown(self) -> str:
        """A page that shows the error in place of the broken one."""
        lines = "\n".join(f"    {escape_markdown(line)}" for line in str(self.error).splitlines())
        return f'# {escape_markdown(self.title)}\n\n!!! failure "This page has an error"\n\n{lines}\n'


@dataclass(frozen=True, slots=True)
class Rendered:
    """All pages and files of a site. ``misses`` names the work that no cache could answer."""

    pages: Mapping[str, Page]
    assets: Mapping[str, bytes | Path]
    broken: tuple[Broken, ...] = ()
    editions: Mapping[str, Edition] = field(default_factory=dict)
    identifiers: frozenset[str] = frozenset()
    misses: tuple[str, ...] = ()

    def documents(self, *, live: bool = False) -> dict[str, str]:
        """The Markdown of every page by path; ``live`` adds the broken ones, with their errors in place."""
        shown = {path: page.markdown for path, page in self.pages.items()}
        return {**shown, **{broken.path: broken.markdown for broken in self.broken}} if live else shown

    def folder(self, target: str) -> str | list[str]:
        """The pages under a folder, sorted; ``target`` itself where it is no folder of rendered pages."""
        paths = {*self.pages, *(broken.path for broken in self.broken)}
        return sorted(path for path in paths if path.startswith(f"{target}/")) or target

    @property
    def epoch(self) -> int | None:
        """Seconds since 1970 of the newest dataset's sealing: the date of a build that only inputs decide."""
        return max((edition.epoch for edition in self.editions.values()), default=None)
