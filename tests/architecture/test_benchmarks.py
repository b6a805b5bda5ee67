"""Every benchmark begins as the script that `make bench` runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("path", sorted((ROOT / "tests/benchmarks").glob("[a-z]*.py")), ids=lambda path: path.stem)
def test_its_imports_are_there(path: Path) -> None:
    code = f"import runpy; runpy.run_path({str(path)!r}, run_name='imported')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=path.parent, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr[-1000:]
