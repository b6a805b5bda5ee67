"""TR118: what do exported engines gain, with what accuracy?

Speed and accuracy are those of one published model; how they change with the size is asked of untrained shapes, whose
graphs are exported anew in each run. An arm that fails the accuracy gate is drawn hollow and never ranked.
"""

from __future__ import annotations

from harness.models import GPT2_SHAPES, SMOLLM2_135M

from ..recipes.accuracy import accuracy
from ..recipes.charts.trade_offs import trade_off
from ..recipes.claims import FASTER, TIMES, claim_effect, rank
from ..recipes.columns import PARAMETERS, RUNS, count, metric, metrics
from ..recipes.contrasts import PHASE, against_reference, ratio_and_finding
from ..recipes.crossover import at_every_size, by_size, crossover
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, Rows, rows
from ..recipes.stalls import when_paid
from ..recipes.tables import outcome_rates, outcomes, table
from ..values.evidence import Level

EAGER, GRAPH, ANEW, FULL, PUBLISHED = "pytorch", "onnxruntime", "onnxruntime-anew", "fp32", SMOLLM2_135M.name
PREFILL, STEP, WHOLE = "prefill_latency", "settled_decode_step", "e2e_kv"
PHASES = {STEP: "settled decode step", PREFILL: "prefill", WHOLE: "whole answer"}
SHORT = {STEP: "decode", PREFILL: "prefill", WHOLE: "answer"}
"""The phase as a part of names."""
BASELINE = {"model": PUBLISHED, "arm": EAGER, "precision": FULL}
ARM, HEADINGS, SETTING = "{arm} {precision}", {"model": "model or shape"}, {"model": "setting"}
OVER_EAGER, OVER_FULL = "time over eager PyTorch's", "time over full precision's"
Where = dict[str, Level]


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr118.md cites."""
    kept: Where = {factor: draft.data.levels(factor)[0] for factor in ("scenario", "batch", "threads")}
    every = rows(draft, "model", "arm", "precision", kinds=SETTING, headings=HEADINGS)
    outcomes(every.named("arm", "precision", "model"), "arms_outcomes", "How the runs of each arm ended")
    outcome_rates(draft, "rates", "Rate of each outcome, by its reason")
    cells = every.ended("ok").pinned(kept)
    published = cells.at(model=PUBLISHED).named("arm", "precision")
    draft.flag("published", bool(published))
    if published:
        _accuracy(published)
        _against_eager(draft, {**kept, "model": PUBLISHED})
        _quantised(draft, {**kept, "model": PUBLISHED, "arm": GRAPH})
    _sizes(draft, kept)
    _graphs(cells.keep(lambda row: str(row.where["arm"]).startswith(GRAPH)))
    for factor in kept:
        others = rows(draft, factor, "arm", "precision", kinds={factor: "setting"}).pinned({"model": PUBLISHED})
        table(others.ended("ok"), factor, f"Arms by {factor}", metrics(**PHASES), RUNS)
    if draft.claims:
        draft.headline(f"answer-{GRAPH}", *draft.claims)


def _accuracy(arms: Rows[Row]) -> None:
    """The gate, the chart of latency against accuracy, and which of the arms that pass is optimal."""
    passed, failed = accuracy(arms, "accuracy", "Accuracy of each arm", BASELINE)
    arms.draft.flag("failing", ", ".join(row.text(ARM) for row in failed))
    strayed = metric("logit_difference", "a logit differs by at most")
    table(arms, "logits", "How far logits stray from those of PyTorch in full precision", strayed)
    across, up = metric("perplexity", "perplexity"), metric(WHOLE, PHASES[WHOLE])
    title = "The whole answer against perplexity"
    trade_off("trade", title, across, up, passed, failed, label="{precision}", series="{arm}")
    first = metric(WHOLE, "first call", phase="cold")
    table(
        arms, "times", "Loading, the first call, and warm calls", metric("load_time", "load"), first, metrics(**PHASES)
    )
    rank(passed, "best-prefill", "prefill among the arms that pass the gate", PREFILL, ARM)
    rank(passed, "best-answer", "the whole answer among the arms that pass the gate", WHOLE, ARM)


def _against_eager(draft: Draft, where: Where) -> None:
    """Every arm in full precision against eager PyTorch, in pairs of runs of one block."""
    found = against_reference(draft, PHASES, "arm", "precision", (PHASE, "arm"), where=where).at(precision=FULL)
    table(found, "against_eager", "Full precision against eager PyTorch", ratio_and_finding(OVER_EAGER))
    sentence = f"In the {{phase}} {{arm}} is {FASTER} eager PyTorch: it takes {TIMES}."
    for one in found:
        claim_effect(draft, f"{SHORT[one.metric]}-{one.slug('arm')}", sentence, one.contrast, names=one.names)


def _quantised(draft: Draft, where: Where) -> None:
    """Each precision of the graph against full precision, whether or not it passes the gate."""
    asked = {name: level for name, level in where.items() if name != "scenario"}
    found = against_reference(draft, PHASES, "precision", "scenario", (PHASE, "precision"), where=asked)
    caption = "The quantised graph against the graph in full precision"
    table(found.at(scenario=where["scenario"]), "quantised", caption, ratio_and_finding(OVER_FULL))


def _sizes(draft: Draft, kept: Where) -> None:
    """The exported graph against eager PyTorch size by size, where one overtakes the other, and when one exported anew
    has paid."""
    arms: dict[Level, Level] = {PUBLISHED: GRAPH, **dict.fromkeys(GPT2_SHAPES, ANEW)}
    found = by_size(draft, PHASES, "model", "arm", arms, {**kept, "precision": FULL}, HEADINGS)
    table(found, "sizes", "The exported graph by size", PARAMETERS, ratio_and_finding(OVER_EAGER))
    crossover(found, "crossover", "Between which numbers of parameters one overtakes the other", PARAMETERS)
    sentence = (
        "From {smallest} to {largest} the exported graph takes at every size less than the time of eager PyTorch in the"
        " {phase}: {ratios} of it."
    )
    for metric_id in PHASES:
        of_phase = [one for one in found if one.metric == metric_id]
        at_every_size(f"every-size-{SHORT[metric_id]}", sentence, of_phase, found, "model")
    anew = found.keep(lambda one: one.metric == WHOLE and one.where["arm"] == ANEW).named("model")
    caption, paid = "When a graph that is exported anew has paid", "answers until the graph has paid"
    when_paid(anew, "paid_anew", caption, "build_time", "making the graph", paid)


def _graphs(graphs: Rows[Row]) -> None:
    """What making a graph took, and which nodes ran elsewhere than asked. A kept graph may have been made at any time,
    so its steps stand apart from those that a run took itself."""
    steps = metrics(export_time="export", quantise_time="quantise", optimise_time="optimise")
    loaded = metrics(load_time="load", disk_size="on disk")
    kept = graphs.keep(lambda row: row.where["arm"] != ANEW)
    table(graphs.at(arm=ANEW), "steps", "From the weights to a loaded graph, taken in the run", steps, loaded)
    table(kept, "kept_steps", "The same of graphs that are kept, which were made once, before", steps, loaded)
    nodes = count("graph_nodes", "nodes that ran"), count("fallback_nodes", "on another provider than asked")
    table(graphs, "placement", "Where the nodes of each graph ran", nodes)
