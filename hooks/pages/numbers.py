"""The page of all numbers of a report, which would make the report itself twice as heavy: one row a number."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment

from ..editions.report import Report
from ..rendering.page import Page
from ..rendering.provenance import metrics, rows
from ..rendering.scope import Scope


def render_numbers(environment: Environment, report: Report, scope: Scope, title: str) -> Page:
    """What stands behind every value that the page of a report showed, which its ``scope`` knows.

    Both are one statement: the values are those of the report's ``values.json``.
    """
    context: dict[str, Any] = {
        "scope": Scope(report.content),
        "report": report,
        "title": title,
        "numbers": lambda: rows(scope.shown, several=report.study is None),
        "metrics": lambda: metrics(scope.shown),
    }
    markdown = environment.get_template("numbers.md.j2").render(context)
    return Page(f"{report.numbers}.md", f"Numbers of {title}", markdown, wide=True, searched=False)
