"""Builds the site of this project as it is published: its datasets, its prose and its reviewed claims."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.projects import ROOT


def build_published(folder: Path) -> Path:
    """The site in ``folder/site``, of a copy of the project. Raises ``AssertionError`` with MkDocs' words."""
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
