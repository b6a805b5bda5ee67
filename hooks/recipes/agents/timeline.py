"""The timeline of one run: its calls on lanes, coloured by what went on, and what its server said meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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


def timeline(over: Rows[Row], label: str) -> None:
    """The first run of the last row on a lane for each agent; ``facts.timeline`` says which row it is."""
    draft = over.draft
    for row in tuple(over)[-1:]:
        runs = draft.data.run_ids(row.where)
        spans = [span for run in runs[:1] for span in _spans(draft, run, calls_together(draft.data, run))]
        if spans:
            draft.flag(NAME, row.text(label))
            axes = Axes("agent", "time in the round", "what goes on")
            draft.figure(lanes(NAME, "The calls of one run, both agents at work", axes, spans))


def stream_timelines(over: Rows[Row], label: str, most: int = 3) -> None:
    """The first usable run of each of the last ``most`` rows, a figure for each, with a lane for each stream.

    ``facts.timeline_1`` says which row the first one is of.
    """
    draft = over.draft
    axes = Axes("stream", "time since the first request", "what goes on")
    for number, row in enumerate(tuple(over)[-most:], 1):
        for run in draft.data.run_ids(row.where)[:1]:
            spans = list(_spans(draft, run, calls_of_streams(draft.data, run, MOST)))
            if spans:
                draft.flag(f"{NAME}_{number}", row.text(label))
                draft.figure(lanes(f"{NAME}-{number}", "Requests of one run", axes, spans))
                _server_meanwhile(draft, run, f"{MEANWHILE}-{number}")


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
