"""The instrument's identity follows its code."""

from __future__ import annotations

import shutil
from pathlib import Path

from harness.outcomes import Missing
from harness.probes.client import _FOLDER, RECEIVE_PATH, facts


def test_every_file_of_the_receive_path_exists() -> None:
    assert all((_FOLDER / name).is_file() for name in RECEIVE_PATH)


def test_a_changed_line_is_another_instrument(tmp_path: Path) -> None:
    for name in RECEIVE_PATH:
        shutil.copy(_FOLDER / name, tmp_path)
    same = facts(tmp_path)
    assert same == facts()
    with (tmp_path / "receiver.py").open("a") as file:
        file.write("\n")
    assert facts(tmp_path) != same


def test_a_missing_file_is_an_unknown_instrument(tmp_path: Path) -> None:
    assert facts(tmp_path) == {"client": Missing.NOT_REPORTED}
