"""What is committed is source and data: no build outputs, nothing large, no path of the machine it was written on."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.projects import ROOT

BUILT = {"target", "node_modules", "__pycache__", ".venv", "site"}
MOST_BYTES = 8_000_000  # the requests of one block of TR117-agents with all their arrival times are 5.8 MB


def committed() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in told.split("\0") if name and (ROOT / name).is_file()]


def test_no_build_output_is_committed() -> None:
    assert [path for path in committed() if BUILT & set(path.relative_to(ROOT).parts[:-1])] == []


def test_no_committed_file_is_large() -> None:
    assert [path for path in committed() if path.stat().st_size > MOST_BYTES] == []


def test_no_committed_file_holds_a_path_of_this_machine() -> None:
    places = [f"{place}/".encode() for place in (ROOT, Path.home()) if len(place.parts) > 1]
    assert [path for path in committed() if any(place in path.read_bytes() for place in places)] == []
