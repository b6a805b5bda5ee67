"""Renders one page about all reports, with the rows of its numbers or with a page of its own for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from ..content.blocks import Content
from ..rendering.corpus_writer import Writer, anchor
from ..rendering.generated_page import page
from ..rendering.page import Page
from ..rendering.scope import Scope
from ..replication.corpus import AllReports
from .numbers import rows_at, with_numbers


def render_series_page(
    reports: AllReports,
    environment: Environment,
    path: str,
    title: str,
    context: Mapping[str, Any],
    *,
    template: str = "",
    wide: bool = False,
) -> Page:
    """One page about all reports. The template stands under the page's name; ``context`` is added to what all share."""
    scope = Scope(Content())
    shared = _shared(reports, scope, path)
    return page(environment, scope, path, title, {**shared, **context}, template=template, wide=wide)


def render_with_numbers(
    reports: AllReports,
    environment: Environment,
    path: str,
    title: str,
    context: Mapping[str, Any],
    *,
    template: str = "",
    wide: bool = False,
) -> tuple[Page, Page]:
    """The same where the rows of the numbers are many: they stand on the second page.

    The template may write drawings with ``svg``, which leads their points to that page.
    """
    scope = Scope(Content(), rows_at(path))
    shared = {**_shared(reports, scope, path), "svg": scope.leading, "rows_at": scope.rows_at}
    return with_numbers(environment, scope, path, title, {**shared, **context}, template=template, wide=wide)


def _shared(reports: AllReports, scope: Scope, path: str) -> dict[str, Any]:
    return {"reports": reports, "w": Writer(reports, scope, "../" * path.count("/")), "anchor": anchor}
