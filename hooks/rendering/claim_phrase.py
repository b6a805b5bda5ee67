"""What prose may say of a claim in all recordings of its report: words that the data choose at every build.

Compiling pays: that {{ everywhere("compiled-faster") }}.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from harness.errors import UsageError

from ..editions.agreement import Agreement
from ..editions.comparison import Elsewhere
from ..editions.report import Report
from ..text.escaping import escape_markdown, literal
from .scope import Scope


def everywhere(scope: Scope, report: Report, others: Sequence[Elsewhere]) -> Callable[[str], Markup]:
    """The macro of one page; the claims that it is asked about are stated there. Raises ``UsageError`` by name."""

    def said(name: str) -> Markup:
        if name not in report.content.claims:
            known = ", ".join(sorted(report.content.claims)) or "none"
            raise UsageError(f"{report.id} computes no claim {name!r}; it has: {known}")
        scope.claim(report.content.claims[name], anchor=False)
        words = Markup(_words(report, others, name))  # noqa: S704
        return Markup('<span class="b-everywhere" data-everywhere="{}">{}</span>').format(name, words)

    return said


def _words(report: Report, others: Sequence[Elsewhere], name: str) -> str:
    state = str(report.content.claims[name].state)
    if not others:
        return f"{_is(state)} in the only recording published"
    there = [_there(other, name) for other in others]
    if set(there) == {state}:
        return f"{_is(state)} in {'both' if len(others) == 1 else 'all'} recordings"
    labels = [
        literal(edition.label, "identifier") for edition in (report.edition, *(other.edition for other in others))
    ]
    return ", ".join(f"{_is(one)} in {label}" for label, one in zip(labels, [state, *there], strict=True))


def _there(other: Elsewhere, name: str) -> str:
    pair = next((pair for pair in other.claims if pair.name == name), None)
    return str(pair.there.state) if pair and pair.there else str(Agreement.HERE_ONLY).removesuffix(" there")


def _is(state: str) -> str:
    return escape_markdown(f"is {state}" if state == "inconclusive" else state)
