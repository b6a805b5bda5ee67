"""`harness plan`: what a study can conclude, before anything is recorded."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from ..design import Study
from ..errors import UsageError
from ..execution.block import sessions as recorded
from ..execution.planning import Prospect, block_minutes, prospects
from ..stats.comparison.sessions import sessions_needed
from . import options


def plan(
    study: options.StudyName,
    sessions: Annotated[
        int | None, typer.Option("--sessions", min=2, max=1000, help="Number of sessions; as many as the study wants.")
    ] = None,
    as_json: options.Json = False,
    data: options.Data = options.DATA,
) -> None:
    """Say what N sessions of a study can conclude, and how long a session takes.

    Example: harness plan tr108 --sessions 8
    """
    declared = options.load_study(study)
    count = sessions or declared.sessions
    if not count:
        raise UsageError(f"{declared.id} says not how many sessions it wants; give a number with --sessions")
    found = list(prospects(declared, data, count))
    minutes, done = block_minutes(declared, data), len(recorded(declared, data))
    if as_json:
        options.print_json(
            {
                "study": declared.id,
                "sessions": count,
                "wanted": declared.sessions,
                "recorded": done,
                "minutes_per_session": minutes,
                "primaries": [_record(declared, one) for one in found],
            }
        )
        return
    wanted = declared.sessions or "no number of"
    took = "" if minutes is None else f" One takes about {minutes:.1f} min, {count} take {minutes * count:.0f} min."
    options.say(f"{declared.id}: {done} sessions recorded, {wanted} wanted.{took}")
    if not found:
        options.say("It declares no primary contrast, so no conclusion over sessions is planned.")
        return
    options.console().print(_table(declared, found, count))
    options.say(
        "Found: the smallest ratio that four of five such studies would find, corrected for the family, from an upper "
        "bound of the spread between sessions."
    )


def _table(study: Study, found: list[Prospect], count: int) -> Table:
    table = Table("Primary", "Ratio", "Sessions needed", f"Found with {count}", "Matters from", "Spread from")
    for one in found:
        primary = one.primary
        detectable = one.reason if one.detectable is None else f"{one.detectable:.3f}"
        table.add_row(
            primary.id,
            escape(f"{primary.metric}: {primary.factor} {primary.level} / {primary.reference}"),
            str(_needed(study, one)),
            detectable,
            f"{primary.smallest:.2f}",
            one.source,
        )
    return table


def _needed(study: Study, one: Prospect) -> int:
    return sessions_needed(sum(other.family == one.primary.family for other in study.primaries))


def _record(study: Study, one: Prospect) -> dict[str, object]:
    return {
        **one.primary.canonical(),
        "sessions_needed": _needed(study, one),
        "spread": one.spread,
        "detectable_ratio": one.detectable,
        "values": one.values,
        "source": one.source,
        "reason": one.reason or None,
    }
