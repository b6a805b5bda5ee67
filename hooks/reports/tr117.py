"""TR117: which backend?

A *row* is an arm at a precision in a scenario. Times that a client takes are compared across all rows; the engines'
own phases only among engines that run in the worker's process, whose clocks and boundaries are one code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.units import PERCENT

from ..analysis.accuracy_gate import PASSES, Judged, judged
from ..analysis.contrasts import Contrast, contrasts
from ..content.blocks import Cell, Column, Lit, Table
from ..content.charts import Axes, Point, intervals
from ..recipes.report_builder import Draft
from ..text.naming import slug
from ..values.selector import Level
from ..values.value import Value

EAGER = "transformers-cpu"
PREFILL, GENERATE = "ttft", "e2e_latency"
DUAL = {"dual_short": "short", "dual_medium": "medium"}


@dataclass(frozen=True, slots=True)
class Row:
    """An arm at a precision."""

    arm: str
    precision: str

    @property
    def label(self) -> str:
        return f"{self.arm} {self.precision}"

    @property
    def id(self) -> str:
        return slug(self.label)

    def where(self, scenario: Level | None = None) -> dict[str, Level]:
        found: dict[str, Level] = {"arm": self.arm, "precision": self.precision}
        return found if scenario is None else {**found, "scenario": scenario}

    @property
    def cells(self) -> tuple[Cell, Cell]:
        return Lit(self.arm, "identifier"), Lit(self.precision, "setting")


BASELINE = Row(EAGER, "fp32")


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr117.md cites."""
    rows = tuple(_rows(draft))
    ran = tuple(row for row in rows if draft.data.count("runs", row.where(), outcome="ok").number)
    _outcomes(draft, rows)
    gates = _accuracy(draft, ran)
    _times(draft, ran)
    _phases(draft, ran)
    _against_eager(draft)
    _settled(draft)
    _dual(draft, ran)
    _uncompiled(draft)
    _builds(draft, ran)
    _verdicts(draft, tuple(row for row in ran if gates[row].verdict == PASSES))
    draft.facts["headline"] = next((id_ for id_ in ("compile-prefill", "compile-decode") if id_ in _claimed(draft)), "")


def _claimed(draft: Draft) -> Mapping[str, object]:
    return draft.content().claims


def _rows(draft: Draft) -> Iterator[Row]:
    for arm in draft.data.levels("arm"):
        for precision in draft.data.levels("precision"):
            row = Row(str(arm), str(precision))
            if draft.data.count("runs", row.where()).number:
                yield row


def _scenarios(draft: Draft) -> tuple[Level, ...]:
    return draft.data.levels("scenario")


def _outcomes(draft: Draft, rows: tuple[Row, ...]) -> None:
    """How the runs of each row ended, and why those that did not end well."""
    data, found = draft.data, []
    for row in rows:
        kept = {**row.where()}
        for outcome, code in sorted(data.outcomes(), key=lambda pair: (pair[0] != "ok", pair[0], pair[1] or "")):
            count = data.count("runs", kept, outcome=outcome, code=code)
            if count.number and (code is None or data.count("runs", kept, code=code).number):
                found.append((*row.cells, outcome, (code or "—").replace("_", " "), count))
    columns = tuple(map(Column, ("arm", "precision", "outcome", "reason", "runs")))
    draft.table(Table("arms_outcomes", "How the runs of each arm ended", columns, tuple(found)))


def _accuracy(draft: Draft, ran: tuple[Row, ...]) -> dict[Row, Judged]:
    """The gate of each row; accuracy does not depend on the scenario, so the scored runs are pooled."""
    found = {row: judged(draft.data, draft.study, row.where(), BASELINE.where(), row.precision) for row in ran}
    columns = (
        Column("arm"),
        Column("precision"),
        Column("perplexity"),
        Column("over the full-precision baseline's", form="text"),
        Column("likeliest tokens in common", PERCENT),
        Column("gate"),
    )
    body = tuple((*row.cells, gate.perplexity, gate.ratio, gate.agreement, gate.verdict) for row, gate in found.items())
    draft.table(Table("accuracy", "Accuracy of each arm", columns, body))
    draft.facts["failing"] = [row.label for row, gate in found.items() if gate.verdict != PASSES]
    return found


def _times(draft: Draft, ran: tuple[Row, ...]) -> None:
    """Client times by scenario: the median over runs and the mean, both with intervals."""
    data, body = draft.data, []
    waits: list[Point] = []
    totals: list[Point] = []
    for scenario in _scenarios(draft):
        for row in ran:
            where = row.where(scenario)
            wait, total = data.value(PREFILL, where), data.value(GENERATE, where)
            mean = data.value(GENERATE, where, across="mean")
            speed = data.value("decode_tps", where)
            body.append(
                (Lit(str(scenario), "identifier"), *row.cells, wait, total, mean, speed, data.count("runs", where))
            )
            waits.append(Point(row.label, wait, group=str(scenario)))
            totals.append(Point(row.label, total, group=str(scenario)))
    unit, speed_unit = data.value(PREFILL).unit, data.value("decode_tps").unit
    columns = (
        Column("scenario"),
        Column("arm"),
        Column("precision"),
        Column("first token", unit, "interval"),
        Column("whole answer, median", unit, "interval"),
        Column("whole answer, mean", unit, "interval"),
        Column("decode", speed_unit, "interval"),
        Column("runs"),
    )
    draft.table(Table("times", "What a client waits, by scenario and arm", columns, tuple(body)))
    axes = Axes("arm", "time to first token", "", "scenario")
    draft.figure(intervals("first_token", "Time to first token by arm", axes, waits))
    axes = Axes("arm", "whole answer", "", "scenario")
    draft.figure(intervals("answer", "Time to the whole answer by arm", axes, totals))


def _phases(draft: Draft, ran: tuple[Row, ...]) -> None:
    data = draft.data
    within = tuple(row for row in ran if row.arm.startswith("transformers") or row.arm in ("onnxruntime", "tensorrt"))
    body = tuple(
        (
            Lit(str(scenario), "identifier"),
            *row.cells,
            *(data.value(metric, row.where(scenario)) for metric in ("prefill_latency", "kv_decode_latency", "e2e_kv")),
        )
        for scenario in _scenarios(draft)
        for row in within
    )
    unit = data.value("prefill_latency").unit
    columns = (
        Column("scenario"),
        Column("arm"),
        Column("precision"),
        Column("prefill", unit, "interval"),
        Column("one decode step", unit, "interval"),
        Column("prefill and decode", unit, "interval"),
    )
    draft.table(Table("phases", "Phases of the engines that run in the worker's process", columns, body))


def _against_eager(draft: Draft) -> None:
    """Each arm at full precision against eager PyTorch, in pairs of runs of one block."""
    words = {"prefill_latency": "prefill", "kv_decode_latency": "decode step"}
    body: list[tuple[Cell, ...]] = []
    for metric, phase in words.items():
        for scenario in _scenarios(draft):
            where: Mapping[str, Level] = {"precision": "fp32", "scenario": scenario}
            for contrast in contrasts(draft.data, metric, "arm", where):
                if contrast.ratio.number is None:
                    continue
                setting = Lit(str(scenario), "identifier"), phase, Lit(str(contrast.level), "identifier")
                body.append((*setting, contrast.ratio, contrast.verdict, contrast.detectable))
                if scenario == "short":
                    _claim(draft, phase, contrast)
    columns = (
        Column("scenario"),
        Column("phase"),
        Column("arm"),
        Column("time over eager PyTorch's", form="interval"),
        Column("finding"),
        Column("smallest likely found"),
    )
    draft.table(
        Table("against_eager", "Full precision against eager PyTorch on the same processor", columns, tuple(body))
    )


def _claim(draft: Draft, phase: str, contrast: Contrast) -> None:
    """Whether the arm is faster than eager PyTorch in a phase of the short scenario."""
    arm = str(contrast.level)
    doing = "prefill" if phase == "prefill" else "decoding"
    short = "compile" if arm == f"{EAGER}-compile" else slug(arm)
    claim_id = f"{short}-{phase.split()[0]}"
    ratio = draft.finding(claim_id.replace("-", "_"), contrast.ratio)
    sentence = (
        "In the short scenario {%s|identifier} is {ratio~1:slower than|faster than|indistinguishable from} eager"
        f" PyTorch on the same processor in {doing}: it takes {{ratio}} the time {{ratio.interval}}."
    )
    draft.claim(claim_id, sentence % arm, {"ratio": ratio}, "ratio.high < 1")


def _settled(draft: Draft) -> None:
    """Compiled against eager in the calls during which nothing was compiled: what the counters leave of a slow mean."""
    where = [Row(arm, "fp32").where("short") for arm in (f"{EAGER}-compile", EAGER)]
    compiled, eager = (draft.data.value("e2e_settled", levels) for levels in where)
    if compiled.number is None or eager.number is None:
        return
    meaning = "prefill and decode of calls that compiled nothing, compiled over eager"
    ratio = draft.finding("compile_settled", compiled / eager, meaning)
    graphs = draft.data.value("compiled_graphs", where[0], within="mean")
    sentence = (
        "In the short scenario {%s|identifier} still compiles {graphs} graphs per measured call; the calls that compile"
        " nothing are {ratio~1:slower than|faster than|indistinguishable from} eager PyTorch's: {ratio} the time"
        " {ratio.interval}."
    )
    draft.claim("compile-settled", sentence % f"{EAGER}-compile", {"ratio": ratio, "graphs": graphs}, "ratio.high < 1")


def _dual(draft: Draft, ran: tuple[Row, ...]) -> None:
    """Two streams at once: how much more the engine gets done than with one, and not how much overlaps."""
    data, body = draft.data, []
    for dual, single in DUAL.items():
        if dual not in _scenarios(draft) or single not in _scenarios(draft):
            continue
        for row in ran:
            one, two = data.value(GENERATE, row.where(single)), data.value(GENERATE, row.where(dual))
            if one.number is None or two.number is None:
                continue
            gain = draft.finding(
                f"dual_{slug(dual)}_{row.id}",
                one / two * 2.0,
                "answers per second with two streams over those with one",
            )
            body.append((Lit(dual, "identifier"), *row.cells, one, two, gain))
    unit = data.value(GENERATE).unit
    columns = (
        Column("scenario"),
        Column("arm"),
        Column("precision"),
        Column("whole answer, one stream", unit, "interval"),
        Column("two streams at once", unit, "interval"),
        Column("throughput of two over one", form="interval"),
    )
    draft.facts["dual"] = bool(body)
    draft.table(Table("dual", "Two streams at once", columns, tuple(body)))


def _uncompiled(draft: Draft) -> None:
    """What two streams at once leave of a label that promises compiled code."""
    where = Row(f"{EAGER}-compile", "fp32").where("dual_short")
    passes = draft.data.value("eager_passes", where, within="mean", across="mean")
    draft.facts["falls_back"] = bool(passes.number)
    if passes.number:
        draft.finding("dual_uncompiled", passes)


def _builds(draft: Draft, ran: tuple[Row, ...]) -> None:
    data = draft.data
    metrics = ("load_time", "compile_time", "export_time")
    counted = {
        "compiled_graphs": "graphs per measured request, mean",
        "eager_passes": "passes per measured request that ran uncompiled, mean",
    }
    body = tuple(
        (
            *row.cells,
            *(data.value(metric, row.where()) for metric in metrics),
            *(data.value(metric, row.where(), within="mean", across="mean") for metric in counted),
        )
        for row in ran
    )
    measured = (
        Column(heading, data.value(metric).unit, "interval")
        for metric, heading in zip(metrics, ("load", "compiling, in a run", "export, once"), strict=True)
    )
    draft.table(
        Table(
            "builds",
            "Before the first token: loading, compiling, exporting",
            (Column("arm"), Column("precision"), *measured, *map(Column, counted.values())),
            body,
        )
    )


def _verdicts(draft: Draft, passed: tuple[Row, ...]) -> None:
    """Prefill and generation ranked apart, in each scenario, among the rows that pass the gate."""
    kinds: dict[str, tuple[str, str]] = {
        "prefill": (PREFILL, "the first token"),
        "generate": (GENERATE, "the whole answer"),
    }
    for scenario in _scenarios(draft):
        for kind, (metric, what) in kinds.items():
            values: dict[str, Value] = {row.label: draft.data.value(metric, row.where(scenario)) for row in passed}
            present = {label: value for label, value in values.items() if value.number is not None}
            if len(present) > 1:
                draft.ranking(
                    f"best-{kind}-{slug(scenario)}",
                    f"{what} in the scenario {str(scenario).replace('_', ' ')}",
                    present,
                    higher_is_better=False,
                )
