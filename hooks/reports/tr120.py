"""TR120: when does torch.compile help, and when does it hurt?

Every way of compiling is set against eager execution with the same shapes, phase by phase. What was compiled, and
when, is told by the compiler's counters.
"""

from __future__ import annotations

from ..recipes.charts.heroes import HERO, Look, paying_off
from ..recipes.charts.intervals import chart
from ..recipes.claims import FASTER, TIMES, claim_effect
from ..recipes.columns import count, metric, metrics
from ..recipes.contrasts import Effect, against_reference, ratio, ratio_and_finding
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, Rows, rows
from ..recipes.stalls import measured_calls, stalls, until_paid, when_paid
from ..recipes.tables import table

EAGER, WHOLE = "none", "e2e_kv"
PHASES = {"prefill_latency": "prefill", "settled_decode_step": "settled decode step", WHOLE: "whole answer"}
HEADINGS = {"compile": "torch.compile mode"}
ANSWERS = 6000.0
"""How far the course of a way of compiling is drawn."""


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr120.md cites."""
    cells = rows(draft, "shapes", "compile", headings=HEADINGS)
    _evidence(cells)
    mean = metric(WHOLE, "whole answer, mean of a run", within="mean")
    table(cells, "phases", "Warm requests by shapes and torch.compile mode", metrics(**PHASES), mean)
    names = ("phase", "shapes", "compile")
    found = against_reference(draft, PHASES, "compile", "shapes", names, headings=HEADINGS)
    whole = found.keep(lambda one: one.metric == WHOLE)
    _against_eager(found, whole)
    _means(draft)
    slowest = metric("e2e_settled", "slowest call, nothing compiled", within="max", across="max")
    first = metric("e2e_compiling", "first call of the run", phase="cold")
    table(cells, "tail", "Calls that compiling stalled, and the others", stalls(), slowest, first)
    caption, paid = "When compiling has paid", "answers until compiling has paid"
    when_paid(whole.named("compile", "shapes"), "break_even", caption, "compile_time", "compiling", paid)
    _paid(whole)
    look = Look("{compile}, {shapes}", "compile", "torch.compile mode and shapes", {"default": 2, "dynamic": 1})
    title, ahead = "Time against eager by number of answers, where shapes repeat", "ahead of eager"
    repeating = whole.keep(lambda row: row.where["shapes"] != "natural")
    paying_off(repeating.named("compile", "shapes"), HERO, title, "compile_time", "answers", ahead, ANSWERS, look)
    if draft.claims:
        draft.headline("paid-dynamic-padded", *draft.claims)


def _evidence(cells: Rows[Row]) -> None:
    """What the compiler says it did, where it was asked to and where it was not."""
    draft = cells.draft
    table(
        cells,
        "evidence",
        "What was compiled, and when",
        metric("compile_time", "compiling, per run"),
        count("compiled_graphs", "graphs in the first request", phase="cold"),
        count("compiled_graphs", "graphs in the warm-up request", phase="warmup"),
        count("compiled_graphs", "graphs per measured request, mean", within="mean", across="mean"),
    )
    sentence = (
        "With torch.compile in {compile} mode the compiler worked: {spent} {spent.interval} of compiling in a run."
    )
    for row in _compiled(draft, "compile"):
        spent = draft.finding(f"compile_time_{row.slug('compile')}", draft.ask("compile_time", row.where))
        draft.claim(f"compiled-{row.slug('compile')}", sentence, {"spent": spent}, "spent.low > 0 s", row.names)


def _against_eager(found: Rows[Effect], whole: Rows[Effect]) -> None:
    """Each way of compiling against eager execution with the same shapes; claims and a chart of the whole answer."""
    draft = found.draft
    draft.flag("compared", bool(found))
    table(found, "against_eager", "Compiled against eager, in pairs of like runs", ratio_and_finding("time over eager"))
    sentence = (
        f"With {{shapes}} shapes, the median answer with torch.compile in {{compile}} mode is {FASTER} eager: {TIMES}."
    )
    for one in whole:
        claim_effect(draft, f"whole-answer-{one.slug('compile', 'shapes')}", sentence, one.contrast, names=one.names)
    if whole:
        measure = ratio("whole answer, ratio to eager")
        chart(
            whole, "against_eager", "Whole answer, compiled over eager", measure, label="{compile} mode", group="shapes"
        )


def _paid(whole: Rows[Effect]) -> None:
    """After how many answers each way of compiling has paid, where that is told."""
    sentence = (
        "torch.compile in {compile} mode with {shapes} shapes {paid~4000:pays after more|pays after fewer|is not shown "
        "to pay after more or fewer} than {4,000|threshold} answers: after {paid} {paid.interval}."
    )
    for row in whole:
        paid, _ = until_paid(whole.draft, row, "compile_time")
        said = sentence if paid.interval else sentence.replace(" {paid.interval}", "")
        name = f"paid-{row.slug('compile', 'shapes')}"
        whole.draft.claim(name, said, {"paid": paid}, "paid.high < 4000", row.names)


def _means(draft: Draft) -> None:
    """Where a median wins and a mean loses: a mean is that of so many calls, and the counters say how many stalled."""
    sentence = f"torch.compile in {{compile}} mode with {{shapes}} shapes is {FASTER} eager: {TIMES}."
    for one in against_reference(draft, {WHOLE: "mean of a run"}, "compile", "shapes", ("compile",), within="mean"):
        names = {**one.names, "calls": measured_calls(draft, one.where)}
        values = {"stalls": draft.ask("compile_stalls", one.where, within="sum")}
        of, stalled = ("none", "stalls.high < 1") if values["stalls"].number == 0 else ("{stalls}", "stalls.low > 0")
        said = f"In the mean of the {{calls}} calls of a run, {of} of them stalled by compiling, {sentence}"
        predicate, name = f"{stalled} and ratio.high < 1", f"mean-{one.slug('compile', 'shapes')}"
        claim_effect(draft, name, said, one.contrast, predicate, values=values, names=names)


def _compiled(draft: Draft, *factors: str) -> Rows[Row]:
    return rows(draft, *factors).keep(lambda row: row.where["compile"] != EAGER)
