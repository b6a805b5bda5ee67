"""A dataset that nobody wrote a report about has a page, with an author's words where somebody wrote some."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness.design.study import Study
from harness.imports.importing import import_file
from harness.studies import STUDIES
from hooks.verify import verify
from tests.support.datasets import make_dataset, synthetic_study
from tests.support.imported import FIXTURES
from tests.support.projects import ROOT, copy_project

STUDY = replace(
    synthetic_study("bench-mine"), title="A model-7B of <b>mine</b></title><script>alert(1)</script> | 50 %"
)
IMPORTED = ("guidellm.json", "llama-bench.json", "loadgen-detail.txt")
WORDS = {
    "guidellm": "imported from guidellm 0.8.1",
    "llama-bench": "imported from llama-bench (version not recorded)",
    "loadgen-detail": "imported from MLPerf LoadGen 6.0.17",
}
COMMAND = "from hooks.cli import main\nif __name__ == '__main__':\n    main()\n"


def reports(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = project / "reports_command.py"
    script.write_text(COMMAND, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(script), *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=1500,
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, site_store: Path) -> Path:
    """A project whose local data root has two versions of a dataset of several factors, which no study declares."""
    made = copy_project(tmp_path_factory.mktemp("any") / "project", site_store)
    assert STUDY.id not in STUDIES
    for seed in (0, 1):
        make_dataset(made / "mine", study=STUDY, runs=6, requests=2, tokens=8, failures=1, seed=seed)
    for name in IMPORTED:
        import_file(FIXTURES / name, made / "mine", name.partition(".")[0])
    make_dataset(made / "mine", study=_smoke_first("tr108"), runs=1)
    return made


def _smoke_first(name: str) -> Study:
    """A study of this project with its smoke profile first, which is what synthetic datasets are made of."""
    study = STUDIES.load(name)
    smoke = study.profile("smoke")
    return replace(study, profiles=(smoke, *(one for one in study.profiles if one is not smoke)))


def test_its_page_shows_every_cell_and_bears_the_referee(project: Path) -> None:
    done = reports(project, "build", "--data", "mine", "--out", "site")
    assert done.returncode == 0, done.stdout + done.stderr
    page = (project / "site/servers/bench-mine.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;mine&lt;/b&gt;" in page
    assert "<b>mine</b>" not in page
    assert "<script>alert" not in page
    assert 'id="table-waits"' in page
    assert 'id="figure-ttft"' in page
    assert "A newer recording exists" in (project / "site/servers/bench-mine-v1.html").read_text(encoding="utf-8")
    report = verify(project / "site", project / "mine")
    assert report.passed, report.lines()


def test_a_report_over_a_smoke_of_ones_own_says_that_it_is_a_pilot(project: Path) -> None:
    """What ``make run`` builds; its page was verified above with the others."""
    page = (project / "site/reports/tr108.html").read_text(encoding="utf-8")
    assert "A pilot: fewer sessions than the study asks for" in page


def test_results_of_other_tools_have_the_same_page_and_say_so(project: Path) -> None:
    """Built and verified above with the others."""
    pages = {name: (project / f"site/servers/{name}.html").read_text(encoding="utf-8") for name in WORDS}
    for name, words in WORDS.items():
        assert words in pages[name]
        assert "Bindery ran nothing and" in pages[name]
        assert "harness import" in re.sub("<[^>]+>", "", pages[name])
        assert 'id="table-printed-0"' in pages[name]
    assert 'id="table-waits"' in pages["guidellm"]
    assert "guidellm" not in (project / "site/hardware.html").read_text(encoding="utf-8")


def test_new_gives_it_words_and_keeps_its_numbers(project: Path) -> None:
    done = reports(project, "new", "bench-mine", "--data", "mine")
    assert done.returncode == 0, done.stderr
    path = project / "docs/servers/bench-mine.md"
    words = path.read_text(encoding="utf-8").replace(
        "{% block summary %}\n", "{% block summary %}\nWe ran it at night.\n"
    )
    path.write_text(words, encoding="utf-8")
    built = reports(project, "build", "--data", "mine", "--out", "site")
    assert built.returncode == 0, built.stdout + built.stderr
    page = (project / "site/servers/bench-mine.html").read_text(encoding="utf-8")
    assert "We ran it at night." in page
    assert "has no author" not in page
    assert 'id="table-waits"' in page
    again = reports(project, "new", "bench-mine", "--data", "mine")
    assert again.returncode == 2
    assert "is there already" in again.stderr


def test_a_number_typed_into_those_words_is_refused(project: Path) -> None:
    path = project / "docs/servers/bench-mine.md"
    before = path.read_text(encoding="utf-8")
    path.write_text(
        before.replace("{% block summary %}\n", "{% block summary %}\nIt took 4021 ms.\n"), encoding="utf-8"
    )
    done = reports(project, "build", "--data", "mine", "--out", "refused")
    path.write_text(before, encoding="utf-8")
    assert done.returncode != 0
    assert "4021" in done.stdout + done.stderr


def test_words_without_their_dataset_are_a_page_that_says_so(project: Path) -> None:
    (project / "empty").mkdir()
    done = reports(project, "build", "--data", "empty", "--out", "without")
    assert done.returncode == 0, done.stdout + done.stderr
    page = (project / "without/servers/bench-mine.html").read_text(encoding="utf-8")
    assert "is not among those of this site" in page


def test_only_a_dataset_without_a_report_can_be_given_words(project: Path) -> None:
    done = reports(project, "new", "nobody", "--data", "mine")
    assert done.returncode == 2
    known = ", ".join(("bench-mine", *WORDS))
    assert done.stderr == f"reports: unknown dataset without a report 'nobody'; choose one of: {known}\n"
