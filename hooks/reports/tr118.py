"""TR118: what do exported engines gain, with what accuracy?

Speed and accuracy are those of one published model; how they change with the size is asked of untrained shapes, whose
graphs are exported anew in each run. An arm that fails the accuracy gate is drawn hollow and never ranked.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from harness.models import GPT2_SHAPES, SMOLLM2_135M
from harness.units import ONE, PERCENT

from ..analysis.contrasts import contrasts
from ..content.blocks import Cell, Column, Table
from ..recipes.accuracy import accuracy
from ..recipes.claims import FASTER, TIMES, claim, claim_effect, rank
from ..recipes.columns import RUNS, column, count, metric, metrics
from ..recipes.contrasts import PHASE, Effect, against_reference, ratio_and_finding
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, Rows, literal, rows
from ..recipes.stalls import when_paid
from ..recipes.tables import outcomes, table
from ..recipes.trade_offs import trade_off
from ..values.evidence import Level
from ..values.value import Value

EAGER, GRAPH, ANEW, FULL, PUBLISHED = "pytorch", "onnxruntime", "onnxruntime-anew", "fp32", SMOLLM2_135M.name
PREFILL, STEP, WHOLE = "prefill_latency", "settled_decode_step", "e2e_kv"
PHASES = {STEP: "settled decode step", PREFILL: "prefill", WHOLE: "whole answer"}
SHORT = {STEP: "decode", PREFILL: "prefill", WHOLE: "answer"}
"""The phase as a part of names."""
BASELINE = {"model": PUBLISHED, "arm": EAGER, "precision": FULL}
ARM, HEADINGS = "{arm} {precision}", {"model": "model or shape"}
OVER_EAGER, OVER_FULL = "time over eager PyTorch's", "time over full precision's"
PAID = "answers until the graph has paid"
Where = dict[str, Level]


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr118.md cites."""
    draft.flag("pilot", len(draft.data.dataset.recordings) < draft.study.sessions)
    kept: Where = {factor: draft.data.levels(factor)[0] for factor in ("scenario", "batch", "threads")}
    every = rows(draft, "model", "arm", "precision", kinds={"model": "setting"}, headings=HEADINGS)
    outcomes(every.named("arm", "precision", "model"), "arms_outcomes", "How the runs of each arm ended")
    _rates(draft)
    ran = every.ended("ok")
    cells = replace(ran, lines=tuple(Row({**row.where, **kept}, row.names) for row in ran))
    published = cells.at(model=PUBLISHED).named("arm", "precision")
    draft.flag("published", bool(published))
    if published:
        _accuracy(published)
        _against_eager(draft, {**kept, "model": PUBLISHED})
        _quantised(draft, {**kept, "model": PUBLISHED, "arm": GRAPH})
    _sizes(draft, kept)
    _graphs(cells.keep(lambda row: str(row.where["arm"]).startswith(GRAPH)))
    for factor in ("scenario", "batch", "threads"):
        others = rows(draft, factor, "arm", "precision", kinds={factor: "setting"}).ended("ok")
        of_published = replace(others, lines=tuple(Row({**row.where, "model": PUBLISHED}, row.names) for row in others))
        table(of_published.ended("ok"), factor, f"Arms by {factor}", metrics(**PHASES), RUNS)
    if draft.claims:
        draft.headline(f"answer-{GRAPH}", *draft.claims)


def _rates(draft: Draft) -> None:
    """The rate of each way to end, by its reason."""
    all_runs, lines = draft.data.count("runs"), list[tuple[Cell, ...]]()
    for outcome, code in sorted(draft.data.outcomes(), key=lambda pair: (pair[0] != "ok", pair[0], pair[1] or "")):
        runs = draft.data.count("runs", outcome=outcome, code=code)
        lines.append((outcome, (code or "—").replace("_", " "), runs, (runs / all_runs).to(PERCENT)))
    columns = Column("outcome"), Column("reason"), Column("runs", ONE), Column("share of all runs", PERCENT)
    draft.table(Table("rates", "Rate of each outcome, by its reason", columns, tuple(lines)))


def _accuracy(arms: Rows[Row]) -> None:
    """The gate, the chart of latency against accuracy, and which of the arms that pass is optimal."""
    passed, failed = accuracy(arms, "accuracy", "Accuracy of each arm", BASELINE)
    arms.draft.flag("failing", ", ".join(row.text(ARM) for row in failed))
    strayed = metric("logit_difference", "a logit differs by at most")
    table(arms, "logits", "How far logits stray from those of PyTorch in full precision", strayed)
    perplexity, answer = metric("perplexity", "perplexity"), metric(WHOLE, PHASES[WHOLE])
    title = "The whole answer against perplexity"
    trade_off("trade", title, perplexity, answer, passed, failed, label="{precision}", series="{arm}")
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
    """The exported graph against eager PyTorch size by size, where one overtakes the other, and when a graph pays that
    is exported anew."""
    effects = tuple(
        Effect(
            {**kept, "model": model, "arm": one.level, "precision": FULL},
            {PHASE: words, "model": literal("model", model, {"model": "setting"})},
            {metric_id: one},
        )
        for metric_id, words in PHASES.items()
        for model in draft.data.levels("model")
        for one in contrasts(draft.data, metric_id, "arm", {**kept, "model": model, "precision": FULL})
        if one.level == (ANEW if model in GPT2_SHAPES else GRAPH)
    )
    found = Rows(draft, (PHASE, "model"), effects, HEADINGS)
    table(
        found, "sizes", "The exported graph by size", column("parameters", _parameters), ratio_and_finding(OVER_EAGER)
    )
    columns = Column(PHASE), Column("from"), Column("to")
    lines = tuple((words, *_crossover(found, words)) for words in PHASES.values())
    draft.table(Table("crossover", "Between which numbers of parameters one overtakes the other", columns, lines))
    _at_every_size(found)
    anew = found.keep(lambda one: one.metric == WHOLE and one.where["arm"] == ANEW).named("model")
    when_paid(anew, "paid_anew", "When a graph that is exported anew has paid", "build_time", "making the graph", PAID)


def _parameters(draft: Draft, row: Row) -> Value:
    return draft.data.effective("n_params", {"model": row.where["model"]})


def _crossover(found: Rows[Effect], phase: str) -> tuple[Cell, Cell]:
    """The neighbouring sizes between which the ratio passes one, each shown to lie on its side."""
    of_phase = found.keep(lambda one: one.names[PHASE] == phase)
    sides = [(_side(one), _parameters(found.draft, one)) for one in of_phase]
    for (before, low), (after, high) in pairwise(pair for pair in sides if pair[0]):
        if before != after:
            return low, high
    known = {side for side, _ in sides}
    none = "none: one side at every size" if known in ({-1}, {1}) else "not shown"
    return none, none


def _side(one: Effect) -> int:
    """On which side of one the ratio lies; 0 where that is not shown."""
    interval = one.contrast.ratio.interval
    return 0 if interval is None else int(interval.low > 1) - int(interval.high < 1)


def _at_every_size(found: Rows[Effect]) -> None:
    """Whether one side is ahead over all sizes, phase by phase."""
    for metric_id, words in PHASES.items():
        of_phase = [one for one in found if one.metric == metric_id]
        if len(of_phase) < 2:
            continue
        values = {f"size{place}": one.contrast.ratio for place, one in enumerate(of_phase)}
        names = {"smallest": of_phase[0].names["model"], "largest": of_phase[-1].names["model"], PHASE: words}
        listed = ", ".join(f"{{{name}}}" for name in values)
        sentence = (
            "From {smallest} to {largest} the exported graph takes at every size less than the time of eager PyTorch in"
            f" the {{phase}}: {listed} of it."
        )
        predicate = " and ".join(f"{name}.high < 1" for name in values)
        claim(found.draft, f"every-size-{SHORT[metric_id]}", sentence, values, predicate, names=names)


def _graphs(graphs: Rows[Row]) -> None:
    """What making a graph took, what came of it, and which nodes ran elsewhere than asked.

    A kept graph may have been made at any time, so its steps stand apart from those that a run took itself.
    """
    steps = metrics(export_time="export", quantise_time="quantise", optimise_time="optimise")
    loaded = metrics(load_time="load", disk_size="on disk")
    anew = graphs.at(arm=ANEW)
    kept = graphs.keep(lambda row: row.where["arm"] != ANEW)
    table(anew, "steps", "From the weights to a loaded graph, each step apart, taken in the run", steps, loaded)
    table(kept, "kept_steps", "The same of graphs that are kept, which were made once, before", steps, loaded)
    nodes = count("graph_nodes", "nodes that ran"), count("fallback_nodes", "on another provider than asked")
    table(graphs, "placement", "Where the nodes of each graph ran", nodes)
