"""Copies of this project that a test may change, and a synthetic dataset to publish in them."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.datasets import make_dataset

ROOT = Path(__file__).parent.parent.parent
EFFECT = {"threads=2": 1.5}


def copy_project(folder: Path) -> Path:
    """The parts of the project that pages are made of, in ``folder``; its data root holds only cited figures.

    Notebooks are left out, for each would start a kernel; and so is the prose of other reports, whose datasets are not
    copied either.
    """
    left_out = shutil.ignore_patterns("notebooks", "tr1[!0]*")
    for name in ("docs", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    shutil.copytree(ROOT / "data" / "cited", folder / "data" / "cited")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    (folder / "hooks").mkdir()
    shutil.copy(ROOT / "hooks" / "site.py", folder / "hooks")
    return folder


def record(data: Path, **options: object) -> Path:
    """A synthetic TR108 dataset under ``data`` and its folder; more threads are half as fast again."""
    settings: dict[str, object] = {"runs": 6, "effect": EFFECT, "failures": 1, **options}
    return make_dataset(data, **settings)  # type: ignore[arg-type]
