"""The audit of a calibration is made once for the same files, and again where one of them changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.validity import audit
from tests.support.calibrations import make_calibration


def test_the_same_files_are_judged_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []
    judge = audit.audit

    def counted(dataset: Dataset, data: Path) -> tuple[audit.Row, ...]:
        made.append(dataset.path)
        return judge(dataset, data)

    monkeypatch.setattr(audit, "audit", counted)
    folder = make_calibration(tmp_path, late_ms=0.2, seed=1, flags={"foreign_load": "a compiler"})
    first = audit.objections(Dataset.open(folder), tmp_path)
    assert [row.rule for row in first] == ["foreign_load"]
    assert audit.objections(Dataset.open(folder, verify=False), tmp_path) == first
    assert made == [folder]
    os.utime(folder / "runs.parquet", ns=(1, 1))
    assert audit.objections(Dataset.open(folder), tmp_path) == first
    assert made == [folder, folder]
