"""The page of all numbers and claims of a report, one row each: on the report they would be half of its bytes."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment

from ..editions.report import Report
from ..rendering.page import Page
from ..rendering.provenance import metrics, rows
from ..rendering.scope import Scope


def render_numbers(environment: Environment, report: Report, scope: Scope, title: str) -> Page:
    """What stands behind every value and every claim that the page of a report showed, which its ``scope`` knows.

    Both pages are one statement: the values and claims are those of the report's ``values.json``.
    """
    own = Scope(report.content)
    own.claims |= scope.claims
    context: dict[str, Any] = {
        "scope": own,
        "report": report,
        "title": title,
        "numbers": lambda: rows(scope.shown, several=report.study is None),
        "metrics": lambda: metrics(scope.shown),
    }
    markdown = environment.get_template("numbers.md.j2").render(context)
    return Page(f"{report.numbers}.md", f"Numbers of {title}", markdown, wide=True, searched=False)
