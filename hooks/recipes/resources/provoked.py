"""What was provoked on purpose: telemetry by turns, a load that competes, the end of the context, a limit of memory."""

from __future__ import annotations

from ...claims.evaluate import State, bounds_of, decide
from ...claims.predicate import parse
from ..claims import claim
from ..columns import RUNS, AskedColumn, column, metric, metrics
from ..report_builder import Draft
from ..rows import Row, Rows
from ..tables import outcomes, table

FOREIGN = "foreign_cpu"
TELEMETRY = {
    "telemetry": ("telemetry_overhead", "the time of a decode step"),
    "telemetry-cpu": ("telemetry_cpu", "a processor"),
}
"""What telemetry may cost, by claim: the metric of it and what it is a share of."""
CHEAP = "overhead.low > -1 % and overhead.high < 1 %"


def telemetry(draft: Draft, change: str) -> None:
    """Claims ``telemetry`` and ``telemetry-cpu`` that it costs nothing that matters."""
    for name, (metric_id, whole) in TELEMETRY.items():
        overhead = draft.ask(metric_id, {"change": change})
        if overhead.number is not None:
            state = decide(parse(CHEAP), {"overhead": bounds_of(overhead)})
            stays = "is not shown to stay" if state is State.INCONCLUSIVE else "stays"
            sentence = (
                f"Telemetry, polled four times as often as elsewhere, {stays} within {{1 %|threshold}} of"
                f" {whole}: it takes {{overhead}} {{overhead.interval}}."
            )
            claim(draft, name, sentence, {"overhead": overhead}, CHEAP)


def competitor(runs: Rows[Row], change: str) -> None:
    """A table ``others`` of what others took, and a claim ``competitor-noticed`` that the meters saw the load."""
    draft = runs.draft
    taken = metrics(foreign_cpu="other programs", stolen_cpu="the hypervisor")
    table(runs, "others", "What others took of the machine", taken, metric("decode_step", "decode step"), RUNS)
    foreign = draft.ask(FOREIGN, {"change": change})
    if foreign.number is not None:
        sentence = (
            "While another program competed, others were seen to use {foreign} {foreign.interval} of a processor, more "
            "than the {10 %|threshold} at which a run is flagged."
        )
        claim(draft, "competitor-noticed", sentence, {"foreign": foreign}, "foreign.low > 10 %")


def limits(ends: Rows[Row], limited: Rows[Row]) -> None:
    """How requests end that do not fit their context (table ``ends``), and runs that may not have the memory
    (``limits``)."""

    def requests(heading: str, outcome: str, code: str | None = None) -> AskedColumn[Row]:
        return column(heading, lambda draft, row: draft.data.count("requests", row.where, outcome=outcome, code=code))

    columns = (
        requests("answered in full", "ok"),
        requests("cut short", "degraded", "context_full"),
        requests("beginning forgotten", "degraded", "context_shifted"),
        requests("refused", "failed", "context_full"),
    )
    table(ends, "ends", "Requests at the end of the context", columns)
    outcomes(limited, "limits", "Runs under a limit of memory")
