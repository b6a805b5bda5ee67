"""Registries import what they name when it is asked for, and say in one line where that is no Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import NoPython, UnknownName
from harness.registry import Registry


def test_a_module_that_is_no_python_is_one_line_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "half_written.py").write_text("X = 1\nY = (\n")
    monkeypatch.syspath_prepend(tmp_path)
    things = Registry[object]("thing", ("half", "half_written:X"))
    with pytest.raises(NoPython, match=r"^half_written\.py:2: it is no Python: '\(' was never closed$"):
        things.load("half")


def test_what_is_not_registered_is_told_with_what_is() -> None:
    things = Registry[object]("thing", ("one", "math:pi"))
    assert things.load("one") == pytest.approx(3.14159)
    with pytest.raises(UnknownName, match="unknown thing 'two'; choose one of: one"):
        things.load("two")
