"""A project with a report over three synthetic datasets of two studies, and the commands of `reports` run in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.built_site import OTHER_MACHINE
from tests.support.datasets import make_dataset, synthetic_study
from tests.support.projects import copy_project, publish, with_code

REPORT, MODULE = "docs/reports/tr123.md", "hooks/reports/tr123.py"
LABELS = {"desktop": "tr108/v1", "server": "tr108/v2", "backends": "tr117/v1"}
"""The datasets of the report by name."""
COMMAND = "import sys; from hooks.cli import main; sys.argv[0] = 'reports'; main()"

COMPUTED = '''"""TR123: one study on two machines, and another study."""

from __future__ import annotations

from ..recipes.columns import RUNS, metrics
from ..recipes.report_builder import Draft
from ..recipes.rows import rows
from ..recipes.tables import table


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr123.md cites."""
    waits = {}
    for name, data in draft.datasets("tr108").items():
        one, two = (data.value("decode_tps", {"threads": level}) for level in (1, 2))
        gain = draft.finding(f"gain_{name}", two / one, "decode speed of two threads over one")
        draft.claim(f"pays-{name}", "Two threads decode {gain} as fast.", {"gain": gain}, "gain.low > 1")
        waits[name] = data.value("ttft")
    draft.finding("over", waits["server"] / waits["desktop"], "first token, server over desktop")
    other = draft.dataset("backends")
    draft.finding("other_over", other.value("ttft") / waits["desktop"], "first token, other study over desktop")
    part = draft.asking("backends")
    table(rows(part, "threads"), "waits", "By threads", metrics(ttft="first token"), RUNS)
    drawn(part)
    draft.finding("anywhere", predicted((*waits.values(), other.value("ttft"))))


def drawn(part: Draft) -> None:
    """A chart whose title is a claim."""
    from ..recipes.charts.intervals import chart
    from ..recipes.columns import metric

    chart(rows(part, "threads"), "drawn", "First token by threads", metric("ttft", "first token"), label="{threads}")


def predicted(of_each: tuple[Value, ...]) -> Value:
    """What another machine would give."""
    from ..values.value import combine

    return combine("predict", of_each)
'''

PROSE = """---
title: Two Machines
edition: first
status: published
datasets:
  desktop: tr108/v1
  server: tr108/v2
  backends: tr117/v1
description: One study on two machines, and another study.
---
{% extends "report.md.j2" %}

{% block summary %}
- {{ claim("pays-desktop") }}
- {{ claim("pays-server") }}
{% endblock %}

{% block results %}
The server waits {{ v.over | interval }} as long, the other study {{ v.other_over }}.

{{ show("waits") }}

{{ chart("drawn", "pays-server") }}

Another machine would give {{ v.anywhere | interval }}.
{% endblock %}

{% block no_difference %}
Nothing else was varied.
{% endblock %}

{% block verdict %}
See the summary.
{% endblock %}

{% block limitations %}
- Synthetic data.
{% endblock %}
"""


def make_project(folder: Path, store: Path | None = None) -> Path:
    """A project with code of its own that publishes TR108 and, over its two machines and another study, TR123."""
    project = with_code(copy_project(folder, store))
    small: dict[str, Any] = {"runs": 6, "requests": 2, "tokens": 8}
    make_dataset(project / "data", effect={"threads=2": 1.5}, **small)
    make_dataset(project / "data", effect={"threads=2": 0.8}, seed=1, environment=OTHER_MACHINE, **small)
    make_dataset(project / "data", study=synthetic_study("tr117"), seed=2, **small)
    publish(project, "dataset: v1")
    (project / MODULE).write_text(COMPUTED, encoding="utf-8")
    (project / REPORT).write_text(PROSE, encoding="utf-8")
    return project


def reports(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of `reports` with the project's own code."""
    environment = {**os.environ, "PYTHONPATH": str(project), "BINDERY_DATA": str(project / "data"), "COLUMNS": "200"}
    command = [sys.executable, "-c", COMMAND, *arguments]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
