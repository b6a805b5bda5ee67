"""`reports verify` as a person types it: in the project, at an older revision, with a false cache, and without one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hooks.project import CACHE
from tests.support.projects import ROOT, copy_project, publish, record

MODULE = "import sys; from hooks.cli import main; sys.argv[0] = 'reports'; main()"
GIT = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
WRONG = 4

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")


def reports(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    left_out = ("BINDERY_DATA", "SOURCE_DATE_EPOCH")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    environment = {**kept, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", MODULE, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run([*GIT, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, said: str) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", said)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, site_store: Path) -> Path:
    """A project in version control with one dataset, and its site.

    It begins with a copy of what other small sites keep, for what this one keeps is falsified below.
    """
    project = copy_project(tmp_path_factory.mktemp("verified") / "project")
    if site_store.exists():
        shutil.copytree(site_store, project / CACHE, ignore=shutil.ignore_patterns("*.part", "*.tmp"))
    record(project / "data", runs=5, requests=2)
    publish(project, "dataset: v1")
    shutil.copy(ROOT / ".gitignore", project)
    git(project, "init", "--quiet")
    commit(project, "one")
    done = reports(project, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture
def site(project: Path, tmp_path: Path) -> Path:
    shutil.copytree(project / "site", tmp_path / "site")
    return tmp_path / "site"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_untouched_site_is_what_the_project_builds(project: Path, site: Path) -> None:
    done = reports(project, "verify", str(site), "--expect", "data/SEALED", "--trust-cache")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("The site was built from the revision that is here, ")
    assert "wrong\n" in done.stdout
    stated = json.loads((site / "files.json").read_bytes())
    assert stated["revision"] == git(project, "rev-parse", "HEAD")
    assert f"rebuild: {len(stated['files']) + 1} examined, none wrong" in done.stdout


def test_a_build_keeps_what_the_files_of_the_referee_import(project: Path) -> None:
    """So the next build parses none of them."""
    (kept,) = (json.loads(path.read_bytes()) for path in (project / CACHE / "imports").iterdir())
    assert "hooks/verify/every_check.py" in kept


def test_a_changed_word_is_shown_with_its_place_and_both_texts(project: Path, site: Path) -> None:
    edit(site / "guides" / "reading.html", "<h1", '<h1 title="a"')
    edit(site / "assets" / "bindery.css", "{", "{display:none;")
    done = reports(project, "verify", str(site), "--only", "rebuild", "--trust-cache", "--json")
    assert done.returncode == WRONG, done.stderr
    found = {one["place"]: one["problem"] for one in json.loads(done.stdout)["mismatches"]}
    assert found.keys() == {"guides/reading.html", "assets/bindery.css"}
    assert found["guides/reading.html"].endswith(", its title: “a” is added")
    assert found["assets/bindery.css"].startswith("line ")


def test_a_site_of_an_older_revision_is_compared_with_that_one(project: Path, site: Path) -> None:
    edit(project / "docs" / "guides" / "reading.md", "\n\n", "\n\nA later sentence.\n\n")
    try:
        before = git(project, "rev-parse", "HEAD")
        done = reports(project, "verify", str(site), "--only", "rebuild", "--trust-cache")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "without the changes that are here" in done.stdout
        commit(project, "two")
        done = reports(project, "verify", str(site), "--only", "rebuild", "--trust-cache")
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"older revision, {before[:12]} of " in done.stdout
        assert "1 commit before the one here" in done.stdout
    finally:
        git(project, "reset", "--quiet", "--hard", before)


def test_a_revision_that_the_history_does_not_have_is_never_run(project: Path, site: Path) -> None:
    """It is one of another branch; what is here is built instead."""
    git(project, "checkout", "--quiet", "-b", "other")
    edit(project / "mkdocs.yml", "site_name: Bindery", "site_name: Other")
    other = commit(project, "other")
    git(project, "checkout", "--quiet", "-")
    edit(site / "files.json", git(project, "rev-parse", "HEAD"), other)
    done = reports(project, "verify", str(site), "--only", "rebuild", "--trust-cache")
    assert done.returncode == WRONG, done.stdout + done.stderr
    assert "which the history here does not have" in done.stdout
    assert "files.json: line 1: “" in done.stdout
    assert "rebuild: 1 mismatch\n" in done.stdout


def test_a_false_cache_hides_nothing(project: Path, site: Path) -> None:
    """Whoever can write to the cache can have a build say anything; a rebuild takes nothing from it."""
    kept = [path for path in (project / ".cache" / "pages" / "site").iterdir() if b"at face value" in path.read_bytes()]
    before = {path: path.read_bytes() for path in kept}
    try:
        for path, data in before.items():
            path.write_bytes(data.replace(b"at face value", b"with a grain of salt"))
        done = reports(project, "build", "--out", str(site))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "with a grain of salt" in (site / "reports" / "tr108.html").read_text(encoding="utf-8")
        done = reports(project, "verify", str(site), "--only", "rebuild")
        assert done.returncode == WRONG
        assert "reports/tr108.html: " in done.stdout
        assert "with a grain of salt" in done.stdout
    finally:
        for path, data in before.items():
            path.write_bytes(data)


def test_a_project_that_does_not_build_is_told_beside_what_the_referee_finds(project: Path, site: Path) -> None:
    edit(project / "docs" / "reports" / "tr108.md", "{% extends", "{% broken %}{% extends")
    try:
        edit(site / "files.json", '"revision":', '"revised":')
        done = reports(project, "verify", str(site), "--only", "rebuild", "--only", "files", "--trust-cache")
        assert done.returncode == WRONG
        assert "this project does not build: " in done.stdout
        assert "tr108.md" in done.stdout
        assert "files: " in done.stdout
        assert "Traceback" not in done.stdout + done.stderr
    finally:
        git(project, "checkout", "--quiet", "--", ".")


def test_outside_a_project_the_referee_says_what_it_cannot_check(site: Path, tmp_path: Path) -> None:
    done = reports(tmp_path, "verify", str(site), "--only", "files", "--only", "rebuild")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("Not compared with a rebuild, for there is no project here")
    assert "styles, scripts and pictures are not checked" in done.stdout


def test_a_site_whose_data_were_replaced_is_not_the_expected_one(project: Path, site: Path, tmp_path: Path) -> None:
    sealed = (project / "data" / "SEALED").read_text(encoding="utf-8")
    label, digest, day = sealed.split()
    (tmp_path / "kept").write_text(f"{label} {'0' * 64} {day}\ntr108/v7 {digest} {day}\n", encoding="utf-8")
    done = reports(project, "verify", str(site), "--only", "sealed", "--expect", str(tmp_path / "kept"))
    assert done.returncode == WRONG
    assert f"tr108/v1 has the digest {digest[:12]}…, but 000000000000… was sealed under that label" in done.stdout
    assert "tr108/v7, sealed on" in done.stdout
    (tmp_path / "kept").write_text("no line\n", encoding="utf-8")
    done = reports(project, "verify", str(site), "--only", "sealed", "--expect", str(tmp_path / "kept"))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
