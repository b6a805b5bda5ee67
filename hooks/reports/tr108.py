"""TR108: which settings matter for one request?

An *arm* is a model with a number of threads: the two factors that are known to matter, so that pooled runs are
alike in both. Everything else is compared in pairs of runs that share all other settings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from ..analysis.contrasts import Contrast, contrasts, merged, proof, varied
from ..content.blocks import Cell, Column, Lit, Table
from ..content.charts import Axes, Point, intervals
from ..recipes.report_builder import Draft
from ..text.naming import level_text, slug
from ..values.selector import Level
from ..values.value import Value

METRICS = {
    "ttft": "first token",
    "tpot": "per token",
    "decode_tps": "decode, client",
    "server_decode_tps": "decode, engine",
}
SPEED, WAIT = "decode_tps", "ttft"


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr108.md cites."""
    alike = _no_effect(draft)
    _arms_table(draft)
    _starts(draft)
    _settings(draft)
    _threads(draft)
    _best(draft, alike)
    _client(draft)
    draft.facts["headline"] = "no-effect-num-gpu" if "num_gpu" in alike else "cold-slower-" + _models(draft)[0][0]


def _models(draft: Draft) -> list[tuple[str, str]]:
    """Each model as (name for ids, level)."""
    return [(slug(level), str(level)) for level in draft.data.levels("model")]


def _arms(draft: Draft) -> Iterator[tuple[str, Level, dict[str, Level]]]:
    for (_, model), threads in product(_models(draft), draft.data.levels("threads")):
        yield model, threads, {"model": model, "threads": threads}


def _arms_table(draft: Draft) -> None:
    data = draft.data
    rows: list[tuple[Cell, ...]] = []
    points: dict[str, list[Point]] = {SPEED: [], WAIT: []}
    for model, threads, where in _arms(draft):
        found = {metric: data.value(metric, where) for metric in METRICS}
        rows.append(
            (Lit(model, "identifier"), Lit(level_text(threads), "setting"), *found.values(), data.count("runs", where))
        )
        for metric, drawn in points.items():
            drawn.append(Point(level_text(threads), found[metric], series=model))
    units = {metric: data.value(metric).unit for metric in METRICS}
    measured = (Column(heading, units[metric], "interval") for metric, heading in METRICS.items())
    columns = (Column("model"), Column("threads"), *measured, Column("runs"))
    draft.table(Table("arms", "Warm requests by model and threads", columns, tuple(rows)))
    draft.figure(
        intervals(
            "ttft",
            "Time to first token of warm requests",
            Axes("threads", "time to first token", "model"),
            points[WAIT],
        )
    )
    draft.figure(
        intervals(
            "speed", "Decode speed as the client sees it", Axes("threads", "decode speed", "model"), points[SPEED]
        )
    )


def _starts(draft: Draft) -> None:
    data = draft.data
    rows: list[tuple[Cell, ...]] = []
    points: list[Point] = []
    top = data.levels("threads")[-1]
    for model, threads, where in _arms(draft):
        load, cold, warm = (
            data.value("load_time", where),
            data.value(WAIT, where, phase="cold"),
            data.value(WAIT, where),
        )
        name = f"cold_{slug(model)}_{slug(threads)}"
        penalty = draft.finding(name, data.value(WAIT, where, phase="cold/measured"))
        rows.append((Lit(model, "identifier"), Lit(level_text(threads), "setting"), load, cold, warm, penalty))
        label = f"{model}, {level_text(threads)}"
        points += [Point(label, cold, series="first"), Point(label, warm, series="warm")]
        if threads == top:
            sentence = (
                "The first token of the first request to {%s|identifier} comes"
                " {ratio~1:later than|earlier than|no later and no earlier than} that of a warm one, as far as these"
                " runs can tell: after {ratio} the time {ratio.interval}."
            )
            draft.claim(f"cold-slower-{slug(model)}", sentence % model, {"ratio": penalty}, "ratio.low > 1")
    unit = data.value(WAIT).unit
    measured = (
        Column(heading, unit, "interval") for heading in ("load", "first token, first request", "first token, warm")
    )
    columns = (Column("model"), Column("threads"), *measured, Column("first ÷ warm, in one run", form="interval"))
    draft.table(Table("starts", "Cold and warm starts", columns, tuple(rows)))
    axes = Axes("model and threads", "time to first token", "request")
    draft.figure(intervals("starts", "First token of the first request and of warm ones", axes, points))


def _settings(draft: Draft) -> None:
    """Every level of every varied factor against the factor's first, model by model."""
    factors = [name for name in varied(draft.data) if name != "model"]
    draft.facts["varied"] = factors
    pairs = [
        (model, faster, sooner)
        for _, model in _models(draft)
        for factor in factors
        for faster, sooner in zip(
            contrasts(draft.data, SPEED, factor, {"model": model}),
            contrasts(draft.data, WAIT, factor, {"model": model}),
            strict=True,
        )
    ]
    draft.facts["compared"] = bool(pairs)
    if not pairs:
        return
    rows: list[tuple[Cell, ...]] = [
        (Lit(model, "identifier"), _change(faster), *_said(faster), *_said(sooner)) for model, faster, sooner in pairs
    ]
    columns = (
        Column("model"),
        Column("level ÷ reference"),
        Column("decode speed", form="interval"),
        Column("finding"),
        Column("smallest likely found"),
        Column("first token", form="interval"),
        Column("finding"),
        Column("smallest likely found"),
    )
    draft.table(Table("settings", "What each setting changes, in pairs of like runs", columns, tuple(rows)))
    axes = Axes("level and reference", "decode speed, ratio", "model")
    points = [Point(_change(faster).text, faster.ratio, series=model) for model, faster, _ in pairs]
    draft.figure(intervals("settings", "What each setting does to decode speed", axes, points, zero=False, rule=1.0))


def _said(contrast: Contrast) -> tuple[Cell, Cell, Cell]:
    return contrast.ratio, contrast.verdict, contrast.detectable


def _change(contrast: Contrast) -> Lit:
    return Lit(f"{contrast.factor} {level_text(contrast.level)} ÷ {level_text(contrast.reference)}", "setting")


def _threads(draft: Draft) -> None:
    for name, model in _models(draft):
        for contrast in contrasts(draft.data, SPEED, "threads", {"model": model}):
            ratio = draft.finding(f"threads_{name}_{slug(contrast.level)}", contrast.ratio)
            levels = level_text(contrast.level), level_text(contrast.reference)
            sentence = (
                "{%s|identifier} decodes {ratio~1:faster|slower|neither faster nor slower} with {%s|setting} threads"
                " than with {%s|setting}: {ratio} as fast {ratio.interval}."
            )
            sentence %= (model, *levels)
            draft.claim(f"threads-{name}-{slug(contrast.level)}", sentence, {"ratio": ratio}, "ratio.low > 1")


def _no_effect(draft: Draft) -> tuple[str, ...]:
    """The factors whose levels were all one configuration, with the A/A test that this makes of them."""
    data = draft.data
    rows: list[tuple[Cell, ...]] = []
    alike: list[str] = []
    for factor in varied(data):
        for group in merged(data, factor, SPEED):
            if len(group.levels) < len(data.levels(factor)):
                continue
            alike.append(factor)
            setting = proof(data, factor) or ""
            used = draft.finding(f"used_{slug(factor)}", data.effective(setting))
            levels = ", ".join(level_text(level) for level in group.levels)
            verdict = (
                "too few runs"
                if group.aa is None
                else "no difference found"
                if group.aa.passes
                else "a difference: noise is underestimated"
            )
            rows.append((Lit(factor, "identifier"), Lit(levels, "setting"), Lit(setting, "identifier"), used, verdict))
            if used.number is not None:
                _claim_no_effect(draft, factor, setting, levels, used)
    draft.facts["no_effect"] = alike
    columns = (
        Column("factor"),
        Column("requested"),
        Column("engine setting"),
        Column("used in all arms"),
        Column("A/A test of decode speed"),
    )
    draft.table(Table("no_effect", "Factors whose levels were one configuration", columns, tuple(rows)))
    return tuple(alike)


def _claim_no_effect(draft: Draft, factor: str, setting: str, levels: str, used: Value) -> None:
    layers = setting == "layers_offloaded"
    what = "{used} layers on the GPU" if layers else "{used}"
    sentence = "{%s|setting} had no effect: the engine used %s in all arms, whatever was asked for ({%s|setting})."
    predicate = "used == 0" if layers else "used.n > 0"
    draft.claim(f"no-effect-{slug(factor)}", sentence % (factor, what, levels), {"used": used}, predicate)


def _best(draft: Draft, alike: tuple[str, ...]) -> None:
    """The configurations that cannot be told apart from the fastest; levels without effect are pooled."""
    data = draft.data
    factors = [name for name in varied(data) if name != "model" and name not in alike]
    draft.facts["ranked"] = bool(factors)
    if not factors:
        return
    for name, model in _models(draft):
        found = dict(_configurations(draft, factors, model))
        draft.ranking(f"best-{name}", "decode speed", found, higher_is_better=True)


def _configurations(draft: Draft, factors: list[str], model: str) -> Iterator[tuple[str, Value]]:
    for levels in product(*(draft.data.levels(factor) for factor in factors)):
        where: Mapping[str, Level] = {"model": model, **dict(zip(factors, levels, strict=True))}
        value = draft.data.value(SPEED, where)
        if value.number is not None:
            settings = (f"{factor} {level_text(level)}" for factor, level in zip(factors, levels, strict=True))
            yield ", ".join((model, *settings)), value


def _client(draft: Draft) -> None:
    """How much of the engine's own decode speed reaches the client."""
    top = draft.data.levels("threads")[-1]
    for name, model in _models(draft):
        where = {"model": model, "threads": top}
        kept = draft.finding(f"client_share_{name}", draft.data.value("client_share", where))
        sentence = (
            f"The client sees {{share}} {{share.interval}} of the decode speed that the engine counts for"
            f" {{{model}|identifier}}."
        )
        draft.claim(f"client-{name}", sentence, {"share": kept}, "share.low > 98 %")
