"""The verifier answers questions to a calibration, and counts flags, by itself."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from harness.datasets.read import Dataset
from hooks.analysis.calibration import Instrument, instrument_content
from hooks.values.questions import question_record
from hooks.verify.reader.dataset import Sealed, sealed_datasets
from hooks.verify.reader.questions_json import StatedCalibration, StatedFlagged
from hooks.verify.reader.samples import CannotAnswer, Samples
from hooks.verify.recompute.calibration import error_at
from hooks.verify.recompute.counts import flagged
from hooks.verify.recompute.questions import answer_of
from tests.support.calibrations import make_calibration


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_calibration(tmp_path_factory.mktemp("verified"))


@pytest.fixture(scope="module")
def samples(folder: Path) -> Samples:
    (sealed,) = sealed_datasets(folder)
    assert isinstance(sealed, Sealed)
    return Samples(sealed)


def test_it_agrees_with_what_is_published(folder: Path, samples: Samples) -> None:
    values = list(instrument_content(Instrument(Dataset.open(folder))).values())
    assert len(values) > 40
    for value in values:
        assert value.question is not None
        found = answer_of(samples, StatedCalibration.model_validate(question_record(value.question)))
        assert (found.number, found.n, found.unit, found.meaning) == (
            value.number,
            value.n,
            value.unit,
            value.definition,
        )


def test_another_load_has_another_answer(samples: Samples) -> None:
    assert error_at(samples, "ttft.p50", {"streams": [1]}) != error_at(samples, "ttft.p50", {"streams": [8]})
    assert error_at(samples, "ttft.p50", {"streams": [2]}) == (None, 0)


@pytest.mark.parametrize(("name", "where"), [("ttft.p12", {}), ("ttft.p50", {"model": ["m"]})])
def test_what_a_calibration_does_not_hold_is_refused(samples: Samples, name: str, where: dict[str, list[str]]) -> None:
    with pytest.raises(CannotAnswer):
        error_at(samples, name, where)  # type: ignore[arg-type]


def test_flags_of_runs_that_failed_do_not_count() -> None:
    rows = [
        {"outcome": "ok", "flags": '{"loop_lag":"late"}'},
        {"outcome": "degraded", "flags": '{"loop_lag":"late","drift":"x"}'},
        {"outcome": "failed", "flags": '{"loop_lag":"late"}'},
        {"outcome": "ok", "flags": None},
    ]
    samples = cast("Samples", SimpleNamespace(runs=rows))
    for flag, number in (("loop_lag", 2), ("throttling", 0)):
        asked = StatedFlagged(kind="flagged", dataset="tr900/v1", digest="d", other_recording=False, flag=flag)
        assert flagged(samples, asked).number == number
