"""TR121: how does latency grow with size?

Laws are fitted to the eight shapes of the GPT-2 family, one point each, engine by engine and phase by phase. The
published models stand beside them and are in no fit: their weights are quantised.
"""

from __future__ import annotations

from dataclasses import replace

from harness.models import GPT2_SHAPES
from harness.units import MS, ONE, PERCENT, TOK_PER_S, TOKENS, S

from ..content.scatter import LogAxes
from ..recipes.charts.over_sizes import over_sizes
from ..recipes.claims import FASTER, TIMES, claim
from ..recipes.columns import RUNS, column, metric, metrics
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, rows
from ..recipes.scaling import laws, phases
from ..recipes.tables import table
from ..values.evidence import Level
from ..values.questions import SettingAxis
from ..values.value import Value, constant

PREFILL, STEP, WHOLE = "prefill_latency", "decode_step", "e2e_kv"
PHASES = {STEP: "decode step", PREFILL: "prefill"}
AXES = LogAxes("shape", "parameters", "time", "engine")
FAMILY, LARGEST, HEADINGS = tuple(GPT2_SHAPES), "gpt2-124m", {"arm": "engine"}
SIZE, OUTPUT, NEW_SIZE = SettingAxis(key="n_params"), 32, 1e8
DEEP, WIDE, DEPTH = "gpt2-5m", "gpt2-25m", "decode step, twelve narrow layers over three wide ones"
DEMAND = constant(1e9, TOKENS, "tokens in a month") / constant(30 * 86_400.0, S, "thirty days")


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr121.md cites."""
    tokens = draft.data.levels("max_tokens")
    kept: dict[str, Level] = {"threads": "all", "max_tokens": OUTPUT if OUTPUT in tokens else tokens[-1]}
    found = rows(draft, "model", "arm", kinds={"model": "setting"}, headings=HEADINGS).ended("ok")
    cells = replace(found, lines=tuple(Row({**row.where, **kept}, row.names) for row in found))
    shapes = cells.keep(lambda row: row.where["model"] in GPT2_SHAPES)
    once = replace(shapes, lines=tuple({row.where["model"]: row for row in shapes}.values()))
    limit = (once, "memory limit", _limit)
    over_sizes(draft, "decode", "Time of a decode step by size", AXES, _size, (shapes, "{arm}", _step), limit)
    over_sizes(draft, "prefill", "Time of prefill by size", AXES, _size, (shapes, "{arm}", _prefill))
    _laws(draft, kept)
    _depth(draft, kept)
    for rate in ("read_bandwidth", "copy_bandwidth"):
        draft.finding(rate, draft.ask(rate, {"threads": kept["threads"]}))
    weights, step = metric("weight_bytes", "weights"), metric(STEP, "decode step")
    table(shapes, "roofline", "Decoding against memory", weights, step, column("explained by memory", _share, PERCENT))
    whole, workers = metric(WHOLE, "whole answer"), column("workers for the month", _workers)
    first = column("first call over later ones", _warm_up)
    columns = (metrics(**PHASES), whole, first, metric("load_time", "load"), workers, RUNS)
    table(cells, "sizes", "Every model with every engine", *columns)
    for factor in ("max_tokens", "threads"):
        others = rows(draft, factor, "arm", kinds={factor: "setting"}, headings=HEADINGS)
        largest, words = others.per("model", (LARGEST,)).ended("ok"), draft.study.heading(factor)
        table(largest, factor, f"The largest shape by {words}", metrics(**PHASES), whole, RUNS)
    if draft.claims:
        draft.headline(*(name for name in draft.claims if name.startswith("growth-decode-step")), *draft.claims)


def _laws(draft: Draft, kept: dict[str, Level]) -> None:
    """The power law of each phase and engine, and which law tells a shape that it has not seen."""
    over = phases(draft, {**PHASES, WHOLE: "whole answer"}, "arm", kept, HEADINGS)
    table(over, "laws", "Laws over the shapes", laws(SIZE, {"model": FAMILY}, NEW_SIZE))
    sentence = (
        "With {arm} the time of one {phase} grows {power~1:more than|less than|in a way not shown to differ from "
        "being} in proportion to the number of parameters: as its power {power} {power.interval}."
    )
    for row in over.keep(lambda one: one.metric in PHASES):
        power = draft.slope(row.metric, SIZE, {**row.where, "model": FAMILY})
        if power.number is not None:
            name = f"growth-{row.slug('phase', 'arm')}"
            claim(draft, name, sentence, {"power": power}, "power.high < 1", names=row.names)


def _depth(draft: Draft, kept: dict[str, Level]) -> None:
    """Many narrow layers against few wide ones with five times the parameters."""
    deep, wide = f"{{{DEEP}|setting}}", f"{{{WIDE}|setting}}"
    sentence = f"With {{arm}} the twelve narrow layers of {deep} are {FASTER} the three wide ones of {wide}: {TIMES}."
    for row in phases(draft, {STEP: PHASES[STEP]}, "arm", kept, HEADINGS):
        ratio = draft.ask(STEP, {**row.where, "model": DEEP}) / draft.ask(STEP, {**row.where, "model": WIDE})
        if ratio.number is not None:
            values, name = {"ratio": ratio}, f"depth-{row.slug('arm')}"
            claim(draft, name, sentence, values, "ratio.low > 1", meaning=DEPTH, names=row.names)


def _step(draft: Draft, row: Row) -> Value:
    return draft.ask(STEP, row.where)


def _prefill(draft: Draft, row: Row) -> Value:
    return draft.ask(PREFILL, row.where)


def _size(draft: Draft, row: Row) -> Value:
    return draft.data.effective("n_params", {"model": row.where["model"]})


def _limit(draft: Draft, row: Row) -> Value:
    """How long it takes to read all weights once, at the rate at which memory is read."""
    weights = draft.ask("weight_bytes", {"model": row.where["model"]})
    return (weights / draft.ask("read_bandwidth", {"threads": row.where["threads"]})).to(MS)


def _share(draft: Draft, row: Row) -> Value:
    return (_limit(draft, row) / _step(draft, row)).to(PERCENT)


def _warm_up(draft: Draft, row: Row) -> Value:
    return draft.ask(WHOLE, row.where, phase="cold", divided_by="measured")


def _workers(draft: Draft, row: Row) -> Value:
    """Workers that answer one request after the other, for the demand of a month."""
    rate = (draft.ask("server_output_tokens", row.where) / draft.ask(WHOLE, row.where)).to(TOK_PER_S)
    return (DEMAND / rate).to(ONE)
