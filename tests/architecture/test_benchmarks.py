"""Every benchmark begins as the script that `make bench` runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
SCRIPTS = sorted(path.name for path in BENCHMARKS.glob("[a-z]*.py"))
BEGIN = """
import json, runpy, sys, traceback
given, failed = list(sys.path), {}
for name in json.loads(sys.argv[1]):
    sys.path[:] = given
    try:
        runpy.run_path(name, run_name="imported")
    except Exception:
        failed[name] = traceback.format_exc()
print(json.dumps(failed))
"""


@pytest.fixture(scope="module")
def failed() -> dict[str, str]:
    """The scripts that do not begin, with their errors. One process tries all, for most import the same."""
    command = [sys.executable, "-c", BEGIN, json.dumps(SCRIPTS)]
    done = subprocess.run(command, cwd=BENCHMARKS, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-1000:]
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", SCRIPTS)
def test_its_imports_are_there(name: str, failed: dict[str, str]) -> None:
    assert failed.get(name, "") == ""
