"""What a build of the renderer gives: pages and files by their paths among the documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import BinderyError

from ..text.escaping import escape_markdown

if TYPE_CHECKING:
    from ..caching.job import Job
    from ..values.value import Value


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page: its path among the documents, its Markdown and the files that belong to it.

    ``values`` are those that it shows; a page from the store leaves them in its ``values.json``. ``sources`` are
    the files that an author may have typed something into. ``card`` is the path of the image that a link to the
    page shows. A ``wide`` page has its own list of contents, and no columns beside it. One that is not ``searched`` is
    found from another page alone; one that is comes first for the words by which it is ``sought``.
    """

    path: str
    title: str
    markdown: str
    values: Mapping[str, Value] = field(default_factory=dict)
    assets: Mapping[str, bytes] = field(default_factory=dict)
    sources: tuple[Path, ...] = ()
    card: str = ""
    wide: bool = False
    searched: bool = True
    sought: tuple[str, ...] = ()


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


def _nothing() -> None:
    """Everything is there."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """All pages and files of a site.

    ``epoch`` is when the newest dataset was sealed, in seconds since 1970: the date of a build that only its inputs
    decide. ``identifiers`` are names with digits in them. ``misses`` names the work that the store could not answer.
    ``jobs`` make those of ``assets`` that no page is read from, by their paths. ``finish`` waits until all are made;
    such a path may lead to nothing before.
    """

    pages: Mapping[str, Page]
    assets: Mapping[str, bytes | Path]
    broken: tuple[Broken, ...] = ()
    epoch: int | None = None
    identifiers: frozenset[str] = frozenset()
    misses: tuple[str, ...] = ()
    jobs: Mapping[str, Job] = field(default_factory=dict)
    finish: Callable[[], None] = field(default=_nothing, compare=False)

    def documents(self, *, live: bool = False) -> dict[str, str]:
        """The Markdown of every page by path; ``live`` adds the broken ones, with their errors in place."""
        shown = {path: page.markdown for path, page in self.pages.items()}
        return {**shown, **{broken.path: broken.markdown for broken in self.broken}} if live else shown
