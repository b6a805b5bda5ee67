"""Renders one page about all reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from .all_reports import AllReports
from .content import Content
from .cross_pages import page
from .pages import Page
from .scope import Scope
from .writer import Writer, anchor


def render_series_page(
    reports: AllReports, environment: Environment, path: str, title: str, context: Mapping[str, Any]
) -> Page:
    """One page about all reports. The template stands under the page's name; ``context`` is added to what all share."""
    scope = Scope(Content())
    shared = {"reports": reports, "w": Writer(reports, scope), "anchor": anchor}
    return page(environment, scope, path, title, {**shared, **context})
