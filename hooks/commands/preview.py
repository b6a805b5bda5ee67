"""`reports preview`: what a page would say if it published another dataset version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from harness.units import counted

from ..build.preview import Preview, Shift, preview
from . import options

Version = Annotated[
    str, typer.Argument(help="The version to look at, such as v2; NAME=v2 in a report over several datasets.")
]


def preview_version(
    report: options.Report, version: Version, as_json: options.Json = False, data: options.Data = options.DATA
) -> None:
    """List the claims, sentences, tables and charts of a report that another dataset version would change.

    Example: reports preview tr108 v2
    """
    found = preview(options.project(data), report, version)
    if as_json:
        options.print_json(_record(found))
        return
    for line in lines(found):
        options.echo(line)


def lines(found: Preview) -> Iterator[str]:
    """The preview for people."""
    if found.empty:
        yield f"Nothing on the page of {found.report} would change."
        return
    shown = ", another recording that it shows" if found.other_recording else ""
    yield f"{found.report}: from {found.now} to {found.then}{shown}"
    for change in found.claims:
        yield from change.lines(found.report)
    for sentence in found.sentences:
        yield f"{found.report}.md:{sentence.line}: {sentence.text}"
        yield from _shifts(sentence.shifts)
    for kind, moved in (("table", found.tables), ("figure", found.figures)):
        for name, shifts in moved.items():
            yield f"{kind} {name}: {counted(len(shifts), 'cell')}"
            yield from _shifts(shifts)
    for name, (now, then) in found.facts.items():
        yield f"fact {name}: {now} → {then}"


def _shifts(shifts: Sequence[Shift]) -> Iterator[str]:
    for shift in shifts:
        yield f"  {shift.name}: {shift.now or '(not shown)'} → {shift.then or '(not shown)'}"


def _record(found: Preview) -> object:
    return {
        **asdict(found),
        "claims": [
            {
                "id": change.claim_id,
                "kind": str(change.kind),
                "now": change.then and change.then.model_dump(mode="json"),
                "then": change.now and change.now.model_dump(mode="json"),
            }
            for change in found.claims
        ],
    }
