"""A cited figure is tested only by a finding of the same quantity, statistic and conditions."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from harness.units import MS, PERCENT, TOK_PER_S, Unit
from hooks.claims.ranking import Ranking
from hooks.content.facts import Facts
from hooks.replication.corpus import AllReports
from hooks.replication.coverage import coverage, total
from hooks.replication.findings import Published
from hooks.replication.outcomes import Outcome, Replication
from hooks.values.evidence import Interval, Level, Strength
from hooks.values.value import Value
from tests.support.questions import of_metric

ROOT = Path(__file__).resolve().parents[4]
CITED, SERIES = ROOT / "data" / "cited", ROOT / "docs" / "series"
Where = Mapping[str, Level]
CPU = "Some CPU, 2 logical cores, no GPU"


def value(
    metric: str,
    unit: Unit,
    low: float,
    high: float,
    where: Mapping[str, Level],
    *,
    across: str = "median",
    phase: str = "measured",
) -> Value:
    levels = tuple((name, (level,)) for name, level in sorted(where.items()))
    question = of_metric(metric, "trx/v1", where=levels, phase=phase, within="median", across=across)
    interval = Interval(low, high, 0.95, "order statistics")
    return Value((low + high) / 2, unit, Strength.MEASURED, interval, 12, question=question)


def pair(metric: str, unit: Unit, of: Where, against: Where, low: float, high: float) -> Value:
    """A ratio of two selected values, with its interval put in place of the joint one."""
    ratio = value(metric, unit, 2.0, 2.2, of) / value(metric, unit, 2.0, 2.2, against)
    return replace(ratio, interval=Interval(low, high, 0.95, "joint bootstrap"))


def published(report: str, findings: Mapping[str, Value], **more: object) -> Published:
    fields: dict[str, object] = {"claims": {}, "facts": Facts(), "hardware": CPU} | more
    return Published(report, f"{report}/v1", "2026-01-02", "quick", status="published", findings=findings, **fields)  # type: ignore[arg-type]


def outcome(figure: str, *reports: Published) -> Replication:
    everything = AllReports.load(CITED, SERIES, reports)
    return next(line for line in everything.replications if line.figure.id == figure)


def tr110(low: float, high: float, **changes: str) -> Published:
    metric = changes.get("metric", "overlap_efficiency")
    found = value(metric, PERCENT, low, high, {}, across=changes.get("across", "mean"))
    return published("tr110", {"mean": found})


MEAN = "tr110.mean_efficiency_in_tr113"
CONTENTION = "tr110.contention"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (92.0, 93.5, Outcome.REPLICATED),
        (80.0, 85.0, Outcome.NOT_REPLICATED),
        (90.0, 93.0, Outcome.INCONCLUSIVE),
        (50.0, 99.0, Outcome.INCONCLUSIVE),
    ],
)
def test_the_interval_of_our_finding_decides(low: float, high: float, expected: Outcome) -> None:
    line = outcome(MEAN, tr110(low, high))
    assert line.outcome is expected
    assert [finding.id for finding in line.findings] == ["tr110.mean"]


def test_another_metric_tests_nothing() -> None:
    line = outcome(CONTENTION, tr110(92.0, 93.5, metric="parallel_efficiency"))
    assert (line.outcome, line.findings) == (Outcome.NOT_TESTED, ())


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        (MEAN, "it needs an interval of a mean, and our findings are medians over sessions"),
        ("tr110.efficiency_sd_in_tr114", "it needs an interval of a standard deviation, and our findings are medians"),
        ("tr110.optimal_num_ctx", "it needs a ranking of cells by num_ctx, and the published report has none"),
    ],
)
def test_what_no_finding_can_be_is_untestable_and_says_what_is_missing(figure: str, reason: str) -> None:
    line = outcome(figure, tr110(92.0, 93.5, across="median"))
    assert line.outcome is Outcome.UNTESTABLE
    assert line.reason.startswith(reason)


def test_a_comparison_with_a_level_that_nobody_names_is_untestable() -> None:
    line = outcome("tr115.optimisation_gain", published("tr115", {}))
    assert (line.outcome, "does not name" in line.reason) == (Outcome.UNTESTABLE, True)


def test_a_spread_of_runtimes_is_untestable() -> None:
    line = outcome("tr115.runtime_impact", published("tr115", {}))
    assert (line.outcome, "spread between levels" in line.reason) == (Outcome.UNTESTABLE, True)


def test_a_clashing_condition_tests_nothing() -> None:
    found = value("contention", PERCENT, 32.0, 34.0, {"language": "rust"})
    assert outcome(CONTENTION, published("tr110", {"contention": found})).outcome is Outcome.NOT_TESTED


def test_a_finding_without_an_interval_tests_nothing() -> None:
    found = replace(value("contention", PERCENT, 32.0, 34.0, {}), interval=None)
    assert outcome(CONTENTION, published("tr110", {"contention": found})).outcome is Outcome.NOT_TESTED


def test_levels_have_the_names_of_the_earlier_series() -> None:
    of, against = ({"language": language, "configuration": "defaults"} for language in ("rust", "python"))
    found = pair("decode_tps", TOK_PER_S, of, against, 1.15, 1.16)
    line = outcome("tr111.throughput_vs_python", published("tr112", {"with_defaults": found}))
    assert line.outcome is Outcome.REPLICATED


def test_findings_that_differ_are_inconclusive() -> None:
    one = value("overlap_efficiency", PERCENT, 92.0, 93.5, {"model": "small"}, across="mean")
    other = value("overlap_efficiency", PERCENT, 50.0, 60.0, {"model": "large"}, across="mean")
    line = outcome(MEAN, published("tr110", {"one": one, "other": other}))
    assert line.outcome is Outcome.INCONCLUSIVE
    assert line.reason == "our own findings differ"


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("change", "expected"), [(-0.60, Outcome.REPLICATED), (0.0, Outcome.NOT_REPLICATED), (-0.52, Outcome.INCONCLUSIVE)]
)
def test_a_ratio_tests_a_reduction_whichever_way_round(turned: bool, change: float, expected: Outcome) -> None:
    rust, python = {"language": "rust"}, {"language": "python"}
    ratio = 1 + change
    low, high = ratio - 0.02, ratio + 0.005
    if turned:
        rust, python, low, high = python, rust, 1 / high, 1 / low
    found = pair("ttft", MS, rust, python, low, high)
    sides = tuple(value("ttft", MS, 10.0, 10.0, side, phase="cold") for side in (rust, python))
    report = published("tr112", {"ttft": replace(found, parents=sides)})
    assert outcome("tr112.ttft_vs_python", report).outcome is expected


def test_a_change_is_a_ratio_less_one() -> None:
    rust, python = (
        {"language": "rust", "configuration": "baseline"},
        {"language": "python", "configuration": "baseline"},
    )
    ratio = pair("decode_tps", TOK_PER_S, rust, python, 1.14, 1.16)
    change = replace(ratio - 1, interval=Interval(0.14, 0.16, 0.95, "joint bootstrap"))
    assert outcome("tr111.throughput_vs_python", published("tr112", {"faster": change})).outcome is Outcome.REPLICATED


def test_an_absolute_figure_of_another_machine_is_untestable() -> None:
    where = {"language": "rust"}
    found = value("ttft", MS, 600.0, 606.0, where, phase="cold")
    line = outcome("tr112.ttft_rust", published("tr112", {"cold": found}))
    assert line.outcome is Outcome.UNTESTABLE
    assert "does not name" in line.reason


def test_what_needs_a_device_says_which() -> None:
    for figure in ("tr118.prefill_latency", "tr118.prefill_vs_baseline"):
        line = outcome(figure)
        assert (line.outcome, "TensorRT" in line.reason) == (Outcome.UNTESTABLE, True)


def test_methods_and_targets_are_no_claims() -> None:
    assert outcome("tr110.configurations").outcome is Outcome.NO_CLAIM
    assert outcome("tr122.telemetry_overhead").outcome is Outcome.NO_CLAIM


def test_a_factor_without_effect_has_no_best_level() -> None:
    report = published("tr108", {}, facts=Facts(no_effect=("num_gpu",)))
    line = outcome("tr108.optimal_num_gpu", report)
    assert line.outcome is Outcome.UNTESTABLE
    assert "one configuration" in line.reason
    assert outcome("tr108.optimal_num_ctx", report).outcome is Outcome.UNTESTABLE
    assert outcome("tr110.optimal_num_gpu", report).outcome is Outcome.NOT_TESTED


def ranking(*best: int, levels: tuple[int, ...] = (512, 2048)) -> Ranking:
    cells = {f"num_ctx {level}": value("decode_tps", TOK_PER_S, 90.0, 95.0, {"num_ctx": level}) for level in levels}
    return Ranking("best", "decode speed", cells, True, tuple(f"num_ctx {level}" for level in best))  # noqa: FBT003


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (ranking(512), Outcome.REPLICATED),
        (ranking(2048), Outcome.NOT_REPLICATED),
        (ranking(512, 2048), Outcome.INCONCLUSIVE),
        (ranking(), Outcome.NOT_TESTED),
        (ranking(512, levels=(512,)), Outcome.NOT_TESTED),
        (ranking(1024, levels=(1024, 2048)), Outcome.NOT_TESTED),
    ],
)
def test_a_ranking_tests_an_optimum(found: Ranking, expected: Outcome) -> None:
    line = outcome("tr108.optimal_num_ctx", published("tr108", {}, claims={"best": found}))
    assert line.outcome is expected
    assert line.claims == (() if expected is Outcome.NOT_TESTED else (found,))


def test_a_ranking_that_does_not_vary_the_factor_tests_nothing() -> None:
    found = ranking(512)
    line = outcome("tr108.optimal_temperature", published("tr108", {}, claims={"best": found}))
    assert line.outcome is Outcome.UNTESTABLE


def test_rankings_that_differ_between_models_are_inconclusive() -> None:
    report = published("tr108", {}, claims={"best-a": ranking(512), "best-b": replace(ranking(2048), id="best-b")})
    assert outcome("tr108.optimal_num_ctx", report).outcome is Outcome.INCONCLUSIVE


def test_coverage_counts_every_figure_once() -> None:
    everything = AllReports.load(CITED, SERIES, [tr110(92.0, 93.5)])
    lines = coverage(everything.series.entries, everything.replications)
    assert [line.report for line in lines] == [*everything.series.entries, None]
    assert total(lines).figures == len(everything.cited) == len(everything.replications)
    found = {line.report: line for line in lines}
    assert found["tr110"].counts[Outcome.REPLICATED] == 1
    assert found["tr110"].counts[Outcome.NOT_REPLICATED] == 1
    assert found["tr116"].counts[Outcome.NOT_REPLICATED] == 1
    assert total(lines).tested == sum(line.tested for line in lines)


def test_a_mean_above_it_refutes_a_ceiling_and_one_below_it_proves_nothing() -> None:
    assert outcome("tr116.python_ceiling", tr110(92.0, 93.5)).outcome is Outcome.NOT_REPLICATED
    assert outcome("tr116.python_ceiling", tr110(80.0, 81.0)).outcome is Outcome.INCONCLUSIVE
