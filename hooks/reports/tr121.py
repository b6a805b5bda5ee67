"""TR121: how does latency grow with size?

Laws are fitted to the eight shapes of the GPT-2 family, one point each, engine by engine and phase by phase. The
published models stand beside them and are in no fit: their weights are quantised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from harness.models import GPT2_SHAPES
from harness.units import MS, ONE, PERCENT, TOKENS, S

from ..content.scatter import LogAxes
from ..recipes.claims import FASTER, TIMES, claim
from ..recipes.columns import RUNS, column, metric, metrics
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, Rows, rows
from ..recipes.scaling import laws, over_sizes, phases
from ..recipes.tables import table
from ..values.evidence import Level
from ..values.questions import SettingAxis
from ..values.value import Value, constant

PREFILL, STEP, WHOLE = "prefill_latency", "kv_decode_latency", "e2e_kv"
PHASES = {STEP: "decode step", PREFILL: "prefill"}
AXES = LogAxes("shape", "parameters", "time", "engine")
FAMILY = tuple(GPT2_SHAPES)
HEADINGS = {"arm": "engine"}
SIZE, OUTPUT, NEW_SIZE = SettingAxis(key="n_params"), 32, 1e8
DEEP, WIDE, LARGEST = "gpt2-5m", "gpt2-25m", "gpt2-124m"
DEPTH = "decode step, twelve narrow layers over three wide ones"
DEMAND = constant(1e9, TOKENS, "tokens in a month") / constant(30 * 86_400.0, S, "thirty days")


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr121.md cites."""
    draft.flag("pilot", len(draft.data.dataset.recordings) < draft.study.sessions)
    tokens = draft.data.levels("max_tokens")
    kept: dict[str, Level] = {"threads": "all", "max_tokens": OUTPUT if OUTPUT in tokens else tokens[-1]}
    found = rows(draft, "model", "arm", kinds={"model": "setting"}, headings=HEADINGS).ended("ok")
    cells = replace(found, lines=tuple(Row({**row.where, **kept}, row.names) for row in found))
    shapes = cells.keep(lambda row: row.where["model"] in GPT2_SHAPES)
    once = replace(shapes, lines=tuple({row.where["model"]: row for row in shapes}.values()))
    limit = (once, "memory limit", _limit)
    over_sizes(draft, "decode", "Time of a decode step by size", AXES, _size, (shapes, "{arm}", _asked(STEP)), limit)
    over_sizes(draft, "prefill", "Time of prefill by size", AXES, _size, (shapes, "{arm}", _asked(PREFILL)))
    _laws(draft, kept)
    _depth(draft, kept)
    _roofline(shapes)
    caption, workers = "Every model with every engine", column("workers for the month", _workers)
    whole = metric(WHOLE, "whole answer")
    warm_up = column("first call over later ones", _warm_up)
    table(cells, "sizes", caption, metrics(**PHASES), whole, warm_up, metric("load_time", "load"), workers, RUNS)
    for factor in ("max_tokens", "threads"):
        others = (
            rows(draft, factor, "arm", kinds={factor: "setting"}, headings=HEADINGS)
            .per("model", (LARGEST,))
            .ended("ok")
        )
        caption = f"The largest shape by {factor.replace('_', ' ')}"
        table(others, factor, caption, metrics(**PHASES), whole, RUNS)
    draft.headline(*(name for name in draft.claims if name.startswith("growth-decode-step")), *draft.claims)


def _laws(draft: Draft, kept: dict[str, Level]) -> None:
    """The power law of each phase and engine, and which law tells a shape that it has not seen."""
    over = phases(draft, PHASES, "arm", kept, HEADINGS)
    table(over, "laws", "Laws over the shapes", laws(SIZE, {"model": FAMILY}, NEW_SIZE))
    sentence = (
        "With {arm} the time of one {phase} grows "
        "{power~1:faster than|more slowly than|neither faster nor more slowly than} the number of parameters: with its "
        "power {power} {power.interval}."
    )
    for row in over:
        power = draft.slope(row.metric, SIZE, {**row.where, "model": FAMILY})
        if power.number is not None:
            name = f"growth-{row.slug('phase', 'arm')}"
            claim(draft, name, sentence, {"power": power}, "power.high < 1", names=row.names)


def _depth(draft: Draft, kept: dict[str, Level]) -> None:
    """Many narrow layers against few wide ones with five times the parameters."""
    sentence = (
        f"With {{arm}} twelve narrow layers are {FASTER} three wide ones with five times the parameters: {TIMES}."
    )
    for row in phases(draft, {STEP: PHASES[STEP]}, "arm", kept, HEADINGS):
        deep, wide = (draft.ask(STEP, {**row.where, "model": model}) for model in (DEEP, WIDE))
        if None not in (deep.number, wide.number):
            said = {"ratio": deep / wide}, "ratio.low > 1"
            claim(draft, f"depth-{row.slug('arm')}", sentence, *said, meaning=DEPTH, names=row.names)


def _roofline(shapes: Rows[Row]) -> None:
    """What share of a decode step reading the weights would take at the rate of a copy."""
    share = column("weights over the copy's rate", lambda draft, row: _share(draft, row), PERCENT)
    weights = metric("weight_bytes", "weights")
    table(shapes, "roofline", "Decoding against memory", weights, metric(STEP, "decode step"), share)
    for row in shapes.at(model=LARGEST):
        name = f"bandwidth_{row.slug('arm').replace('-', '_')}"
        shapes.draft.finding(name, _share(shapes.draft, row), "reading the weights at the rate of a copy, over a step")


def _share(draft: Draft, row: Row) -> Value:
    return (_limit(draft, row) / draft.ask(STEP, row.where)).to(PERCENT)


def _limit(draft: Draft, row: Row) -> Value:
    """How long it takes to read all weights once, at the rate at which memory is copied."""
    weights = draft.ask("weight_bytes", {"model": row.where["model"]})
    return (weights / draft.ask("copy_bandwidth", {"threads": row.where["threads"]})).to(MS)


def _asked(metric_id: str) -> Callable[[Draft, Row], Value]:
    return lambda draft, row: draft.ask(metric_id, row.where)


def _size(draft: Draft, row: Row) -> Value:
    return draft.data.effective("n_params", {"model": row.where["model"]})


def _warm_up(draft: Draft, row: Row) -> Value:
    return draft.ask(WHOLE, row.where, phase="cold", divided_by="measured")


def _workers(draft: Draft, row: Row) -> Value:
    """Workers that answer one request after the other, for the demand of a month."""
    return (DEMAND / (draft.ask("server_output_tokens", row.where) / draft.ask(WHOLE, row.where))).to(ONE)
