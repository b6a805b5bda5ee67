"""A number typed anywhere that a page takes its words from fails the build, which names file and line of each."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.projects import copy_project, record, with_code

TYPED = (
    ("docs/reports/tr108.md", "- One machine, one engine", "- In 4001 ways one machine, one engine", "prose"),
    ("docs/reports/tr108.md", "### Cold and warm", "### Cold and 4002 warm", "heading"),
    ("hooks/reports/tr108.py", '"Cold and warm starts: load', '"Cold and warm starts of 4003: load', "caption"),
    ("hooks/recipes/same_configuration.py", '"engine setting"', '"engine 4004 setting"', "table cell"),
    ("hooks/recipes/same_configuration.py", '"no difference found"', '"no difference in 4005"', "table cell"),
    ("hooks/reports/tr108.py", '"Decode speed as the client sees it"', '"Speed 4006 as the client sees it"', "caption"),
    ("hooks/reports/tr108.py", '"decode speed, ratio"', '"decode speed, ratio 4007"', "chart title"),
    ("templates/report.md.j2", "A label is no evidence", "A label is no evidence in 4008 cases", "prose"),
    ("templates/macros/figure.md.j2", "As a table", "As a table of 4009 points", "prose"),
    ("docs/series/tr108.yml", "title: Single-Inference", "title: 4010 times Single-Inference", "table cell"),
    ("docs/guides/reading.md", "leads to the table", "leads to the 4011 tables", "prose"),
    ("docs/guides/reading.md", "## What the words mean", "## What 4012 words mean", "heading"),
    ("docs/methodology/instrument.md", "| arrival | each arrival", "| arrival | each 4013 arrival", "table cell"),
    ("docs/guides/measuring.md", "# Measuring on", "---\ntitle: In 4014 words\n---\n# Measuring on", "front matter"),
    ("docs/guides/measuring.md", "## Load", "![falls by 4015 ms](../assets/tr108.png)\n\n## Load", "alternative text"),
    ("mkdocs.yml", "- Writing a report:", "- Writing report 4016:", "front matter"),
)  # fmt: skip
"""File, words in it, the same words with a number, and the place that the number has on the page."""


def project(folder: Path) -> Path:
    """A copy of the project and of its code, with every number of ``TYPED`` in it."""
    copied = with_code(copy_project(folder))
    for name, words, typed, _ in TYPED:
        path = copied / name
        text = path.read_text(encoding="utf-8")
        assert words in text, (name, words)
        path.write_text(text.replace(words, typed, 1), encoding="utf-8")
    return copied


def line_of(path: Path, number: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(count for count, line in enumerate(lines, 1) if number in line)


def test_every_typed_number_is_refused_with_file_and_line(tmp_path: Path) -> None:
    copied = project(tmp_path / "project")
    record(tmp_path / "data")
    environment = {**os.environ, "PYTHONPATH": str(copied), "BINDERY_DATA": str(tmp_path / "data")}
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"]
    done = subprocess.run(command, cwd=copied, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    said = (done.stdout + done.stderr).splitlines()
    for index, (name, _, _, place) in enumerate(TYPED, 4001):
        where = f"{name}:{line_of(copied / name, str(index))}: "
        assert any(where in line and f"no value stands behind {index} in {place};" in line for line in said), (
            where,
            [line for line in said if str(index) in line],
        )
    assert all(any(str(index) in line for index in range(4001, 4001 + len(TYPED))) for line in said if "stands" in line)
