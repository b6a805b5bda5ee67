"""Renders one page about all reports."""

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
    scope, up = Scope(Content()), "../" * path.count("/")
    shared = {"reports": reports, "w": Writer(reports, scope, up), "anchor": anchor}
    return page(environment, scope, path, title, {**shared, **context}, template=template, wide=wide)
