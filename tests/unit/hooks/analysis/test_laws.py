"""Laws over the cells of a dataset: what was put in, against statsmodels and scipy, and again by the referee."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from pydantic import TypeAdapter
from scipy.stats import spearmanr

from harness.datasets.read import Dataset
from harness.errors import UsageError
from harness.units import ONE
from hooks.analysis.laws import LEFT_OUT, NO_NUMBER, correlation, metric_axis, slope
from hooks.analysis.measurements import Measurements
from hooks.analysis.questions import ask
from hooks.values.evidence import Strength
from hooks.values.questions import Axis, LevelAxis, OfDataset, SettingAxis, question_record
from hooks.values.value import Value
from hooks.verify.reader.dataset import Sealed, sealed_datasets
from hooks.verify.reader.questions_json import StatedQuestion
from hooks.verify.reader.samples import Samples
from hooks.verify.recompute.equality import same
from hooks.verify.recompute.questions import answer_of
from tests.support.scaling import POWER, SIZES, make_scaling

STATED: TypeAdapter[Any] = TypeAdapter(StatedQuestion)
THREADS = LevelAxis(factor="threads")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("scaling")
    make_scaling(found)
    return found


@pytest.fixture(scope="module")
def data(root: Path) -> Measurements:
    return Measurements(Dataset.open(root / "tr900" / "v1"))


@pytest.fixture(scope="module")
def samples(root: Path) -> Samples:
    (sealed,) = sealed_datasets(root)
    assert isinstance(sealed, Sealed)
    return Samples(sealed)


def medians(data: Measurements, metric: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The median over the runs of each size, asked one by one."""
    return np.array([data.value(metric, {"threads": size}).number for size in SIZES], np.float64)


def test_the_exponent_that_was_put_in_is_found(data: Measurements) -> None:
    found = slope(data, "decode_tps", THREADS)
    assert (found.unit, found.strength, found.n) == (ONE, Strength.DERIVED, 71)
    assert found.interval is not None
    assert found.interval.low < POWER < found.interval.high
    assert slope(data, "tpot", THREADS).number == pytest.approx(-POWER, abs=0.02)


def test_an_exponent_is_that_of_statsmodels(data: Measurements) -> None:
    fit = sm.OLS(np.log(medians(data, "e2e_latency")), sm.add_constant(np.log(SIZES))).fit()
    found = slope(data, "e2e_latency", THREADS)
    assert found.number == pytest.approx(fit.params[1])
    assert found.interval is not None
    assert [found.interval.low, found.interval.high] == pytest.approx(fit.conf_int()[1].tolist())


def test_a_size_may_be_what_the_engine_reported_or_another_metric(data: Measurements) -> None:
    by_level = slope(data, "decode_tps", THREADS)
    reported = slope(data, "decode_tps", SettingAxis(key="threads"))
    assert (reported.number, reported.interval) == (by_level.number, by_level.interval)
    assert reported.id != by_level.id
    assert slope(data, "tpot", metric_axis("decode_tps")).number == pytest.approx(-1, abs=0.001)


def test_a_correlation_is_that_of_scipy(data: Measurements) -> None:
    found = correlation(data, "engine_rss_peak", metric_axis("load_time"))
    expected = spearmanr(medians(data, "engine_rss_peak"), medians(data, "load_time"))
    assert found.number == pytest.approx(expected.statistic)
    assert found.interval is not None
    assert found.interval.low < expected.statistic < found.interval.high
    assert correlation(data, "ttft", THREADS).number == -1


@pytest.mark.parametrize(
    ("metric", "over", "where", "missing"),
    [
        ("ttft", THREADS, {"threads": [1, 2, 3]}, "too_few_samples"),
        ("ttft", SettingAxis(key="no_such_setting"), {}, "not_reported"),
        ("ttft", SettingAxis(key="model"), {}, "not_reported"),
        ("engine_cpu_share", THREADS, {}, "not_reported"),
        ("ttft", metric_axis("engine_cpu_share"), {}, "not_reported"),
        ("ttft", THREADS, {"threads": 99}, "not_applicable"),
    ],
)
def test_a_law_that_cannot_be_fitted_says_why(
    data: Measurements, samples: Samples, metric: str, over: Axis, where: Mapping[str, Any], missing: str
) -> None:
    for law in (slope, correlation):
        found = law(data, metric, over, where)
        assert (found.number, found.missing, found.n) == (None, missing, 0)
        assert again(samples, found).number is None


def test_levels_that_are_no_numbers_are_no_axis(measured: Measurements) -> None:
    assert slope(measured, "ttft", LevelAxis(factor="model")).missing == NO_NUMBER
    assert correlation(measured, "ttft", SettingAxis(key="model_sha256")).missing == NO_NUMBER
    with pytest.raises(UsageError, match="no factor 'colour'"):
        slope(measured, "ttft", LevelAxis(factor="colour"))


def test_runs_of_one_size_are_one_point(measured: Measurements) -> None:
    """Four cells with one thread and four with two are two sizes, however many runs."""
    assert slope(measured, "ttft", LevelAxis(factor="threads")).missing == "too_few_samples"
    assert correlation(measured, "ttft", LevelAxis(factor="threads")).missing == "too_few_samples"


def test_cells_without_a_number_on_the_axis_are_left_out_and_that_is_said(data: Measurements) -> None:
    """The engine reported another setting in all runs but those of one size."""
    for run, found in data.settings.items():
        if run.startswith(data.dataset.runs["cell_id"].to_pylist()[0]):
            found.pop("size", None)
        else:
            found["size"] = found["threads"]
    fitted = slope(data, "decode_tps", SettingAxis(key="size"))
    assert fitted.caution == LEFT_OUT
    assert fitted.n is not None
    assert 60 <= fitted.n < 71


def again(samples: Samples, value: Value) -> Any:
    assert value.question is not None
    return answer_of(samples, STATED.validate_python(question_record(value.question)))


@pytest.mark.parametrize("over", [THREADS, SettingAxis(key="threads"), metric_axis("ttft"), metric_axis("load_time")])
@pytest.mark.parametrize("metric", ["decode_tps", "e2e_latency", "load_time", "engine_rss_peak"])
def test_both_are_answered_again_by_others(data: Measurements, samples: Samples, metric: str, over: Axis) -> None:
    for law in (slope, correlation):
        found = law(data, metric, over)
        assert isinstance(found.question, OfDataset)
        assert ask(data, found.question) == found
        other = again(samples, found)
        assert (other.n, other.meaning, other.unit) == (found.n, found.definition, found.unit)
        assert same(other.number, found.number)
        assert found.interval is not None
        assert other.interval is not None
        assert same(other.interval.low, found.interval.low)
        assert same(other.interval.high, found.interval.high)
        assert other.interval.method == found.interval.method
