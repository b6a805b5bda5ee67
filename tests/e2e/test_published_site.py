"""The site of this project: its datasets, its prose and its reviewed claims build, and nothing shown is wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hooks.verify import verify
from tests.support.projects import ROOT

MOST_BYTES = 260_000  # before compression; TR122, the heaviest, has 251 kB: some 680 numbers in tables


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "project"
    for name in ("docs", "templates", "data"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "hooks").mkdir()
    shutil.copy(ROOT / "mkdocs.yml", folder)
    shutil.copy(ROOT / "hooks" / "site.py", folder / "hooks")
    kept = {name: value for name, value in os.environ.items() if name not in ("SOURCE_DATE_EPOCH", "BINDERY_DATA")}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    environment = {**kept, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=1500
    )
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    return folder / "site"


def test_nothing_shown_is_wrong(site: Path) -> None:
    report = verify(site)
    assert report.passed, "\n".join(report.lines())


def test_a_report_is_light(site: Path) -> None:
    sizes = {page.name: page.stat().st_size for page in (site / "reports").glob("*.html")}
    assert len(sizes) >= 3
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
