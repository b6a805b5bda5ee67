"""The recipes of CONTRIBUTING.md, followed to the letter in a copy of the project."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.projects import share_store

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r'^```(\w+) title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.+)$", re.MULTILINE)


def recipe(title: str) -> str:
    """One section of CONTRIBUTING.md."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


def _left_out(folder: str, names: list[str]) -> list[str]:
    reports = fnmatch.filter(names, "tr*") if Path(folder) == ROOT / "docs" / "reports" else []
    return [*reports, *fnmatch.filter(names, "__pycache__"), *fnmatch.filter(names, "notebooks")]


class Copy:
    """A copy of what the commands need, in which recipes are followed, before anything is recorded or reported.

    Its sites have what a recipe adds and what is generated without data, and so are built in seconds. The site of all
    reports is `published_site`.
    """

    def __init__(self, folder: Path, store: Path) -> None:
        self.folder = folder
        for name in ("harness", "hooks", "templates", "docs"):
            shutil.copytree(ROOT / name, folder / name, ignore=_left_out)
        shutil.copytree(ROOT / "data" / "cited", folder / "data" / "cited")
        for name in ("mkdocs.yml", "pyproject.toml"):
            shutil.copy(ROOT / name, folder / name)
        share_store(folder, store)

    def follow(self, section: str) -> None:
        """Writes every titled block, or its added lines, where its title says."""
        blocks = BLOCK.findall(section)
        assert blocks
        for kind, title, body in blocks:
            path = self.folder / title
            if kind == "diff":
                path.write_text(added(path.read_text(), body))
            else:
                assert not path.exists()
                path.write_text(body)

    def type_in(self, section: str, **answers: str) -> list[subprocess.CompletedProcess[str]]:
        """Every console line of the section."""
        return [self.call(line, answers.get(line.split()[1], "")) for line in COMMAND.findall(section)]

    def call(self, line: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        package = {"harness": "harness", "reports": "hooks"}[line.split()[0]]
        code = f"import sys; from {package}.cli import main; sys.argv[0] = {line.split()[0]!r}; main()"
        done = subprocess.run(
            [sys.executable, "-c", code, *line.split()[1:]],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder)},
            input=answer,
            capture_output=True,
            text=True,
            check=False,
            timeout=1500,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done


def added(text: str, diff: str) -> str:
    """``text`` with the ``+`` lines of ``diff`` after the line above them."""
    above, lines = "", text.splitlines(keepends=True)
    for line in diff.splitlines(keepends=True):
        if not line.startswith("+"):
            above = line[1:]
            continue
        assert lines.count(above) == 1, f"{above!r} does not stand there once"
        lines.insert(lines.index(above) + 1, line[1:])
        above = line[1:]
    return "".join(lines)


@pytest.fixture
def copy(tmp_path: Path, site_store: Path) -> Copy:
    return Copy(tmp_path, site_store)


def test_the_recipe_of_a_backend(copy: Copy) -> None:
    copy.follow(recipe("Add a backend"))
    rows = {row["name"]: row for row in json.loads(copy.call("harness doctor --json").stdout)}
    assert "does not answer" in rows["local_openai"]["reason"]


@pytest.mark.engine
def test_the_recipes_of_a_study_of_a_report_and_of_another_machine(
    copy: Copy, tmp_path_factory: pytest.TempPathFactory, site_store: Path
) -> None:
    study, report = recipe("Add a study"), recipe("Add a report")
    copy.follow(study)
    copy.type_in(study)
    assert (copy.folder / "data/tr900/v1/manifest.json").exists()
    assert "tr900" in copy.call("harness studies --json").stdout
    copy.follow(report)
    copy.type_in(report, review="y\n")
    page = (copy.folder / "site/reports/tr900.html").read_text()
    assert "A cache in " in page
    assert re.search(r'<data [^>]*value="[0-9.]+"', page)
    assert "TR900" in (copy.folder / "site/index.html").read_text()
    publish_recording(copy, Copy(tmp_path_factory.mktemp("other"), site_store), study)


def publish_recording(own: Copy, other: Copy, study: str) -> None:
    """The recipe of a recording of another machine: what is typed on that machine, then what is typed on this one.

    That machine makes a third of the runs: how many there are is not the point.
    """
    section = recipe("Publish a recording of another machine")
    lines = COMMAND.findall(section)
    travels = next(number for number, line in enumerate(lines, 1) if line.startswith("harness export"))
    other.follow(study)
    declared = other.folder / "harness/studies/tr900.py"
    declared.write_text(declared.read_text().replace("runs=6", "runs=2"))
    for line in lines[:travels]:
        other.call(line)
    shutil.copy(other.folder / "tr900.tar", own.folder)
    own.follow(section)
    for line in lines[travels:]:
        own.call(line)
    rows = (own.folder / "site/reports/tr900/numbers.html").read_text()
    assert 'data-claim-pair="quantised-cache"' in rows
    page = (own.folder / "site/reports/tr900.html").read_text()
    assert ">the same machine</span>" in page, "both were recorded on this machine"
    assert (own.folder / "site/editions/tr900-v2.html").exists()
