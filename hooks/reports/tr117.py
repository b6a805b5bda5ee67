"""TR117: which backend?

Times that a client takes are compared across all arms; the engines' own phases only among engines that run in the
worker's process, whose clocks and boundaries are one code.
"""

from __future__ import annotations

from ..content.blocks import Lit
from ..recipes.accuracy import accuracy
from ..recipes.charts import chart
from ..recipes.claims import FASTER, TIMES, claim, rank
from ..recipes.columns import RUNS, count, metric, metrics
from ..recipes.contrasts import Effect, against_reference, ratio_and_finding
from ..recipes.paired_levels import paired
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, Rows, rows
from ..recipes.tables import outcomes, table
from ..text.naming import slug

EAGER, COMPILED = "transformers-cpu", "transformers-cpu-compile"
BASELINE = {"arm": EAGER, "precision": "fp32"}
IN_PROCESS = ("transformers", "onnxruntime", "tensorrt")
ARM = "{arm} {precision}"


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr117.md cites."""
    arms = rows(draft, "arm", "precision", kinds={"precision": "setting"})
    ran = arms.ended("ok")
    answered = ran.per("scenario")
    outcomes(arms, "arms_outcomes", "How the runs of each arm ended")
    passed, failed = accuracy(ran, "accuracy", "Accuracy of each arm", BASELINE)
    draft.flag("failing", ", ".join(row.text(ARM) for row in failed))
    waits = metrics(ttft="first token", e2e_latency="whole answer, median")
    mean, rate = metric("e2e_latency", "whole answer, mean", across="mean"), metric("decode_tps", "decode")
    table(answered, "times", "What a client waits, by scenario and arm", waits, mean, rate, RUNS)
    first, whole = metric("ttft", "time to first token"), metric("e2e_latency", "whole answer")
    chart(answered, "first_token", "Time to first token by arm", first, label=ARM, axis="arm", group="scenario")
    chart(answered, "answer", "Time to the whole answer by arm", whole, label=ARM, axis="arm", group="scenario")
    within = answered.keep(lambda row: str(row.where["arm"]).startswith(IN_PROCESS))
    phases = metrics(prefill_latency="prefill", kv_decode_latency="one decode step", e2e_kv="prefill and decode")
    table(within, "phases", "Phases of the engines that run in the worker's process", phases)
    _against_eager(draft)
    _settled(draft)
    _two_streams(ran)
    _before_the_first_token(ran)
    for scenario in draft.data.levels("scenario"):
        here, said = passed.per("scenario", [scenario]), f"in the scenario {scenario}".replace("_", " ")
        rank(here, f"best-prefill-{slug(scenario)}", f"the first token {said}", "ttft", ARM)
        rank(here, f"best-generate-{slug(scenario)}", f"the whole answer {said}", "e2e_latency", ARM)
    if draft.claims:
        draft.headline("compile-prefill", "compile-decode", *draft.claims)


def _against_eager(draft: Draft) -> None:
    """Full precision against eager PyTorch, in pairs of runs of one block."""
    words = {"prefill_latency": "prefill", "kv_decode_latency": "decode step"}
    names = ("scenario", "phase", "arm")
    found = against_reference(draft, words, "arm", "scenario", names, where={"precision": "fp32"})
    caption = "Full precision against eager PyTorch on the same processor"
    table(found, "against_eager", caption, ratio_and_finding("time over eager PyTorch's"))
    for one in found.at(scenario="short"):
        _claim(draft, one)


def _claim(draft: Draft, one: Effect) -> None:
    phase, doing = {"prefill_latency": ("prefill", "prefill"), "kv_decode_latency": ("decode", "decoding")}[one.metric]
    arm = "compile" if one.where["arm"] == COMPILED else slug(one.where["arm"])
    sentence = (
        f"In the short scenario {{arm}} is {FASTER} eager PyTorch on the same processor in {doing}: it takes {TIMES}."
    )
    claim(draft, f"{arm}-{phase}", sentence, {"ratio": one.contrast.ratio}, "ratio.high < 1", names=one.names)


def _settled(draft: Draft) -> None:
    """Compiled against eager in the calls during which nothing was compiled: what the counters leave of a slow mean."""
    compiled, eager = ({"arm": arm, "precision": "fp32", "scenario": "short"} for arm in (COMPILED, EAGER))
    mine, other = draft.ask("e2e_settled", compiled), draft.ask("e2e_settled", eager)
    if mine.number is not None and other.number is not None:
        sentence = (
            f"In the short scenario the calls of {{arm}} that compile nothing are {FASTER} eager PyTorch's: {TIMES}."
        )
        meaning = "prefill and decode of calls that compiled nothing, compiled over eager"
        names = {"arm": Lit(COMPILED, "identifier")}
        claim(
            draft, "compile-settled", sentence, {"ratio": mine / other}, "ratio.high < 1", meaning=meaning, names=names
        )


def _two_streams(ran: Rows[Row]) -> None:
    """How much more the engine gets done with two streams at once, and what that leaves of compiled code."""
    draft, caption = ran.draft, "Two streams at once"
    compared = paired(
        ran,
        "dual",
        caption,
        "e2e_latency",
        "scenario",
        {"dual_short": "short", "dual_medium": "medium"},
        lambda one, two: one / two * 2.0,
        headings=("whole answer, one stream", "two streams at once", "throughput of two over one"),
        meaning="answers per second with two streams over those with one",
    )
    draft.flag("dual", bool(compared))
    dual = {"arm": COMPILED, "precision": "fp32", "scenario": "dual_short"}
    passes = draft.ask("eager_passes", dual, within="mean", across="mean")
    draft.flag("falls_back", bool(passes.number))
    if passes.number:
        draft.finding("dual_uncompiled", passes)


def _before_the_first_token(ran: Rows[Row]) -> None:
    columns = (
        *metrics(load_time="load", compile_time="compiling, in a run", export_time="export, once"),
        count("compiled_graphs", "graphs per measured request, mean", within="mean", across="mean"),
        count("eager_passes", "passes per measured request that ran uncompiled, mean", within="mean", across="mean"),
    )
    table(ran, "builds", "Before the first token: loading, compiling, exporting", columns)
