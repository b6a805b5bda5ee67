"""Copies of this project that a test may change, and a synthetic dataset to publish in them."""

from __future__ import annotations

import fnmatch
import shutil
from pathlib import Path

from hooks.build.preview import content, datasets_of
from hooks.claims.review import review_of, review_path, review_text
from hooks.editions.edition import Edition
from hooks.editions.prose import read_prose
from hooks.editions.report import dataset_digest, dataset_label
from hooks.editions.shown_dataset import published_datasets
from hooks.project import CACHE, Project
from tests.support.datasets import make_dataset

ROOT = Path(__file__).parent.parent.parent
EFFECT = {"threads=2": 1.5}


def copy_project(folder: Path, store: Path | None = None) -> Path:
    """The parts of the project that pages are made of, in ``folder``; its data root holds only cited figures.

    Notebooks are left out, for each would start a kernel; and so is the prose of other reports, whose datasets are not
    copied either. Its pages are kept in ``store``, if one is given.
    """
    for name in ("docs", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=_left_out)
    shutil.copytree(ROOT / "data" / "cited", folder / "data" / "cited")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    (folder / "hooks").mkdir()
    shutil.copy(ROOT / "hooks" / "site.py", folder / "hooks")
    if store is not None:
        share_store(folder, store)
    return folder


def share_store(project: Path, store: Path) -> None:
    """Has a project keep its pages in ``store``, and take from there what another has kept. Safe: its keys are hashes
    of the inputs."""
    store.mkdir(parents=True, exist_ok=True)
    (project / CACHE).parent.mkdir(parents=True, exist_ok=True)
    (project / CACHE).symlink_to(store)


def _left_out(folder: str, names: list[str]) -> list[str]:
    reports = fnmatch.filter(names, "tr*") if Path(folder).name == "reports" else []
    prose = [name for name in reports if not name.startswith("tr108")]
    return [*prose, *fnmatch.filter(names, "notebooks")]


def publish(root: Path, front: str, prose: str = "") -> None:
    """Makes the copy in ``root`` publish TR108 from its own data: ``front`` (such as ``dataset: v1``) replaces what it
    pins, ``prose`` is added to its results, and its claims are reviewed."""
    path = root / "docs" / "reports" / "tr108.md"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines[1:] if not line.startswith(("dataset:", "recordings:"))]
    text = "".join([lines[0], f"{front}\n", *kept])
    path.write_text(text.replace("{% block results %}\n", f"{{% block results %}}\n{prose}", 1), encoding="utf-8")
    mark_reviewed(Project.at(root), "tr108")


def mark_reviewed(project: Project, report: str) -> None:
    """Writes that the claims of a report were read as its datasets have them now."""
    datasets = datasets_of(project, read_prose(project.docs / "reports" / f"{report}.md"))
    claims = content(project, report, datasets).claims
    reviewed = review_of(claims.values(), dataset_label(datasets), dataset_digest(datasets))
    review_path(project.docs, report).write_text(review_text(report, reviewed), encoding="utf-8")


def published_edition(project: Project, report: str = "tr108") -> Edition:
    """The dataset that a report publishes from this data root."""
    (dataset,) = published_datasets(project, read_prose(project.docs / "reports" / f"{report}.md"))
    return dataset.edition


def with_code(project: Path) -> Path:
    """``project`` with a copy of the code that renders it, which a test may change; run it with this ``PYTHONPATH``."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("harness", "hooks"):
        shutil.copytree(ROOT / name, project / name, dirs_exist_ok=True, ignore=ignored)
    return project


def record(data: Path, **options: object) -> Path:
    """A synthetic TR108 dataset under ``data`` and its folder; more threads are half as fast again."""
    settings: dict[str, object] = {"runs": 6, "effect": EFFECT, "failures": 1, **options}
    return make_dataset(data, **settings)  # type: ignore[arg-type]
