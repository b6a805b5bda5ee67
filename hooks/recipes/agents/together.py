"""Two agents at once: what it gains against one after the other, what it costs each of them, and where it is lost.

The gain is judged against the same tasks alone in the same run. The overlap, which the earlier series called speed-up,
stands beside it: it divides durations *while* both ran by the wall time, and is near two however slow both became.
"""

from __future__ import annotations

from ...values.value import Value
from ..charts.intervals import chart
from ..claims import claim
from ..columns import RUNS, column, metric, metrics
from ..report_builder import Draft
from ..rows import Row, Rows
from ..tables import table
from .layers_note import note_layers
from .spelled import spelled

GAIN = "parallel_speedup"
AGENTS = 2.0
SOONER = "{gain~1:are done sooner than|are done later than|are not shown to be done sooner or later than}"
_SECONDS = "time until both tasks are done"


def gains(over: Rows[Row], *, label: str) -> None:
    """The hero chart and its table: both tasks one after the other, at once, and in half the time."""
    alone = metric("time_one_by_one", _SECONDS)
    ideal = column(_SECONDS, _half, alone.column.unit)
    shown = {"one after the other": alone, "at once": metric("wall_time_together", _SECONDS), "ideal": ideal}
    title = "Two tasks: one after the other, at once, and with nothing lost"
    chart(over, "wall", title, shown, label=label, series="work", mixed=True)
    gains_table(over)


def gains_table(over: Rows[Row]) -> None:
    """Both tasks one after the other and at once, and what that makes of tokens and tasks."""
    note_layers(over.draft)
    both = metrics(time_one_by_one="one after the other", wall_time_together="at once")
    rates = metrics(parallel_efficiency="parallel efficiency", overlap_ratio="overlap", aggregate_tps="all tokens")
    caption = "Two tasks, one after the other and at once"
    table(over, "gains", caption, both, metric(GAIN, "speed-up"), rates, metric("tasks_per_hour", "tasks"), RUNS)


def _half(draft: Draft, row: Row) -> Value:
    return draft.ask("time_one_by_one", row.where) / AGENTS


def claim_gain(draft: Draft, who: str) -> None:
    """Whether two agents (``who``) at once are sooner done than one after the other, over all runs."""
    said = f"{who} at once {SOONER} one after the other: {{gain}} as fast {{gain.interval}}."
    claim(draft, "gain", said, {"gain": draft.ask(GAIN)}, "gain.low > 1")


def claim_gains(over: Rows[Row], words: str, *names: str) -> None:
    """The same of each row. ``words`` say which, such as ``With {configuration}``; ``names`` tell claims apart."""
    sentence = f"{words} both tasks {SOONER} one after the other: {{gain}} as fast {{gain.interval}}."
    for row in over:
        values = {"gain": over.draft.ask(GAIN, row.where)}
        spoken = spelled(over.draft, row.names)
        claim(over.draft, f"gain-{row.slug(*names)}", sentence, values, "gain.low > 1", names=spoken)


def claim_overlap(draft: Draft) -> None:
    """That the overlap says nothing of speed: it is above the gain of the same runs."""
    sentence = (
        "The overlap is {overlap} {overlap.interval} and the speed-up {gain} {gain.interval}. The"
        " overlap is the larger: it counts what both tasks took while they slowed each other down."
    )
    values = {"overlap": draft.ask("overlap_ratio"), "gain": draft.ask(GAIN)}
    draft.claim("overlap-is-no-gain", sentence, values, "overlap.low > gain.high")


def costs(over: Rows[Row]) -> None:
    """What each agent waits, alone and together, and what of the efficiency is lost to what."""
    waits = metrics(ttft_alone="first token, alone", ttft_together="together", ttft_inflation="together ÷ alone")
    queues = metrics(queue_alone="in the queue, alone", queue_together="together")
    shares = metrics(contention="contention", contention_relative="relative contention")
    table(over, "waits", "What calls wait for their first token", waits, queues, shares)
    losses = metrics(
        overlap_efficiency="overlap efficiency",
        imbalance_loss="lost to imbalance",
        coordination_loss="lost to coordination",
        length_imbalance="imbalance of lengths",
        start_skew="start skew",
    )
    table(over, "losses", "Why tasks at once do not overlap wholly", losses)
    for name, said in (("overlap", "overlap_efficiency"), ("contention", "contention")):
        over.draft.finding(name, over.draft.ask(said))


def differences(over: Rows[Row]) -> None:
    """The first agent against the second, A − B by name."""
    shown = metrics(throughput_delta="throughput, A − B", ttft_delta="first token, A − B")
    table(over, "differences", "How the two agents differ", shown)
