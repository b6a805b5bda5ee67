"""Builds the real site from a synthetic dataset, as `mkdocs build` does for a reader."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hooks.outputs.file_list import seal_site
from tests.support.datasets import make_dataset
from tests.support.projects import copy_project, publish

ADDRESS = "http://bindery.localhost/"
"""Where the site says that it is: cards and codes on paper name it."""
KEPT = ("data", "summary.json", "feed.xml")
REPORT = Path("reports/tr108.html")
OTHER_MACHINE = {"host_id": "feed", "cpu_model": "Other CPU", "cores_allowed": 1}
"""What tells the machine of the other recording."""
TABS = '=== "Drawn"\n\n    {{ chart("starts")|indent(4) }}\n\n=== "Said"\n\n    A first request waits.\n'
"""What stands for a chart of the page, so that one is in a tab."""
SAID = 'A second thread {{ in_all_recordings("threads-gemma-3-270m-q4-k-m-2") }}.\n\n'


def build_site(folder: Path, store: Path | None = None) -> Path:
    """The whole site but its notebooks, of a synthetic tr108 with a recording of another machine.

    Raises ``AssertionError`` with MkDocs' words.
    """
    project = copy_project(folder / "project", store)
    small: dict[str, Any] = {"runs": 6, "requests": 2, "tokens": 8}
    make_dataset(project / "data", effect={"threads=2": 1.5}, **small)
    make_dataset(project / "data", effect={"threads=2": 0.8}, seed=1, environment=OTHER_MACHINE, **small)
    publish(project, "dataset: v1\nrecordings: [v2]", SAID)
    prose = project / "docs/reports/tr108.md"
    prose.write_text(prose.read_text(encoding="utf-8").replace('{{ chart("starts") }}\n', TABS), encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", project / "mkdocs.yml", "-d", folder / "site"]
    settings = {"BINDERY_DATA": str(project / "data"), "BINDERY_SITE_URL": ADDRESS, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, check=False)
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
