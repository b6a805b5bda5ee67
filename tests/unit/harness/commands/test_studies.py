"""`harness studies` tells the sessions of the study as it is declared today."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness.commands import studies as command
from harness.design import Study
from tests.support.datasets import make_dataset, synthetic_study


class Declared(dict[str, Study]):
    """Studies by name, as the registry has them."""

    load = dict.__getitem__


def test_recorded_sessions_stand_beside_the_wanted_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    study = replace(synthetic_study(), sessions=6)
    for seed, declared in enumerate((study, replace(study, sessions=7), replace(study, order_seed=7))):
        make_dataset(tmp_path, study=declared, runs=1, requests=1, seed=seed, session={})
    make_dataset(tmp_path, study=study, runs=2, requests=1, seed=9)
    monkeypatch.setattr(command, "STUDIES", Declared(tr108=study, tr900=synthetic_study("tr900")))
    command.studies(as_json=True, data=tmp_path)
    told = {row["id"]: row["sessions"] for row in json.loads(capsys.readouterr().out)}
    assert told == {"tr108": {"recorded": 2, "wanted": 6}, "tr900": {"recorded": 0, "wanted": 0}}
    command.studies(data=tmp_path)
    out = capsys.readouterr().out
    assert "2 of 6" in out
    assert "–" in out
