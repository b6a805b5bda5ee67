"""`harness plan`: what a study can conclude, before anything is recorded."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Column, Table

from ..errors import UsageError
from ..execution.block import sessions as recorded
from ..execution.block_time import block_time
from ..execution.planning import Prospect, prospects
from ..stats.comparison.sessions import MOST_SESSIONS
from ..terminal import Terminal
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
    time, done = block_time(declared, data), len(recorded(declared, data))
    if as_json:
        options.print_json(
            {
                "study": declared.id,
                "sessions": count,
                "wanted": declared.sessions,
                "recorded": done,
                "minutes_per_session": time.minutes,
                "minutes_from": time.source,
                "minutes_limit": time.limit,
                "primaries": [_record(one) for one in found],
            }
        )
        return
    options.say(
        f"{declared.id}: sessions recorded {done}, wanted {declared.sessions or '–'}. "
        f"Time of one: {time.text}{f', as in {time.source}' if time.source else ''}."
    )
    if not found:
        options.say("It declares no primary contrast, so no conclusion over sessions is planned.")
        return
    Terminal().print(_table(found, count))
    for source in dict.fromkeys(one.reason or one.source for one in found):
        ids = [one.primary.id for one in found if source == (one.reason or one.source)]
        options.say(f"Spread{'' if len(ids) == len(found) else ' of ' + ', '.join(ids)}: {source}.")
    options.say(
        "Found: the smallest ratio that four of five such studies would find; equal within: the margin in which they "
        "would show equal levels to be equivalent. Both are corrected for the family and come from an upper bound of "
        "the spread."
    )


def _table(found: list[Prospect], count: int) -> Table:
    table = Table(
        Column("Primary", no_wrap=True),
        "Ratio",
        "Fewest sessions",
        f"Found with {count} (of interest)",
        "Sessions for that",
        f"Equal within, with {count} (margin)",
    )
    for one in found:
        primary = one.primary
        table.add_row(
            primary.id,
            f"{primary.metric}: {primary.factor} {primary.level} / {primary.reference}",
            str(one.fewest),
            f"{_ratio(one.detectable)} ({primary.smallest:.2f})",
            _for_that(one),
            f"{_ratio(one.margin)} ({primary.margin:.2f})",
        )
    return table


def _ratio(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.3f}"


def _for_that(one: Prospect) -> str:
    if one.spread is None:
        return "–"
    return f"over {MOST_SESSIONS}" if one.to_find is None else str(max(one.fewest, one.to_find))


def _record(one: Prospect) -> dict[str, object]:
    return {
        **one.primary.canonical(),
        "fewest_sessions": one.fewest,
        "spread": one.spread,
        "detectable_ratio": one.detectable,
        "sessions_to_find_smallest": one.to_find,
        "equivalence_margin": one.margin,
        "values": one.values,
        "source": one.source,
        "reason": one.reason or None,
    }
