"""TR122: where do memory and processors become the bottleneck?

Every change runs beside the base. It is an optimisation only by its speed, its memory and its accuracy together.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.models import SMOLLM2_135M

from ..content.scatter import LogAxes
from ..recipes.charts.over_sizes import over_sizes
from ..recipes.columns import metrics
from ..recipes.contrasts import Effect, against_reference, ratio_and_finding
from ..recipes.report_builder import Draft
from ..recipes.resources.changes import costs, gains, together
from ..recipes.resources.growth import context_of, growth
from ..recipes.resources.kv_law import kv_law
from ..recipes.resources.layers import layers
from ..recipes.resources.machine import memory, roofline
from ..recipes.resources.provoked import competitor, limits, telemetry
from ..recipes.rows import Row, Rows, rows
from ..recipes.tables import table
from ..values.evidence import Level
from ..values.value import Value

SMALL, BASE, PYTORCH = SMOLLM2_135M.name, "base", "pytorch"
STEP, PREFILL, ANSWERS, LOAD = "decode_step", "prefill_latency", "request_throughput", "load_time"
OWN, CACHE = "engine_anonymous", "kv_cache"
COMPARED = {STEP: "decode step", PREFILL: "prefill", ANSWERS: "answers in a second", OWN: "memory", LOAD: "load"}
GROWN = {STEP: "step", CACHE: "cache", OWN: "process"}
CACHED = (BASE, "kv-q8_0", "kv-q4_0")
ENDS = ("long-prompt", "long-output", "long-output-shifted")
LIMITS = ("limit-mapped", "limit-copied")
ALONE = ("telemetry", "competing-load", *ENDS)
PROVOKED = (*ALONE, PYTORCH, *LIMITS)
"""Changes that are no choice of somebody who runs an engine."""
FAMILIES = (
    ("kv-q8_0", "kv-q4_0", "no-flash-attention"),
    ("one-thread", "small-batch", "weights-copied", "limit-mapped"),
    ("prompt-cache", "four-streams", "competing-load"),
)
"""What is judged together: changes of the cache, of the machine that an engine may use, and of the load."""
ASKED = {
    STEP: ("one-thread", "competing-load", "kv-q8_0", "kv-q4_0", "no-flash-attention", "limit-mapped"),
    PREFILL: ("small-batch", "prompt-cache", "one-thread", "no-flash-attention"),
    ANSWERS: ("four-streams",),
    LOAD: ("weights-copied",),
}
BESIDE = {STEP: (OWN, "memory"), PREFILL: (OWN, "memory"), OWN: (STEP, "decode step")}
KINDS = {"context": "setting"}
STEPS = LogAxes("model", "context in tokens", "decode step", "change")


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr122.md cites."""
    cells = rows(draft, "model", "context", "change", kinds=KINDS).ended("ok")
    base, first = cells.at(change=BASE), draft.data.levels("context")[0]
    growth(base, "growth", "Memory and speed by context", STEP, GROWN)
    table(base, "contexts", "Prefill by context", metrics(prefill_latency="prefill"))
    kv_law(cells.keep(lambda row: row.where["change"] in CACHED), "law", "The key-value cache against its formula")
    memory(cells, "memory", "Memory by the engine's report and by the kernel's", without=ALONE)
    roofline(base, "roofline", "A decode step against the rate of memory")
    of_small = cells.at(model=SMALL)
    over_sizes(draft, "steps", "Decode step by context", STEPS, context_of, (_varied(of_small), "{change}", _step))
    effects = _against_base(draft)
    told = effects.keep(lambda one: one.metric != LOAD or one.where["change"] in ASKED[LOAD])
    table(told, "changes", "Every change against the base", ratio_and_finding("over the base"))
    costs(effects, ASKED, ANSWERS)
    choices = of_small.keep(lambda row: row.where["change"] not in PROVOKED)
    chosen = effects.keep(lambda one: one.where["change"] not in PROVOKED)
    baseline: dict[str, Level] = {"model": SMALL, "context": first, "change": PYTORCH}
    shown = {name: words for name, words in COMPARED.items() if name != LOAD}
    passing = together(choices, chosen, baseline, shown, BASE)
    gains(
        chosen.keep(lambda one: one.where["change"] in passing),
        BESIDE,
        lambda change: _perplexity(draft, first, change),
    )
    telemetry(draft, "telemetry")
    layers(cells.at(change=PYTORCH).named("model"))
    competitor(of_small.keep(lambda row: row.where["change"] in (BASE, "competing-load")), "competing-load")
    every = rows(draft, "change")
    limits(every.keep(lambda row: row.where["change"] in ENDS), every.keep(lambda row: row.where["change"] in LIMITS))
    if draft.claims:
        draft.headline("growth-smollm2-135m-q4-1-2048", *draft.claims)


def _against_base(draft: Draft) -> Rows[Effect]:
    """Every change of what may be compared, in pairs of runs of one block with the smaller model, family by family."""
    names = ("phase", "context", "change")
    found = [
        against_reference(draft, COMPARED, "change", "context", names, where=_of_family(family), kinds=KINDS)
        for family in FAMILIES
    ]
    return replace(found[0], lines=tuple(one for part in found for one in part))


def _of_family(family: tuple[Level, ...]) -> dict[str, Any]:
    return {"model": SMALL, "change": (BASE, *family)}


def _varied(of_small: Rows[Row]) -> Rows[Row]:
    """The rows whose change was recorded with several contexts, change by change."""
    kept = of_small.keep(lambda row: row.where["change"] in (*CACHED, "no-flash-attention"))
    return replace(kept, lines=tuple(sorted(kept, key=lambda row: str(row.where["change"]))))


def _perplexity(draft: Draft, first: Level, change: Level) -> Value:
    one, base = (
        draft.ask("perplexity", {"model": SMALL, "context": first, "change": level}) for level in (change, BASE)
    )
    return one / base


def _step(draft: Draft, row: Row) -> Value:
    return draft.ask(STEP, row.where)
