"""What prose may say of a claim in all recordings of its report: words that the data choose at every build.

Compiling pays: that {{ in_all_recordings("compiled-faster") }}.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from harness.errors import UsageError

from ..editions.comparison import OtherRecording
from ..editions.report import Report
from ..text.escaping import escape_markdown, literal
from .scope import Scope


def in_all_recordings(scope: Scope, report: Report, others: Sequence[OtherRecording]) -> Callable[[str], Markup]:
    """The macro of one page; the claims that it is asked about are stated on it. Raises ``UsageError`` by name, and in
    a report over several datasets."""

    def phrase(name: str) -> Markup:
        if report.study is None:
            raise UsageError(
                f"{report.id} asks several datasets, each its own claims; in_all_recordings asks one again"
            )
        if name not in report.content.claims:
            known = ", ".join(sorted(report.content.claims)) or "none"
            raise UsageError(f"{report.id} computes no claim {name!r}; it has: {known}")
        scope.claim(report.content.claims[name], anchor=False)
        words = Markup(_words(report, others, name))  # noqa: S704
        return Markup('<span data-in-all-recordings="{}">{}</span>').format(name, words)

    return phrase


def _words(report: Report, others: Sequence[OtherRecording], name: str) -> str:
    verdict = str(report.content.claims[name].verdict)
    if not others:
        return f"{_verb(verdict)} in the only recording published"
    states = [verdict, *(_said(other, name) for other in others)]
    if len(set(states)) == 1:
        return f"{_verb(verdict)} in {'both' if len(others) == 1 else 'all'} recordings"
    editions = report.edition, *(other.edition for other in others)
    labels = [literal(edition.label, "identifier") for edition in editions]
    return ", ".join(f"{_verb(found)} in {label}" for label, found in zip(labels, states, strict=True))


def _said(other: OtherRecording, name: str) -> str:
    pair = next((pair for pair in other.claims if pair.name == name), None)
    return (pair and pair.said) or "cannot be computed"


def _verb(said: str) -> str:
    return escape_markdown(said if said == "cannot be computed" else f"is {said}")
