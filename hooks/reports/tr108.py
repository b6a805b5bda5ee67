"""TR108: which settings matter for one request?"""

from __future__ import annotations

from collections.abc import Iterator

from ..charts import Axes, Point, intervals
from ..content import Cell, Column, Lit, Table
from ..draft import Draft
from ..effects import Effect, Null, effects, nulls, varied
from ..evidence import Level
from ..skeleton import level_text
from ..values import Value

METRICS = (
    ("ttft", "first token"),
    ("tpot", "per token"),
    ("decode_tps", "decode, client"),
    ("server_decode_tps", "decode, engine"),
)


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr108.md cites."""
    _per_model(draft)
    _cold_and_warm(draft)
    _effects(draft)
    _no_effect(draft)
    _client_and_engine(draft)


def _arms(draft: Draft) -> Iterator[tuple[str, Level]]:
    for model in draft.data.levels("model"):
        for threads in draft.data.levels("threads"):
            yield str(model), threads


def _per_model(draft: Draft) -> None:
    data = draft.data
    rows = [
        (model, threads, {name: data.value(name, _at(model, threads)) for name, _ in METRICS})
        for model, threads in _arms(draft)
    ]
    columns = (
        Column("model"),
        Column("threads"),
        *(Column(heading, rows[0][2][name].unit, "interval") for name, heading in METRICS),
        Column("runs"),
    )
    cells: list[tuple[Cell, ...]] = [
        (
            Lit(model, "identifier"),
            Lit(level_text(threads), "setting"),
            *found.values(),
            data.count("runs", _at(model, threads)),
        )
        for model, threads, found in rows
    ]
    draft.table(Table("per_model", "Warm requests by model and threads", columns, tuple(cells)))
    for name, title, measure in (
        ("ttft", "Time to first token of warm requests", "time to first token"),
        ("decode_tps", "Decode speed as the client sees it", "decode speed"),
    ):
        points = [Point(level_text(threads), found[name], series=model) for model, threads, found in rows]
        draft.figure(intervals(name, title, Axes("threads", measure, series="model"), points))


def _at(model: str, threads: Level) -> dict[str, Level]:
    return {"model": model, "threads": threads}


def _cold_and_warm(draft: Draft) -> None:
    data = draft.data
    rows: list[tuple[Cell, ...]] = []
    points: list[Point] = []
    for number, model in enumerate(data.levels("model")):
        where = {"model": model}
        load, cold, warm = (
            data.value("load_time", where),
            data.value("ttft", where, phase="cold"),
            data.value("ttft", where),
        )
        penalty = draft.finding(f"cold_penalty_{number}", cold / warm, "time to first token, cold over warm")
        rows.append((Lit(str(model), "identifier"), load, cold, warm, penalty))
        points += [Point(str(model), cold, series="cold"), Point(str(model), warm, series="warm")]
        draft.claim(
            f"cold-slower-{'abcdefgh'[number]}",
            f"The first request to {{{model}|identifier}} waits {{ratio}} as long for its first token as a warm one.",
            {"ratio": penalty},
            "ratio.low > 1",
        )
    unit = data.value("ttft").unit
    columns = (
        Column("model"),
        Column("load time", unit, "interval"),
        Column("cold first token", unit, "interval"),
        Column("warm first token", unit, "interval"),
        Column("cold ÷ warm", form="interval"),
    )
    draft.table(Table("cold", "Cold and warm starts", columns, tuple(rows)))
    axes = Axes("model", "time to first token", series="request")
    draft.figure(intervals("cold", "First token of the first request and of warm ones", axes, points))


def _effects(draft: Draft) -> None:
    data = draft.data
    factors = [name for name in varied(data) if name != "model"]
    draft.facts["varied"] = factors
    for metric, title, measure in (
        ("decode_tps", "What each setting does to decode speed", "decode speed, ratio"),
        ("ttft", "What each setting does to the first token", "time to first token, ratio"),
    ):
        found = [
            (str(model), effect)
            for model in data.levels("model")
            for effect in effects(data, metric, factors, {"model": model})
        ]
        if not found:
            continue
        points = [Point(_label(effect), effect.ratio, series=model) for model, effect in found]
        axes = Axes("level and reference", measure, series="model")
        draft.figure(intervals(f"effect_{metric}", title, axes, points, zero=False, rule=1.0))
        for model, effect in found:
            draft.finding(f"{metric}_{effect.factor}_{_word(effect.level)}_{_word(model)}", effect.ratio)


def _label(effect: Effect) -> str:
    return f"{effect.factor} {level_text(effect.level)} ÷ {level_text(effect.reference)}"


def _word(level: object) -> str:
    return "".join(character if character.isalnum() else "_" for character in str(level))


def _no_effect(draft: Draft) -> None:
    data = draft.data
    found = list(nulls(data))
    draft.facts["no_effect"] = [null.factor for null in found]
    rows: list[tuple[Cell, ...]] = []
    for null in found:
        used = draft.finding(f"used_{null.factor}", data.effective(null.setting))
        rows.append((Lit(null.factor, "identifier"), Lit(_levels(null), "setting"), used, *_spread(draft, null)))
    columns = (
        Column("factor"),
        Column("requested"),
        Column("used in all arms"),
        Column("decode speed, largest ÷ smallest"),
    )
    draft.table(Table("no_effect", "Factors whose levels were one configuration", columns, tuple(rows)))


def _levels(null: Null) -> str:
    return ", ".join(level_text(level) for level in null.levels)


def _spread(draft: Draft, null: Null) -> tuple[Value]:
    """The A/A test that a factor without effect is: the largest against the smallest of its levels' estimates."""
    found = [draft.data.value("decode_tps", {null.factor: level}) for level in null.levels]
    ordered = sorted(found, key=lambda value: value.number or 0.0)
    return (draft.finding(f"spread_{null.factor}", ordered[-1] / ordered[0]),)


def _client_and_engine(draft: Draft) -> None:
    data = draft.data
    for number, model in enumerate(data.levels("model")):
        where = {"model": model}
        ratio = data.value("decode_tps", where) / data.value("server_decode_tps", where)
        draft.finding(f"client_share_{number}", ratio, "decode speed seen by the client over the engine's own counter")
