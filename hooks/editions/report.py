"""All that the page of a report is made of."""

from __future__ import annotations

from dataclasses import dataclass

from harness.design import Study

from ..content.blocks import Content
from .edition import Edition
from .prose import Prose


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report's page is made of; ``key`` identifies its content. ``path`` (without its ending) is the
    page's own, where it is not the report's."""

    study: Study
    prose: Prose
    edition: Edition
    content: Content
    key: str = ""
    path: str = ""

    @property
    def id(self) -> str:
        return self.prose.report

    @property
    def page(self) -> str:
        """The path of its page without its ending."""
        return self.path or f"reports/{self.id}"

    @property
    def name(self) -> str:
        """The last part of ``page``."""
        return self.page.rpartition("/")[2]
