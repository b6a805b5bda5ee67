"""The whole site, built as a reader builds it: twice the same bytes, and nothing heavy where nothing changed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tests.support.projects import ROOT, copy_project, record

ELSEWHERE = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "1"}
"""Another place, which must make no difference."""
HEAVY = {"pandas", "vl_convert"}


def build(project: Path, data: Path, *options: str, elsewhere: bool = False) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    settings = {"BINDERY_DATA": str(data), "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    settings |= ELSEWHERE if elsewhere else {}
    command = [sys.executable, *options, "-m", "mkdocs", "build", "--strict", "--quiet"]
    done = subprocess.run(
        command, cwd=project, env={**kept, **settings}, capture_output=True, text=True, check=False, timeout=1500
    )
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    return done


def digests(site: Path) -> dict[str, str]:
    paths = sorted(path for path in site.rglob("*") if path.is_file())
    return {str(path.relative_to(site)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    record(folder, runs=5, requests=2)
    return folder


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory, data: Path) -> tuple[Path, Path]:
    """Two copies, each built from nothing, the second one under another clock, locale and order of sets."""
    one, other = (copy_project(tmp_path_factory.mktemp(name) / name) for name in ("one", "another"))
    build(one, data)
    build(other, data, elsewhere=True)
    return one, other


def test_two_cold_builds_are_byte_identical(projects: tuple[Path, Path]) -> None:
    one, other = (digests(project / "site") for project in projects)
    assert len(one) > 50
    assert {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)} == set()


def test_everything_is_dated_as_the_newest_dataset(projects: tuple[Path, Path], data: Path) -> None:
    created = json.loads((data / "tr108" / "v1" / "manifest.json").read_bytes())["created"]
    sitemap = (projects[0] / "site" / "sitemap.xml").read_text(encoding="utf-8")
    dates = {part.split("<")[0] for part in sitemap.split("<lastmod>")[1:]}
    assert dates == {datetime.fromisoformat(created).date().isoformat()}


def test_a_warm_build_imports_no_library_that_computes_and_writes_the_same(
    projects: tuple[Path, Path], data: Path
) -> None:
    project = projects[0]
    cold = digests(project / "site")
    done = build(project, data, "-X", "importtime")
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "mkdocs.commands.build" in imported
    assert "hooks.build.builder" in imported
    assert not HEAVY & {name.partition(".")[0] for name in imported}
    assert digests(project / "site") == cold
