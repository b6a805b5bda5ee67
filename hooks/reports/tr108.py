"""TR108: which settings matter for one request?

An *arm* is a model with a number of threads: the two factors that are known to matter, so that pooled runs are
alike in both. Everything else is compared in pairs of runs that share all other settings.
"""

from __future__ import annotations

from harness.units import MS

from ..analysis.contrasts import varied
from ..recipes.charts.heroes import HERO, Look
from ..recipes.charts.heroes import slope as slope_chart
from ..recipes.charts.intervals import chart
from ..recipes.claims import claim_effect, claim_equivalence, rank
from ..recipes.columns import RUNS, column, metric, metrics
from ..recipes.contrasts import against_reference, every_setting, ratio, ratio_and_finding
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, Rows, rows
from ..recipes.same_configuration import Alike, same_configuration
from ..recipes.tables import table
from ..text.naming import slug
from ..values.value import Value

SPEED, WAIT = "decode_tps", "ttft"
KINDS = {"threads": "setting"}
WAITS = "{ratio~1:waits longer|waits less|is not shown to wait another time}"
FASTER = "{ratio~1:faster|slower|neither shown faster nor slower}"


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr108.md cites."""
    alike = same_configuration(draft, "no_effect", "Factors whose levels were one configuration", SPEED, "decode speed")
    for one in alike:
        _claim_no_effect(draft, one)
    arms = rows(draft, "model", "threads", kinds=KINDS)
    most = arms.at(threads=draft.data.levels("threads")[-1])
    clients = metrics(ttft="first token", tpot="per token", decode_tps="decode, client")
    engine = metric("server_decode_tps", "decode, engine")
    table(arms, "arms", "Warm requests by model and threads", clients, engine, RUNS)
    wait, speed = metric(WAIT, "time to first token"), metric(SPEED, "decode speed")
    chart(arms, "ttft", "Time to first token of warm requests", wait, label="{threads}", series="model")
    chart(arms, "speed", "Decode speed as the client sees it", speed, label="{threads}", series="model")
    models = {str(model): ink for ink, model in enumerate(draft.data.levels("model"), 1)}
    look = Look("{model}", "model", "model", models)
    slope_chart(arms, HERO, "Decode speed by threads", SPEED, "decode speed", "threads", look)
    _starts(arms, most)
    _settings(draft)
    _threads(draft)
    _best(draft, [name for name in varied(draft.data) if name not in ("model", *(one.factor for one in alike))])
    _client(most)
    draft.headline(*(name for name in draft.claims if name.startswith("threads-")), *draft.claims)


def _claim_no_effect(draft: Draft, one: Alike) -> None:
    """That no layer went to a GPU; what other settings were used is in the table, with nothing to test it against."""
    sentence = "No GPU here: asked for {levels} layers on one, the engine offloaded {used} in all arms."
    if one.setting == "layers_offloaded" and one.used.number is not None:
        draft.claim(f"no-effect-{slug(one.factor)}", sentence, {"used": one.used}, "used == 0", one.names)


def _starts(arms: Rows[Row], most: Rows[Row]) -> None:
    """First requests beside warm ones of one run and one prompt; a claim for each model with ``most`` threads."""
    draft = arms.draft
    (prompt,) = draft.data.prompts("cold")

    def penalty(draft: Draft, row: Row) -> Value:
        return draft.ask(WAIT, row.where, phase="cold", divided_by="measured", prompt=prompt)

    load, over = metric("load_time", "load"), column("first ÷ warm, in one run", penalty)
    first, warm = (metric(WAIT, "time to first token", phase=phase, prompt=prompt) for phase in ("cold", "measured"))
    beside = column("first token, first request", first.ask, MS), column("first token, warm, same prompt", warm.ask, MS)
    table(arms, "starts", "Cold and warm starts: load, and first token of one prompt", load, beside, over)
    title = "First token of the first request and of warm ones with its prompt"
    chart(arms, "starts", title, {"first": first, "warm": warm}, label="{model}, {threads}", series="request")
    said = f"The first request to {{model}} {WAITS} for its first token than a warm one with the same prompt: {{ratio}}"
    sentence = f"{said} the time {{ratio.interval}}."
    for row in arms:
        value = draft.finding(f"cold_{row.slug('model')}_{row.slug('threads')}", penalty(draft, row))
        if row in most:
            draft.claim(f"cold-slower-{row.slug('model')}", sentence, {"ratio": value}, "ratio.low > 1", row.names)


def _settings(draft: Draft) -> None:
    """Every level of every varied factor against the factor's first, model by model."""
    found = every_setting(draft, (SPEED, WAIT), per="model")
    draft.flag("compared", bool(found))
    if found:
        caption, title = "What each setting changes, in pairs of like runs", "What each setting does to decode speed"
        speeds, waits = ratio_and_finding("decode speed", SPEED), ratio_and_finding("first token", WAIT)
        table(found, "settings", caption, speeds, waits)
        faster = ratio("decode speed, ratio", SPEED)
        chart(found, "settings", title, faster, label="{change}", axis="level and reference", series="model")
        others = found.keep(lambda row: row.contrast.factor != "threads")
        claim_equivalence(others, SPEED, "decode speed", "model")


def _threads(draft: Draft) -> None:
    names = ("model", "threads")
    said = f"{{model}} decodes {FASTER} with {{threads}} threads than with {{reference}}: {{ratio}} as fast"
    for one in against_reference(draft, {SPEED: "decode"}, "threads", "model", names, kinds=KINDS):
        name = f"threads-{one.slug('model', 'threads')}"
        claim_effect(draft, name, f"{said} {{ratio.interval}}.", one.contrast, "ratio.low > 1", names=one.names)


def _best(draft: Draft, factors: list[str]) -> None:
    """The configurations that cannot be told apart from the fastest; levels without effect are pooled."""
    draft.flag("ranked", bool(factors))
    label = ", ".join(("{model}", *(f"{draft.study.heading(name)} {{{name}}}" for name in factors)))
    for model in draft.data.levels("model") if factors else ():
        rank(rows(draft, "model", *factors).at(model=model), f"best-{slug(model)}", "decode speed", SPEED, label)


def _client(most: Rows[Row]) -> None:
    """How much of the engine's own decode speed reaches the client."""
    draft = most.draft
    sentence = "The client sees {share} {share.interval} of the decode speed that the engine counts for {model}."
    for row in most:
        kept = draft.finding(f"client_share_{row.slug('model')}", draft.ask("client_share", row.where))
        draft.claim(f"client-{row.slug('model')}", sentence, {"share": kept}, "share.low > 98 %", row.names)
