"""What factors did, from the runs of a small dataset."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest

from harness.errors import UnknownName
from harness.metrics.factors import effective_settings, factor_report
from harness.metrics.runs import RunValues, per_run
from harness.outcomes import Missing
from tests.support.tables import MS, requests_table, runs_table

LAYERS, THREADS, BLOCKS = (0, 20, 999), (1, 2), 6


def dataset(seed: int = 0, failed: int | None = None) -> tuple[pa.Table, RunValues]:
    """``num_gpu`` is ignored by the engine; two threads halve the TTFT."""
    rng = np.random.default_rng(seed)
    cells = [(layers, threads) for layers in LAYERS for threads in THREADS]
    made = [(block, cell) for block in range(BLOCKS) for cell in rng.permutation(cells).tolist()]
    rows: list[dict[str, object]] = [{"block": block, "effective": json.dumps({"gpu_layers": 0})} for block, _ in made]
    if failed is not None:
        rows[failed] = {"block": 0, "outcome": "failed", "outcome_code": "engine_exited"}
    runs = runs_table(rows, num_gpu=[layers for _, (layers, _) in made], threads=[threads for _, (_, threads) in made])
    requests = [
        {"run_id": f"r{i + 1}", "arrivals_ns": [int(100 * MS / threads * np.exp(0.02 * rng.standard_normal()))]}
        for i, (_, (_, threads)) in enumerate(made)
    ]
    return runs, per_run(runs, requests_table(requests), "ttft")


def test_a_factor_that_the_engine_ignored_is_one_configuration_and_an_aa_test() -> None:
    runs, ttft = dataset()
    found = factor_report(ttft, runs, "num_gpu", effective="gpu_layers", margin=0.05)
    (merged,) = found.merged
    assert set(merged.levels) == set(LAYERS)
    assert merged.effective == (0,)
    assert merged.aa is not None
    assert merged.aa.passes
    assert merged.aa.n == 36
    assert found.effects == ()


def test_a_failed_run_does_not_hide_that() -> None:
    runs, ttft = dataset(failed=3)
    (merged,) = factor_report(ttft, runs, "num_gpu", effective="gpu_layers", margin=0.05).merged
    assert set(merged.levels) == set(LAYERS)
    assert merged.aa is not None
    assert merged.aa.n == 35


def test_without_evidence_levels_are_compared_instead() -> None:
    runs, ttft = dataset()
    found = factor_report(ttft, runs, "num_gpu", effective=None, margin=0.05)
    assert found.merged == ()
    assert [effect.verdict for effect in found.effects] == ["equivalent", "equivalent"]
    assert [effect.comparison.n for effect in found.effects] == [6, 6]


def test_a_factor_with_an_effect() -> None:
    runs, ttft = dataset()
    (found,) = factor_report(ttft, runs, "threads", effective="threads", margin=0.05).effects
    assert found.verdict == "effect"
    expected = 0.5 if found.level == 2 else 2.0
    assert found.comparison.estimate.value == pytest.approx(expected, rel=0.03)


def test_no_value_no_aa_test() -> None:
    runs, _ = dataset()
    nothing = per_run(runs, requests_table([]), "ttft")
    assert nothing.missing == {Missing.NOT_APPLICABLE: 36}
    (merged,) = factor_report(nothing, runs, "num_gpu", effective="gpu_layers", margin=0.05).merged
    assert merged.aa is None


def test_an_unknown_factor_lists_the_known() -> None:
    runs, ttft = dataset()
    with pytest.raises(UnknownName, match="threads"):
        factor_report(ttft, runs, "thread", effective=None, margin=0.05)


def test_effective_settings_of_runs() -> None:
    runs = runs_table([{"effective": '{"threads": 2}'}, {"effective": "{}"}, {}])
    assert effective_settings(runs, "threads") == [2, None, None]
