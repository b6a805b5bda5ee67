"""TR117: which backend?

Times that a client takes are compared across all arms; the engines' own phases only among engines that run in the
worker's process, whose clocks and boundaries are one code.
"""

from __future__ import annotations

from ..recipes.accuracy import accuracy
from ..recipes.charts.heroes import Look, scatter
from ..recipes.claims import FASTER, TIMES, claim_effect, rank
from ..recipes.columns import count, metric, metrics
from ..recipes.contrasts import Effect, against_reference, ratio_and_finding
from ..recipes.paired_levels import paired
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, Rows, rows
from ..recipes.stalls import measured_calls, stalls, when_paid
from ..recipes.tables import outcomes, table
from ..text.naming import slug
from ..values.evidence import Level

EAGER, COMPILED = "transformers-cpu", "transformers-cpu-compile"
ANSWER, STEP = "e2e_latency", "settled_decode_step"
BASELINE = {"arm": EAGER, "precision": "fp32"}
IN_PROCESS = ("transformers", "onnxruntime", "tensorrt")
ARM = "{arm} {precision}"
INKS = {"llama.cpp": 1, "onnxruntime": 2, EAGER: 4, COMPILED: 4}
"""Colours of engines: a colour follows its engine on all pages."""


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr117.md cites."""
    arms = rows(draft, "arm", "precision", kinds={"precision": "setting"})
    ran = arms.ended("ok")
    answered = ran.per("scenario")
    outcomes(arms, "arms_outcomes", "Run outcomes by arm")
    passed, failed = accuracy(ran, "accuracy", "Accuracy of each arm", BASELINE)
    draft.flag("failing", ", ".join(row.text(ARM) for row in failed))
    waits = metrics(ttft="first token", e2e_latency="whole answer, median")
    mean = metric(ANSWER, "whole answer, mean", within="mean", across="mean")
    slowest = metric(ANSWER, "slowest answer", within="max", across="max")
    rate = metric("settled_decode_tps", "settled decode")
    table(answered, "times", "Latency by scenario and arm", waits, mean, slowest, rate)
    failing = {row.text(ARM) for row in failed}
    look = Look(ARM, "arm", "engine and precision", INKS, lambda row: row.text(ARM) in failing)
    axes = {"ttft": "first token", ANSWER: "whole answer"}
    for scenario in draft.data.levels("scenario"):
        title = f"First token and whole answer, scenario {draft.study.called('scenario', scenario)}"
        scatter(answered.at(scenario=scenario), f"hero-{slug(scenario)}", title, axes, look)
    within = answered.keep(lambda row: str(row.where["arm"]).startswith(IN_PROCESS))
    phases = metrics(prefill_latency="prefill", settled_decode_step="settled decode step")
    table(within, "phases", "Phases of the engines that run in the worker's process", phases)
    _against_eager(draft)
    _stalls(within)
    _two_streams(ran)
    _before_the_first_token(ran)
    for scenario in draft.data.levels("scenario"):
        here, said = passed.per("scenario", [scenario]), f"in the scenario {draft.study.called('scenario', scenario)}"
        rank(here, f"best-prefill-{slug(scenario)}", f"the first token {said}", "ttft", ARM)
        rank(here, f"best-generate-{slug(scenario)}", f"the whole answer {said}", ANSWER, ARM)
    if draft.claims:
        draft.headline("best-generate-short", "best-generate-micro", *draft.claims)


def _against_eager(draft: Draft) -> None:
    """Full precision against eager PyTorch, in pairs of runs of one block."""
    words, names = {"prefill_latency": "prefill", STEP: "settled decode step"}, ("scenario", "phase", "arm")
    found = against_reference(draft, words, "arm", "scenario", names, where={"precision": "fp32"})
    caption = "Full precision against eager PyTorch on the same processor"
    table(found, "against_eager", caption, ratio_and_finding("time over eager PyTorch's"))
    for one in found.at(scenario="short"):
        _claim(draft, one)


def _claim(draft: Draft, one: Effect) -> None:
    phase, doing = {"prefill_latency": ("prefill", "prefill"), STEP: ("decode", "settled decoding")}[one.metric]
    arm = "compile" if one.where["arm"] == COMPILED else slug(one.where["arm"])
    than = f"{FASTER} eager PyTorch on the same processor in {doing}"
    said = f"In the short scenario {{arm}} is {than}: it takes {TIMES}."
    claim_effect(draft, f"{arm}-{phase}", said, one.contrast, names=one.names)


def _stalls(answered: Rows[Row]) -> None:
    """Calls that compiling stalled, the speed of the others, and when compiling has paid."""
    draft = answered.draft
    caption, paid = "Calls that compiling stalled, and the others", "answers until compiling has paid"
    counted = answered.at(arm=COMPILED).keep(lambda row: draft.ask("compile_stalls", row.where).number is not None)
    table(counted, "stalls", caption, stalls())
    said = "In the short scenario compiling stalls {stalls} of the {calls} calls of a run with {arm}; the others are"
    where, names = {"precision": "fp32"}, ("scenario", "arm")
    found = against_reference(draft, {"e2e_settled": "settled answer"}, "arm", "scenario", names, where=where)
    when_paid(found, "break_even", "When compiling has paid", "compile_time", "compiling, in a run", paid)
    for one in found.at(scenario="short", arm=COMPILED):
        values = {"stalls": draft.ask("compile_stalls", one.where, within="sum")}
        calls, holds = {**one.names, "calls": measured_calls(draft, one.where)}, "stalls.low > 0 and ratio.high < 1"
        sentence = f"{said} {FASTER} eager PyTorch's: {TIMES}."
        claim_effect(draft, "compile-settled", sentence, one.contrast, holds, values=values, names=calls)


def _two_streams(ran: Rows[Row]) -> None:
    """How much more the engine gets done with two streams at once, and what that leaves of compiled code."""
    draft = ran.draft
    pairs: dict[Level, Level] = {"dual_short": "short", "dual_medium": "medium"}
    headings = ("answers per second, one stream", "two streams at once", "throughput of two over one")
    compared = paired(ran, "dual", "Two streams at once", "request_throughput", "scenario", pairs, headings=headings)
    draft.flag("dual", bool(compared))
    dual = {"arm": COMPILED, "precision": "fp32", "scenario": "dual_short"}
    passes = draft.ask("eager_passes", dual, within="mean", across="mean")
    draft.flag("falls_back", bool(passes.number))
    if passes.number:
        draft.finding("dual_uncompiled", passes)


def _before_the_first_token(ran: Rows[Row]) -> None:
    times = metrics(load_time="load", compile_time="compiling, in a run", export_time="export, once")
    graphs = count("compiled_graphs", "graphs per measured request, mean", within="mean", across="mean")
    left = count("eager_passes", "passes per measured request that ran uncompiled, mean", within="mean", across="mean")
    table(ran, "builds", "Before the first token: loading, compiling, exporting", times, graphs, left)
