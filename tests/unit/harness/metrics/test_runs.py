"""Requests reduced to runs, and runs selected."""

from __future__ import annotations

import numpy as np
import pytest

from harness.errors import DatasetCorrupt, UnknownName, UsageError
from harness.metrics import metric as metric_named
from harness.metrics.definition import PRESENT, REASONS
from harness.metrics.reduce import reduce_by
from harness.metrics.runs import RunValues, columns_of, per_run, per_runs, select
from harness.outcomes import Missing
from harness.units import MS as UNIT_MS
from harness.units import RATIO
from tests.support.tables import MS, requests_table, runs_table


def request(run: str, *arrivals_ms: int, **fields: object) -> dict[str, object]:
    return {"run_id": run, "sent_ns": 0, "arrivals_ns": [t * MS for t in arrivals_ms], **fields}


REQUESTS = requests_table(
    [
        request("r1", 90, 190, phase="cold"),
        request("r1", 10, 20),
        request("r1", 20, 60),
        request("r2", 40, 50, outcome="failed", outcome_code="closed_early"),
        request("r2"),
        request("r2", 50, 60, outcome="failed", outcome_code="closed_early"),
        request("r3", 30, 40),
    ]
)
RUNS = runs_table(
    [
        {"load_ns": 5 * MS},
        {},
        {"outcome": "failed", "outcome_code": "engine_exited"},
        {"cell_id": "c2", "load_ns": 7 * MS},
    ],
    threads=[1, 2, 1, 2],
    kv=["f16", "f16", "q8_0", "q8_0"],
)


def named(values: RunValues) -> list[float | Missing | None]:
    return [REASONS[code] if code else float(value) for value, code in zip(values.values, values.reason, strict=True)]


def test_mean_over_the_requests_of_a_run() -> None:
    found = per_run(RUNS, REQUESTS, "ttft")
    assert named(found) == [15.0, Missing.REQUEST_FAILED, Missing.RUN_FAILED, Missing.NOT_APPLICABLE]
    assert found.requests.tolist() == [2, 2, 1, 0]
    assert found.unit == UNIT_MS
    assert found.present.tolist() == [15.0]
    assert found.missing == {Missing.REQUEST_FAILED: 1, Missing.RUN_FAILED: 1, Missing.NOT_APPLICABLE: 1}


def test_a_first_request_is_set_against_the_later_ones_of_its_run() -> None:
    cold, warm = (per_run(RUNS, REQUESTS, "ttft", phase=phase) for phase in ("cold", "measured"))
    found = cold.over(warm)
    assert (found.unit, found.phase) == (RATIO, "cold/measured")
    assert found.values[0] == 90.0 / warm.values[0]
    gone = cold.reason != PRESENT
    assert gone.any()
    assert (found.reason[gone] == cold.reason[gone]).all()
    assert np.isnan(found.values[gone]).all()


def test_a_phase_of_its_own() -> None:
    assert named(per_run(RUNS, REQUESTS, "ttft", phase="cold"))[0] == 90.0


@pytest.mark.parametrize(
    ("within", "expected"),
    [("median", 15.0), ("min", 10.0), ("max", 20.0), ("sum", 30.0), ("p50", Missing.TOO_FEW_SAMPLES)],
)
def test_reductions(within: str, expected: float | Missing) -> None:
    assert named(per_run(RUNS, REQUESTS, "ttft", within=within))[0] == expected


def test_a_pooled_rate_is_a_ratio_of_sums_not_a_mean_of_ratios() -> None:
    assert named(per_run(RUNS, REQUESTS, "decode_tps", within="mean"))[0] == pytest.approx((100 + 25) / 2)
    assert named(per_run(RUNS, REQUESTS, "decode_tps", within="pooled"))[0] == pytest.approx(2 / 0.050)


def test_what_is_no_rate_cannot_be_pooled() -> None:
    with pytest.raises(UsageError, match="no rate"):
        per_run(RUNS, REQUESTS, "ttft", within="pooled")


def test_token_gaps_belong_to_their_run() -> None:
    found = per_run(RUNS, REQUESTS, "itl")
    assert named(found)[0] == 25.0
    assert found.requests.tolist()[0] == 2


def test_a_run_level_metric() -> None:
    assert named(per_run(RUNS, REQUESTS, "load_time")) == [5.0, Missing.NOT_REPORTED, Missing.RUN_FAILED, 7.0]


def test_percentiles_within_a_run_need_their_n() -> None:
    rows = [request("r1", t) for t in range(59)] + [request("r2", t) for t in range(58)]
    found = per_run(runs_table([{}, {}]), requests_table(rows), "ttft", within="p95")
    assert named(found) == [pytest.approx(np.quantile(np.arange(59), 0.95)), Missing.TOO_FEW_SAMPLES]


def test_many_metrics_at_once_equal_each_alone() -> None:
    together = per_runs(RUNS, REQUESTS, ["ttft", "itl", "load_time"])
    for metric_id, found in together.items():
        assert named(found) == named(per_run(RUNS, REQUESTS, metric_id))


def test_select_by_factor_column_and_list() -> None:
    found = per_run(RUNS, REQUESTS, "ttft")
    assert select(found, {"threads": 1}).columns["run_id"].tolist() == ["r1", "r3"]
    assert select(found, {"threads": 2, "kv": "q8_0"}).columns["run_id"].tolist() == ["r4"]
    assert select(found, {"run_id": ["r1", "r2"]}).columns["kv"].tolist() == ["f16", "f16"]
    assert len(select(found, {"kv": []})) == 0
    assert len(select(found, {})) == 4


def test_unknown_names_say_what_there_is() -> None:
    found = per_run(RUNS, REQUESTS, "ttft")
    with pytest.raises(UsageError, match="threads"):
        select(found, {"thread": 1})
    with pytest.raises(UnknownName, match="ttft"):
        per_run(RUNS, REQUESTS, "tfft")
    with pytest.raises(UsageError, match="p95"):
        per_run(RUNS, REQUESTS, "ttft", within="typical")
    with pytest.raises(UsageError, match="p100"):
        per_run(RUNS, REQUESTS, "ttft", within="p100")


def test_a_request_of_no_run_is_corruption() -> None:
    with pytest.raises(DatasetCorrupt, match="no run"):
        per_run(RUNS, requests_table([request("r9", 1)]), "ttft")


def test_present_is_in_session_order() -> None:
    runs = runs_table([{"position": 1}, {"position": 0}])
    found = per_run(runs, requests_table([request("r1", 1), request("r2", 2)]), "ttft")
    assert found.present.tolist() == [2.0, 1.0]


@pytest.mark.parametrize("each", [3, 200])
@pytest.mark.parametrize("within", ["min", "median", "p95", "max"])
def test_long_runs_reduce_as_short_ones_do_in_any_order(each: int, within: str) -> None:
    values = np.random.default_rng(0).lognormal(size=(4, each))
    owner = np.repeat([3, 0, 2, 4], each)
    mixed = np.random.default_rng(1).permutation(4 * each)
    share = {"min": 0, "median": 50, "p95": 95, "max": 100}[within]
    wanted = np.percentile(values[[1, 1, 2, 0, 3]], share, axis=1)
    wanted[1] = np.nan
    for order in (np.arange(4 * each), np.argsort(owner, kind="stable"), mixed):
        found = reduce_by(values.ravel()[order], owner[order], 5, within)
        np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_a_record_of_runs_says_the_same() -> None:
    found = per_run(RUNS, REQUESTS, "ttft")
    again = RunValues.of_record(found.record(), metric_named("ttft"), "measured", "mean", columns_of(RUNS))
    assert again.record() == found.record()
    assert None in found.record()["values"]
    assert (again.unit, again.phase, again.within) == (found.unit, found.phase, found.within)
    np.testing.assert_array_equal(again.values, found.values)
    assert again.columns.keys() == found.columns.keys()


def test_of_many_names_those_are_said_that_are_alike() -> None:
    with pytest.raises(UnknownName) as error:
        per_run(RUNS, REQUESTS, "ttfft")
    said = str(error.value)
    assert said.startswith("unknown metric 'ttfft'; choose one of: ttft, ")
    assert said.endswith(" others")
    assert len(said) < 250
