"""Builds the real site from a synthetic dataset, as `mkdocs build` does for a reader."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from hooks.sealing import seal_site
from tests.support.datasets import make_dataset
from tests.support.projects import copy_project

KEPT = ("data", "summary.json", "feed.xml")
REPORT = Path("reports/tr108.html")


def build_site(folder: Path) -> Path:
    """The whole site but its notebooks, of a synthetic tr108 in ``folder / "data"``.

    Raises ``AssertionError`` with MkDocs' words.
    """
    make_dataset(folder / "data", runs=6, requests=2, tokens=8, effect={"threads=2": 1.5})
    project = copy_project(folder / "project")
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", project / "mkdocs.yml", "-d", folder / "site"]
    environment = {**os.environ, "BINDERY_DATA": str(folder / "data"), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def only_page(site: Path, out: Path, page: Path = REPORT) -> Path:
    """A copy with one page, its files and the datasets, sealed anew: everything that its numbers live in."""
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site)
        kept = name == page or name.is_relative_to(page.with_suffix("")) or name.parts[0] in KEPT
        if path.is_file() and kept:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, out / name)
    seal_site(out)
    return out
