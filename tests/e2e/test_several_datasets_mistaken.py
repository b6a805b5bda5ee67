"""A report over several datasets that names what is not there: one line with its place; other pages are made."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.datasets import make_dataset
from tests.support.several_datasets import MODULE, REPORT, reports

PROBE = """
import json, sys
from pathlib import Path
from hooks.build.builder import Builder
from hooks.project import Project
found = []
for path, old, new in json.loads(sys.argv[1]):
    text = Path(path).read_text(encoding="utf-8")
    assert old in text, old
    Path(path).write_text(text.replace(old, new, 1), encoding="utf-8")
    rendered = Builder(Project.at(Path("."), Path(sys.argv[2]))).render()
    found.append([[[broken.path, str(broken.error)] for broken in rendered.broken], sorted(rendered.pages)])
    Path(path).write_text(text, encoding="utf-8")
print(json.dumps(found))
"""
Built = tuple[list[tuple[str, str]], list[str]]
"""The broken pages with their errors, and the paths of the pages that were made."""

FRONT = {
    "unknown study": (
        "tr117/v1",
        "tr999/v1",
        "8: front matter, datasets.backends: unknown study 'tr999'; choose one of",
    ),
    "unknown version": (
        "tr117/v1",
        "tr117/v9",
        "8: front matter, datasets.backends: there is no version 'v9' of tr117; it has: v1",
    ),
    "nothing sealed": (
        "tr117/v1",
        "tr120/v1",
        "8: front matter, datasets.backends: there is no version 'v1' of tr120; none is sealed yet: harness run tr120",
    ),
    "no version": ("tr117/v1", "tr117", "8: front matter, datasets.backends: String should match pattern"),
    "a name that is none": ("backends:", "Back ends:", "8: front matter, datasets.Back ends: String should match"),
    "a name twice": ("backends:", "server:", "8: front matter, datasets.server: it stands in line 7 already"),
    "a dataset twice": ("tr108/v2", "tr108/v1", "7: front matter, datasets.server: tr108/v1 has a name already"),
    "both fields": ("datasets:\n", "dataset: v1\ndatasets:\n", "5: front matter, dataset: a report names all"),
    "recordings": ("datasets:\n", "recordings: [v2]\ndatasets:\n", "5: front matter, recordings: a report names all"),
    "unknown claim": (
        "pays-server",
        "pays-nobody",
        "15: tr123 computes no claim 'pays-nobody'; it has: pays-desktop, pays-server",
    ),
    "unknown claim as a title": (
        'chart("drawn", "pays-server")',
        'chart("drawn", "pays-nobody")',
        "23: tr123 computes no claim 'pays-nobody'; it has: pays-desktop, pays-server",
    ),
    "unknown chart": (
        'chart("drawn"',
        'chart("drew"',
        "23: tr123 computes no figure 'drew'; it has: drawn",
    ),
    "all recordings": (
        '{{ show("waits") }}',
        '{{ in_all_recordings("pays-server") }}',
        "21: tr123 asks several datasets",
    ),
}
COMPUTED = {
    "unknown name": (
        'dataset("backends")',
        'dataset("laptop")',
        "20: unknown dataset of this report 'laptop'; choose one of: backends, desktop, server",
    ),
    "unknown study asked": (
        'datasets("tr108")',
        'datasets("tr120")',
        "14: unknown study of this report 'tr120'; choose one of: tr108, tr117",
    ),
    "the only dataset": (
        'draft.dataset("backends")',
        "draft.data",
        "20: this report asks several datasets; choose one by its name: desktop, server, backends",
    ),
    "no Python": ("waits = {}", "waits = {", "13: it is no Python: '{' was never closed"),
    "unknown module": (
        "..recipes.tables",
        "..recipes.tabels",
        "8: ModuleNotFoundError: No module named 'hooks.recipes",
    ),
    "unknown recipe": ("RUNS, metrics\n", "RUNS, meters\n", "5: ImportError: cannot import name 'meters' from"),
    "unknown column": ("metrics(ttft=", "metrics(tfft=", "23: unknown metric 'tfft'; choose one of: "),
    "unknown value in a claim": ('"gain.low > 1"', '"loss.low > 1"', "17: claim 'pays-desktop'"),
    "unknown word": (
        'draft.finding("over"',
        'draft.find("over"',
        "19: AttributeError: 'Draft' object has no attribute",
    ),
    "unknown key": ('waits["server"]', 'waits["laptop"]', "19: KeyError: 'laptop'"),
    "no function": ("def compute(", "def computed(", "1: it has no function compute(draft)"),
}
MISTAKES = {
    **{name: (REPORT, old, new, f"tr123.md:{line}") for name, (old, new, line) in FRONT.items()},
    **{name: (MODULE, old, new, f"{MODULE}:{line}") for name, (old, new, line) in COMPUTED.items()},
}


def built(project: Path, data: Path, edits: list[tuple[str, str, str]]) -> list[Built]:
    """What a build says after each of ``edits`` (file, old, new), which is taken back afterwards."""
    command = [sys.executable, "-c", PROBE, json.dumps(edits), str(data)]
    environment = {**os.environ, "PYTHONPATH": str(project)}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[Built] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def mistaken(several: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    """What a build says of each mistake."""
    copy = tmp_path_factory.mktemp("mistaken") / "project"
    shutil.copytree(several, copy, symlinks=True, ignore=shutil.ignore_patterns("site"))
    found = built(copy, copy / "data", [mistake[:3] for mistake in MISTAKES.values()])
    return dict(zip(MISTAKES, found, strict=True))


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line_and_breaks_its_page_alone(mistaken: dict[str, Built], name: str) -> None:
    ((path, error),), pages = mistaken[name]
    assert path == "reports/tr123.md"
    assert "\n" not in error
    assert error.startswith(MISTAKES[name][3]), error
    assert {"index.md", "reports/tr108.md", "hardware.md"} <= set(pages)
    assert path not in pages


def test_a_report_without_its_module_says_which_file_to_write(several: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(several, tmp_path / "project", symlinks=True, ignore=shutil.ignore_patterns("site")))
    (copy / MODULE).unlink()
    line = f"reports: tr123.md:5: front matter, datasets: {MODULE} is not there; write it with compute(draft)\n"
    for command in (("build", "--out", "site"), ("review", "tr123"), ("preview", "tr123", "server=v1")):
        done = reports(copy, *command)
        assert (done.returncode, done.stderr) == (2, line), command


@pytest.mark.parametrize("path", [MODULE, "harness/studies/tr117.py"])
def test_a_module_that_is_no_python_is_one_line_of_every_command(several: Path, tmp_path: Path, path: str) -> None:
    copy = Path(shutil.copytree(several, tmp_path / "project", symlinks=True, ignore=shutil.ignore_patterns("site")))
    with (copy / path).open("a", encoding="utf-8") as file:
        file.write("x = (\n")
    line = f"reports: {path}:{len((copy / path).read_text(encoding='utf-8').splitlines())}: it is no Python: "
    for command in (("build", "--out", "site"), ("review", "tr123")):
        done = reports(copy, *command)
        assert done.returncode == 2
        assert done.stderr.startswith(line)
        assert "Traceback" not in done.stderr


def test_another_data_root_shows_the_report_only_where_it_has_all_datasets(several: Path, tmp_path: Path) -> None:
    make_dataset(tmp_path / "local", runs=1, requests=1)
    ((broken, pages),) = built(several, tmp_path / "local", [("mkdocs.yml", "", "")])
    assert broken == []
    assert "reports/tr123.md" in pages
    assert not re.findall("editions/tr117", " ".join(pages))
