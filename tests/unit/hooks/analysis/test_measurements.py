"""Questions to a sealed dataset, checked against the tables by hand."""

from __future__ import annotations

import statistics
from dataclasses import replace

import pytest

from harness.errors import UnknownName, UsageError
from harness.units import MS, RATIO
from hooks.analysis.contrasts import contrasts, merged, varied
from hooks.analysis.measurements import Measurements
from hooks.analysis.questions import ask
from hooks.values.evidence import Strength
from hooks.values.questions import OfMetric

MODEL = "gemma-3-270m-q4_k_m"


def by_hand(data: Measurements, phase: str, **levels: object) -> dict[int, list[float]]:
    """The median time to first token of each usable run, in ms, by block."""
    kept = [
        run
        for run in data.dataset.runs.to_pylist()
        if run["outcome"] == "ok" and all(run[f"level.{name}"] == level for name, level in levels.items())
    ]
    first: dict[str, list[float]] = {run["run_id"]: [] for run in kept}
    for request in data.dataset.requests.to_pylist():
        if request["run_id"] in first and request["phase"] == phase:
            first[request["run_id"]].append(request["arrivals_ns"][0] / 1e6)
    blocks: dict[int, list[float]] = {}
    for run in kept:
        blocks.setdefault(run["block"], []).append(statistics.median(first[run["run_id"]]))
    return blocks


@pytest.mark.parametrize("phase", ["cold", "measured"])
def test_the_median_over_blocks_of_the_median_over_runs_and_requests(measured: Measurements, phase: str) -> None:
    value = measured.value("ttft", {"model": MODEL, "threads": 2}, phase=phase)
    blocks = by_hand(measured, phase, model=MODEL, threads=2)
    middles = sorted(map(statistics.median, blocks.values()))
    assert value.number == pytest.approx(statistics.median(middles))
    assert (value.n, value.unit, value.strength) == (sum(map(len, blocks.values())), MS, Strength.MEASURED)
    assert (len(blocks), value.interval and value.interval.low >= middles[0]) == (6, True)
    assert value.interval is not None
    assert value.interval.low < value.number < value.interval.high


def test_five_runs_have_no_interval_and_say_so(measured: Measurements) -> None:
    cell = measured.dataset.runs["cell_id"].to_pylist()[0]
    blocks = {"cell_id": cell, "block": [1, 2, 3, 4, 5]}
    value = measured.value("ttft", blocks)
    assert (value.n, value.interval) == (5, None)
    assert "too few blocks" in value.caution


def test_no_run_is_a_missing_value_with_its_reason(measured: Measurements) -> None:
    value = measured.value("ttft", {"threads": 99})
    assert (value.number, value.text) == (None, "—")
    assert value.missing == "not_applicable"


def test_a_failed_run_is_counted_and_not_measured(measured: Measurements) -> None:
    assert measured.count(outcome="failed").number == 1
    assert measured.count().number == 48
    assert measured.count("cells").number == 8
    assert measured.value("ttft").n == 47


def test_effective_settings(measured: Measurements) -> None:
    assert measured.effective("layers_offloaded").number == 0
    assert measured.effective("threads").missing == "the runs differ"
    assert measured.effective("threads", {"threads": 2}).text == "2"
    assert measured.effective("no_such_setting").missing == "not_reported"


def test_wrong_questions_are_refused(measured: Measurements) -> None:
    with pytest.raises(UnknownName, match="ttft"):
        measured.value("tttf")
    with pytest.raises(UsageError, match="cannot filter by"):
        measured.value("ttft", {"colour": "red"})
    with pytest.raises(UsageError, match="unknown statistic"):
        measured.value("ttft", across="mode")  # type: ignore[arg-type]


def test_a_contrast_finds_the_effect_that_was_put_in(measured: Measurements) -> None:
    (contrast,) = contrasts(measured, "decode_tps", "threads", {"model": MODEL})
    assert (contrast.level, contrast.reference, contrast.verdict) == (2, 1, "effect")
    assert contrast.ratio.unit == RATIO
    assert contrast.ratio.interval is not None
    assert contrast.ratio.interval.low < 1.5 < contrast.ratio.interval.high


def test_a_contrast_says_what_it_could_have_found_and_both_can_be_asked_again(measured: Measurements) -> None:
    (contrast,) = contrasts(measured, "decode_tps", "threads", {"model": MODEL})
    assert contrast.detectable.number is not None
    assert 1 < contrast.detectable.number < 1.5
    assert contrast.detectable.interval is None
    assert contrast.detectable.id != contrast.ratio.id
    for value in (contrast.ratio, contrast.detectable):
        assert value.question is not None
        assert ask(measured, value.question) == value


def test_another_version_of_a_metric_is_another_quantity(measured: Measurements) -> None:
    question = measured.value("ttft").question
    assert isinstance(question, OfMetric)
    with pytest.raises(UsageError, match="ttft version 2 is asked for; here it is version 1"):
        ask(measured, replace(question, version=2))


def test_a_first_request_is_set_against_the_later_ones_of_its_run(measured: Measurements) -> None:
    ratio = measured.value("ttft", {"model": MODEL}, phase="cold", divided_by="measured")
    assert (ratio.unit, ratio.n) == (RATIO, measured.value("ttft", {"model": MODEL}).n)
    assert ratio.interval is not None
    assert ratio.question is not None
    assert ask(measured, ratio.question) == ratio
    assert (ratio - 1).interval is not None


def test_levels_that_the_engine_ran_alike_are_merged(measured: Measurements) -> None:
    (group,) = merged(measured, "num_gpu", "decode_tps")
    assert group.levels == (0, 80)
    assert group.effective == (0,)
    assert contrasts(measured, "decode_tps", "num_gpu") == ()
    assert merged(measured, "threads", "decode_tps") == ()


def test_varied_factors_in_the_order_of_the_study(measured: Measurements) -> None:
    assert varied(measured) == ("model", "num_gpu", "threads")
    assert measured.levels("threads") == (1, 2)


def test_one_question_has_one_id(measured: Measurements) -> None:
    one = measured.value("ttft", {"threads": [2, 1], "model": MODEL})
    other = measured.value("ttft", {"model": MODEL, "threads": (1, 2)})
    assert one.id == other.id
    assert one.id != measured.value("ttft", {"model": MODEL, "threads": 1}).id
