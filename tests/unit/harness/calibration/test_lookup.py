"""A calibration vouches only for its own host and instrument."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.calibration import lookup
from harness.calibration.lookup import applicable
from harness.datasets.catalog import Ref
from harness.datasets.read import Dataset
from harness.design import plan
from harness.processes.json_lines import dump, load
from harness.protocols.envelope import Envelope, Point
from harness.protocols.run_spec import RunSpec, run_spec
from harness.studies import STUDIES
from harness.validity.audit import Row, Severity, Verdict, objections
from tests.support.calibrations import make_calibration

HERE = {"host_id": "h1", "client": "c1", "python": "CPython 3.11", "scheduling": "normal, nice 0", "cores_allowed": 2}


class Shelf:
    """Calibrations by version, with the environment that each was taken in."""

    def __init__(self, *taken: tuple[str, dict[str, str | int | None]]) -> None:
        self.taken = taken
        self.objections: dict[int, tuple[Row, ...]] = {}

    def versions(self, _root: Path, study: str) -> tuple[Ref, ...]:
        assert study == "calibration"
        return tuple(
            Ref(study, n, Path(str(n)), "d", "t", profile, "f", "m", ()) for n, (profile, _) in enumerate(self.taken, 1)
        )

    def open(self, path: Path, *, verify: bool) -> object:
        del verify
        environment = self.taken[int(path.name) - 1][1]
        return type("Found", (), {"version": int(path.name), "manifest": type("M", (), {"environment": environment})})


def found(monkeypatch: pytest.MonkeyPatch, shelf: Shelf, environment: dict[str, str | int | None]) -> int | None:
    monkeypatch.setattr(lookup, "newest_first", lambda data: shelf.versions(data, "calibration")[::-1])
    monkeypatch.setattr(lookup.Dataset, "open", shelf.open)
    monkeypatch.setattr(lookup, "objections", lambda dataset, _: shelf.objections.get(dataset.version, ()))
    result = applicable(Path(), environment)
    return getattr(result, "version", None)


def test_the_newest_of_the_same_host_and_client(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(
        ("quick", {**HERE}),
        ("full", {**HERE, "kernel": "other"}),
        ("quick", {**HERE, "client": "c2"}),
        ("quick", {**HERE, "host_id": "h2"}),
        ("quick", {**HERE, "cores_allowed": 1}),
        ("smoke", {**HERE}),
    )
    assert found(monkeypatch, shelf, {**HERE}) == 2


def test_one_that_fails_its_own_audit_vouches_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(("quick", {**HERE}), ("quick", {**HERE}), ("quick", {**HERE}))
    shelf.objections[3] = (Row("foreign_load", Verdict.BROKEN, Severity.ERROR, "54 of 54 runs"),)
    assert found(monkeypatch, shelf, {**HERE}) == 2


def test_what_forbids_a_calibration_to_vouch_is_told_from_what_does_not(tmp_path: Path) -> None:
    clean = Dataset.open(make_calibration(tmp_path, late_ms=0.2, seed=1))
    assert objections(clean, tmp_path) == ()
    disturbed = Dataset.open(make_calibration(tmp_path, late_ms=0.2, seed=2, flags={"foreign_load": "a compiler"}))
    (row,) = objections(disturbed, tmp_path)
    assert row.rule == "foreign_load"
    assert "a compiler" in row.evidence


@pytest.mark.parametrize("name", lookup.MUST_AGREE)
def test_unknown_agrees_with_nothing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    unknown = {**HERE, name: None}
    assert found(monkeypatch, Shelf(("quick", {**unknown})), {**unknown}) is None


def test_no_calibration_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, Shelf(), {**HERE}) is None


def test_an_envelope_survives_the_way_to_the_worker() -> None:
    study = STUDIES.load("calibration")
    profile = study.profile("smoke")
    planned = plan(study.matrix("smoke").cells(), 1, 1)[0]
    envelope = Envelope("abc", (Point(8, 10.0, 5.0, 0.1, 0.02),))
    spec = run_spec(study, profile, planned, "log", envelope)
    assert load(RunSpec, dump(spec)) == spec
    assert load(RunSpec, dump(replace(spec, envelope=None))).envelope is None
