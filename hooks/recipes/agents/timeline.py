"""The timeline of one run: the calls of its agents in the round in which they worked together."""

from __future__ import annotations

from collections.abc import Iterator

from ...analysis.moments import AgentCall, calls_together, moment
from ...content.charts import Axes, Point
from ...content.lanes import Span, lanes
from ...values.questions.moments import Stage
from ..report_builder import Draft
from ..rows import Row, Rows

NAME = "timeline"
STAGES: tuple[tuple[Stage, Stage, str], ...] = (
    ("sent", "prompt", "queue"),
    ("prompt", "first", "prompt"),
    ("first", "last", "tokens"),
)
"""What goes on between two moments of a call."""


def timeline(over: Rows[Row], label: str) -> None:
    """The first run of the last row on a lane for each agent; ``facts.timeline`` says which row it is."""
    draft = over.draft
    for row in tuple(over)[-1:]:
        runs = draft.data.run_ids(row.where)
        spans = [
            span for run in runs[:1] for call in calls_together(draft.data, run) for span in _spans(draft, run, call)
        ]
        if spans:
            draft.flag(NAME, row.text(label))
            axes = Axes("agent", "time in the round", "what goes on")
            draft.figure(lanes(NAME, "The calls of one run, both agents at work", axes, spans))


def _spans(draft: Draft, run: str, call: AgentCall) -> Iterator[Span]:
    for begin, end, what in STAGES:
        from_, to = (moment(draft.data, run, call.request, stage) for stage in (begin, end))
        yield Span(from_, Point(call.agent, to, what))
