"""TR120: when does torch.compile help, and when does it hurt?

Every way of compiling is set against eager execution with the same shapes, phase by phase. What was compiled, and
when, is told by the compiler's counters.
"""

from __future__ import annotations

from harness.units import MS

from ..content.blocks import Cell
from ..recipes.charts import chart
from ..recipes.claims import FASTER, TIMES, claim
from ..recipes.columns import column, count, metric, metrics
from ..recipes.contrasts import Effect, against_reference, ratio, ratio_and_finding
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, Rows, rows
from ..recipes.tables import table
from ..values.value import Value

EAGER, WHOLE = "none", "e2e_kv"
PHASES = {"prefill_latency": "prefill", "kv_decode_latency": "decode step", WHOLE: "whole answer"}
HEADINGS = {"compile": "way of compiling"}


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr120.md cites."""
    cells = rows(draft, "shapes", "compile", headings=HEADINGS)
    _evidence(cells)
    mean = metric(WHOLE, "whole answer, mean of a run", within="mean")
    table(cells, "phases", "Warm requests by shapes and way of compiling", metrics(**PHASES), mean)
    names = ("phase", "shapes", "compile")
    found = against_reference(draft, PHASES, "compile", "shapes", names, headings=HEADINGS)
    whole = found.keep(lambda one: one.metric == WHOLE)
    _against_eager(found, whole)
    _means(draft)
    table(
        cells,
        "tail",
        "Slow calls, and whether they compiled",
        metric("e2e_settled", "median call, nothing compiled"),
        metric("e2e_settled", "slowest call, nothing compiled", within="max"),
        metric("e2e_compiling", "slowest measured call that compiled", within="max"),
        metric("e2e_compiling", "first call of the run", phase="cold"),
    )
    _break_even(whole.named("shapes", "compile"))
    if draft.claims:
        draft.headline(*(name for name in draft.claims if name.startswith("whole-answer-default")), *draft.claims)


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
        count("compiled_graphs", "graphs per measured request, mean", within="mean"),
    )
    sentence = "With {compile} the compiler worked: {spent} {spent.interval} of compiling in a run."
    for row in _compiled(draft, "compile"):
        spent = draft.finding(f"compile_time_{row.slug('compile')}", draft.ask("compile_time", row.where))
        draft.claim(f"compiled-{row.slug('compile')}", sentence, {"spent": spent}, "spent.low > 0 s", row.names)


def _against_eager(found: Rows[Effect], whole: Rows[Effect]) -> None:
    """Each way of compiling against eager execution with the same shapes; claims and a chart of the whole answer."""
    draft = found.draft
    draft.flag("compared", bool(found))
    table(found, "against_eager", "Compiled against eager, in pairs of like runs", ratio_and_finding("time over eager"))
    sentence = f"With {{shapes}} shapes, {{compile}} makes a whole answer {FASTER} eager: {TIMES}."
    for one in whole:
        name = f"whole-answer-{one.slug('compile', 'shapes')}"
        claim(draft, name, sentence, {"ratio": one.contrast.ratio}, "ratio.high < 1", names=one.names)
    if whole:
        measure = ratio("whole answer, ratio to eager")
        chart(whole, "against_eager", "Whole answer, compiled over eager", measure, label="{compile}", group="shapes")


def _means(draft: Draft) -> None:
    """Where a median wins and a mean loses: the slowest calls decide, and the counters say what they did."""
    sentence = (
        f"Counting every measured call, {{compile}} with {{shapes}} shapes is {FASTER} eager in the mean: {TIMES}."
    )
    meaning = "mean whole answer of a run, compiled over eager"
    for row in _compiled(draft, "compile", "shapes"):
        eager = draft.ask(WHOLE, {**row.where, "compile": EAGER}, within="mean")
        ratio = draft.ask(WHOLE, row.where, within="mean") / eager
        name = f"mean-{row.slug('compile', 'shapes')}"
        claim(draft, name, sentence, {"ratio": ratio}, "ratio.high < 1", meaning=meaning, names=row.names)


def _compiled(draft: Draft, *factors: str) -> Rows[Row]:
    return rows(draft, *factors).keep(lambda row: row.where["compile"] != EAGER)


def _break_even(whole: Rows[Effect]) -> None:
    """Calls after which compiling has paid: its time over what one answer saves; none where nothing is saved."""

    def saved(draft: Draft, one: Effect) -> Value:
        return draft.ask(WHOLE, {**one.where, "compile": EAGER}) - draft.ask(WHOLE, one.where)

    def calls(draft: Draft, one: Effect) -> Cell:
        spent, gain = draft.ask("compile_time", one.where), saved(draft, one)
        if one.contrast.verdict != "effect" or spent.number is None:
            return "never: no answer is proven faster"
        if gain.interval is None or gain.interval.low <= 0:
            return "cannot be told: the saving may be nothing"
        name = f"break_even_{one.slug('compile')}_{one.slug('shapes')}"
        return draft.finding(name, spent.to(MS) / gain, "compile time over the time that one answer saves")

    caption, heading = "When compiling has paid", "answers until compiling has paid"
    columns = (column("saved per answer", saved, MS), column(heading, calls))
    table(whole, "break_even", caption, metrics(compile_time="compiling"), columns)
