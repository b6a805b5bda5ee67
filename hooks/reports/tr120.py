"""TR120: when does torch.compile help, and when does it hurt?

Every way of compiling is set against eager execution with the same shapes, phase by phase. What was compiled, and
when, is told by the compiler's counters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from harness.units import MS

from ..analysis.contrasts import Contrast, contrasts
from ..content.blocks import Cell, Column, Lit, Table
from ..content.charts import Axes, Point, intervals
from ..recipes.report_builder import Draft
from ..text.naming import slug
from ..values.selector import Level
from ..values.value import Value

EAGER = "none"
PHASES = {"prefill_latency": "prefill", "kv_decode_latency": "decode step", "e2e_kv": "whole answer"}
WHOLE = "e2e_kv"


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr120.md cites."""
    _evidence(draft)
    _phases(draft)
    found = dict(_contrasts(draft))
    _table(draft, found)
    _means(draft)
    _tail(draft)
    _break_even(draft, found)
    first = next((id_ for id_ in draft.content().claims if id_.startswith("whole-answer-default")), "")
    draft.facts["headline"] = first


def _ways(draft: Draft) -> tuple[Level, ...]:
    return tuple(level for level in draft.data.levels("compile") if level != EAGER)


def _cells(draft: Draft) -> Iterator[tuple[tuple[Cell, Cell], dict[str, Level]]]:
    for shapes, way in product(draft.data.levels("shapes"), draft.data.levels("compile")):
        named = Lit(str(shapes), "identifier"), Lit(str(way), "identifier")
        yield named, {"shapes": shapes, "compile": way}


def _evidence(draft: Draft) -> None:
    """What the compiler says it did, where it was asked to and where it was not."""
    data = draft.data
    body = tuple(
        (
            *named,
            data.value("compile_time", where),
            data.value("compiled_graphs", where, phase="cold"),
            data.value("compiled_graphs", where, phase="warmup"),
            data.value("compiled_graphs", where, within="mean"),
        )
        for named, where in _cells(draft)
    )
    unit = data.value("compile_time").unit
    columns = (
        Column("shapes"),
        Column("way of compiling"),
        Column("compiling, per run", unit, "interval"),
        Column("graphs in the first request"),
        Column("graphs in the warm-up request"),
        Column("graphs per measured request, mean"),
    )
    draft.table(Table("evidence", "What was compiled, and when", columns, body))
    for way in _ways(draft):
        spent = draft.finding(f"compile_time_{slug(way)}", data.value("compile_time", {"compile": way}))
        sentence = "With {%s|identifier} the compiler worked: {spent} {spent.interval} of compiling in a run."
        draft.claim(f"compiled-{slug(way)}", sentence % way, {"spent": spent}, "spent.low > 0 s")


def _phases(draft: Draft) -> None:
    data = draft.data
    body = tuple(
        (*named, *(data.value(metric, where) for metric in PHASES), data.value(WHOLE, where, within="mean"))
        for named, where in _cells(draft)
    )
    measured = (Column(heading, data.value(metric).unit, "interval") for metric, heading in PHASES.items())
    mean = Column("whole answer, mean of a run", data.value(WHOLE).unit, "interval")
    columns = (Column("shapes"), Column("way of compiling"), *measured, mean)
    draft.table(Table("phases", "Warm requests by shapes and way of compiling", columns, body))


def _contrasts(draft: Draft) -> Iterator[tuple[tuple[str, Level, Level], Contrast]]:
    """Each way of compiling against eager execution, by (metric, shapes, way)."""
    for metric, shapes in product(PHASES, draft.data.levels("shapes")):
        for contrast in contrasts(draft.data, metric, "compile", {"shapes": shapes}):
            if contrast.ratio.number is not None:
                yield (metric, shapes, contrast.level), contrast


def _table(draft: Draft, found: Mapping[tuple[str, Level, Level], Contrast]) -> None:
    body: list[tuple[Cell, ...]] = []
    points: list[Point] = []
    for (metric, shapes, way), contrast in found.items():
        named = Lit(str(shapes), "identifier"), Lit(str(way), "identifier")
        body.append((PHASES[metric], *named, contrast.ratio, contrast.verdict, contrast.detectable))
        if metric == WHOLE:
            points.append(Point(str(way), contrast.ratio, group=str(shapes)))
            _claim(draft, shapes, contrast)
    columns = (
        Column("phase"),
        Column("shapes"),
        Column("way of compiling"),
        Column("time over eager", form="interval"),
        Column("finding"),
        Column("smallest likely found"),
    )
    draft.facts["compared"] = bool(body)
    draft.table(Table("against_eager", "Compiled against eager, in pairs of like runs", columns, tuple(body)))
    if points:
        axes = Axes("way of compiling", "whole answer, ratio to eager", "", "shapes")
        draft.figure(
            intervals("against_eager", "Whole answer, compiled over eager", axes, points, zero=False, rule=1.0)
        )


def _claim(draft: Draft, shapes: Level, contrast: Contrast) -> None:
    name = f"whole-answer-{slug(contrast.level)}-{slug(shapes)}"
    ratio = draft.finding(name.replace("-", "_"), contrast.ratio)
    sentence = (
        "With {%s|identifier} shapes, {%s|identifier} makes a whole answer"
        " {ratio~1:slower than|faster than|indistinguishable from} eager: {ratio} the time {ratio.interval}."
    )
    draft.claim(name, sentence % (shapes, contrast.level), {"ratio": ratio}, "ratio.high < 1")


def _means(draft: Draft) -> None:
    """Where a median wins and a mean loses: the slowest calls decide, and the counters say what they did."""
    for way, shapes in product(_ways(draft), draft.data.levels("shapes")):
        eager, made = ({"shapes": shapes, "compile": level} for level in (EAGER, way))
        name = f"mean_{slug(way)}_{slug(shapes)}"
        ratio = draft.finding(
            name,
            draft.data.value(WHOLE, made, within="mean") / draft.data.value(WHOLE, eager, within="mean"),
            "mean whole answer of a run, compiled over eager",
        )
        graphs = draft.data.value("compiled_graphs", made, within="mean")
        sentence = (
            "Counting every measured call, {%s|identifier} with {%s|identifier} shapes is"
            " {ratio~1:slower than|faster than|indistinguishable from} eager in the mean: {ratio} the time"
            " {ratio.interval}, with {graphs} graphs compiled per call."
        )
        values = {"ratio": ratio, "graphs": graphs}
        draft.claim(name.replace("_", "-"), sentence % (way, shapes), values, "ratio.high < 1")


def _tail(draft: Draft) -> None:
    """The slowest measured call of a run beside its median, and whether a graph was compiled in such calls."""
    data = draft.data
    body = tuple(
        (
            *named,
            data.value("e2e_settled", where),
            data.value("e2e_settled", where, within="max"),
            data.value("e2e_compiling", where, within="max"),
            data.value("e2e_compiling", where, phase="cold"),
        )
        for named, where in _cells(draft)
    )
    unit = data.value(WHOLE).unit
    columns = (
        Column("shapes"),
        Column("way of compiling"),
        Column("median call, nothing compiled", unit, "interval"),
        Column("slowest call, nothing compiled", unit, "interval"),
        Column("slowest measured call that compiled", unit, "interval"),
        Column("first call of the run", unit, "interval"),
    )
    draft.table(Table("tail", "Slow calls, and whether they compiled", columns, body))


def _break_even(draft: Draft, found: Mapping[tuple[str, Level, Level], Contrast]) -> None:
    """Calls after which compiling has paid: its time over what one answer saves; none where nothing is saved."""
    body: list[tuple[Cell, ...]] = []
    for (metric, shapes, way), contrast in found.items():
        if metric != WHOLE:
            continue
        where: Mapping[str, Level] = {"shapes": shapes}
        spent = draft.data.value("compile_time", {**where, "compile": way})
        saved = draft.data.value(WHOLE, {**where, "compile": EAGER}) - draft.data.value(
            WHOLE, {**where, "compile": way}
        )
        body.append(
            (
                Lit(str(shapes), "identifier"),
                Lit(str(way), "identifier"),
                spent,
                saved,
                _calls(draft, f"break_even_{slug(way)}_{slug(shapes)}", spent, saved, contrast),
            )
        )
    columns = (
        Column("shapes"),
        Column("way of compiling"),
        Column("compiling", draft.data.value("compile_time").unit, "interval"),
        Column("saved per answer", MS, "interval"),
        Column("answers until compiling has paid", form="interval"),
    )
    draft.table(Table("break_even", "When compiling has paid", columns, tuple(body)))


def _calls(draft: Draft, name: str, spent: Value, saved: Value, contrast: Contrast) -> Cell:
    if contrast.verdict != "effect" or spent.number is None:
        return "never: no answer is proven faster"
    if saved.interval is None or saved.interval.low <= 0:
        return "cannot be told: the saving may be nothing"
    return draft.finding(name, spent.to(MS) / saved, "compile time over the time that one answer saves")
