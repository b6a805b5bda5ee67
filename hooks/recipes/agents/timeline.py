"""Timelines of single runs, of which a reader chooses one, and what a server said meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ...analysis.measurements import Measurements
from ...analysis.moments import LaneCall, calls_of_streams, calls_together, moment, reading, readings_while_measured
from ...content.charts import Axes, Point
from ...content.lanes import Span, lanes
from ...content.plane import Axis, Placed, plane
from ...values.questions.moments import Stage
from ..report_builder import Draft
from ..rows import Row, Rows

NAME, MEANWHILE = "timeline", "meanwhile"
MOST = 32
"""Calls on a timeline of streams, about."""
MOST_READINGS = 60
_COUNTED = {"server.requests_running": "running", "server.requests_waiting": "waiting"}
"""Quantities of a server that are drawn beside a timeline, and their words."""
_PROMPT_TOLD: tuple[tuple[Stage, Stage, str], ...] = (
    ("sent", "prompt", "queue"),
    ("prompt", "first", "prompt"),
    ("first", "last", "tokens"),
)
_PROMPT_UNTOLD: tuple[tuple[Stage, Stage, str], ...] = (
    ("sent", "first", "wait for the first token"),
    ("first", "last", "tokens"),
)
"""What goes on between two moments of a call, by whether its engine tells the time of the prompt."""


def timeline(over: Rows[Row], label: str, most: int = 4) -> None:
    """The first run of up to ``most`` rows, spread over all, a figure for each, with a lane for each agent.

    ``facts.timeline_1`` says which row the first one is of.
    """
    axes = Axes("agent", "time in the round", "what goes on")
    title = "The calls of one run, both agents at work"
    _timelines(over.draft, spread(tuple(over), most), label, title, axes, calls_together)


def stream_timelines(over: Rows[Row], label: str, most: int = 3) -> None:
    """The first usable run of each of the last ``most`` rows, a figure for each, with a lane for each stream.

    ``facts.timeline_1`` says which row the first one is of.
    """
    axes = Axes("stream", "time since the first request", "what goes on")
    _timelines(over.draft, tuple(over)[-most:], label, "Requests of one run", axes, _some_of_streams)


def spread(rows: Sequence[Row], most: int) -> list[Row]:
    """At most so many rows: the first, the last where there are two, and others at even distances."""
    if len(rows) <= most:
        return list(rows)
    return [rows[round(place * (len(rows) - 1) / max(1, most - 1))] for place in range(most)]


def _timelines(
    draft: Draft,
    rows: Sequence[Row],
    label: str,
    title: str,
    axes: Axes,
    calls_of: Callable[[Measurements, str], Sequence[LaneCall]],
) -> None:
    for number, row in enumerate(rows, 1):
        for run in draft.data.run_ids(row.where)[:1]:
            spans = list(_spans(draft, run, calls_of(draft.data, run)))
            if spans:
                draft.flag(f"{NAME}_{number}", row.text(label))
                draft.figure(lanes(f"{NAME}-{number}", title, axes, spans))
                _server_meanwhile(draft, run, f"{MEANWHILE}-{number}")


def _some_of_streams(data: Measurements, run: str) -> Sequence[LaneCall]:
    return calls_of_streams(data, run, MOST)


def _server_meanwhile(draft: Draft, run: str, name: str) -> None:
    """How many requests the server said it had, over the same time; nothing where it told fewer than three times."""
    points = [
        Placed(
            Point(said, reading(draft.data, run, quantity, at, "value"), said),
            reading(draft.data, run, quantity, at, "at"),
            ink,
            named=at == found[-1],
        )
        for ink, (quantity, said) in enumerate(_COUNTED.items(), 1)
        if len(found := readings_while_measured(draft.data, run, quantity, MOST_READINGS)) > 2
        for at in found
    ]
    if points:
        axes = Axis("time since the first request"), Axis("requests at the server, as it says")
        draft.figure(plane(name, "What the server said meanwhile", "reading", *axes, points, joined=True))


def _spans(draft: Draft, run: str, calls: Sequence[LaneCall]) -> Iterator[Span]:
    for call in calls:
        told = moment(draft.data, run, call.request, "prompt").number is not None
        for begin, end, what in _PROMPT_TOLD if told else _PROMPT_UNTOLD:
            from_, to = (moment(draft.data, run, call.request, stage) for stage in (begin, end))
            yield Span(from_, Point(call.lane, to, what))
