"""A project that publishes a report of ``scaling``: laws over cells, a metric of readings and declared inputs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.projects import ROOT, copy_project, with_code
from tests.support.scaling import make_scaling

SERIES = """id: tr900
order: 900
title: A Size
long_title: How Does Speed Grow with a Size?
earlier: {name: TR900, file: null}
conditions: {workload: single_inference}
track: single
focus: A size
key_finding: null
question: How does speed grow with a size?
objective: Say how.
plan: [Each size in fresh processes]
sections: []
"""
INPUTS = """inputs:
  - id: machine.hour
    what: price of an hour of the machine
    value: "0.0340"
    unit: USD/h
    date: 2026-03-31
    region: Europe
    source: a provider, its price list
"""
STUDY = "from tests.support.scaling import scaling_study\n\nSTUDY = scaling_study()\n"
LISTED = '    ("tr108", "harness.studies.tr108:STUDY"),\n'
MODULE = '''"""TR900: how does speed grow with a size?"""

from __future__ import annotations

from harness.units import USD_PER_MTOK

from ..analysis.laws import metric_axis
from ..content.charts import Point
from ..content.scatter import LogAxes, Sized, logarithmic
from ..recipes.report_builder import Draft
from ..values.questions import LevelAxis, SettingAxis


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr900.md cites."""
    growth = draft.finding("growth", draft.slope("decode_tps", LevelAxis(factor="threads")))
    draft.finding("shrinking", draft.slope("e2e_latency", SettingAxis(key="threads")))
    draft.finding("together", draft.correlation("load_time", metric_axis("ttft")))
    draft.finding("memory", draft.ask("engine_rss_peak"))
    threads = LevelAxis(factor="threads")
    draft.finding("missed", draft.fit("tpot", threads, "overhead", "held_out_error"))
    draft.finding("expected", draft.fit("tpot", threads, "power", "prediction", at=6.5))
    steps = [
        Sized(
            Point("step", draft.ask("tpot", {"threads": size}), "measured"),
            draft.data.effective("threads", {"threads": size}),
        )
        for size in range(1, 13)
    ]
    draft.figure(logarithmic("steps", "Steps by size", LogAxes("what", "size", "step", "how"), steps))
    hour = draft.finding("hour", draft.input("machine.hour"))
    cost = (hour / draft.ask("decode_tps", {"threads": 12})).to(USD_PER_MTOK)
    draft.finding("cost", cost, "price of an hour over the tokens of an hour")
    sentence = "Decode speed grows with the power {growth} of the size."
    draft.claim("grows", sentence, {"growth": growth}, "growth.low > 0")
    draft.claim("cheap", "An hour costs {hour}.", {"hour": hour}, "hour < 1 USD/h")
'''
PROSE = """---
title: A Size
edition: first
status: draft
dataset: v1
description: How speed grows with a size.
---
{% extends "report.md.j2" %}

{% block summary %}
- {{ claim("grows") }}
- {{ claim("cheap") }}
{% endblock %}

{% block questions %}
- How does speed grow?
{% endblock %}

{% block results %}
The whole answer varies with the power {{ v.shrinking | interval }}; loading and the first token go together,
{{ v.together | interval }}. The engine takes {{ v.memory }}. Tokens cost {{ v.cost }}, at {{ v.hour }}.
A sum misses a size by {{ v.missed }}; the next one takes {{ v.expected | interval }}.

{{ chart("steps") }}
{% endblock %}

{% block no_difference %}
Nothing else was varied.
{% endblock %}

{% block verdict %}
See the summary.
{% endblock %}

{% block limitations %}
- A synthetic recording.
{% endblock %}
"""


def _publish_nothing(prose: Path) -> None:
    """The copy has no dataset of that report."""
    lines = prose.read_text(encoding="utf-8").splitlines(keepends=True)
    prose.write_text("".join(line for line in lines if not line.startswith("dataset:")), encoding="utf-8")


class ScalingProject:
    """The project below ``folder``, and the command line of its own copy of the code."""

    def __init__(self, folder: Path, store: Path | None = None) -> None:
        self.root = with_code(copy_project(folder, store))
        make_scaling(self.root / "data")
        (self.root / "data" / "inputs").mkdir()
        for name, text in (
            ("data/inputs/prices.yml", INPUTS),
            ("docs/series/tr900.yml", SERIES),
            ("docs/reports/tr900.md", PROSE),
            ("harness/studies/tr900.py", STUDY),
            ("hooks/reports/tr900.py", MODULE),
        ):
            (self.root / name).write_text(text, encoding="utf-8")
        _publish_nothing(self.root / "docs" / "reports" / "tr108.md")
        listed = self.root / "harness" / "studies" / "__init__.py"
        added = LISTED + LISTED.replace("tr108", "tr900")
        listed.write_text(listed.read_text(encoding="utf-8").replace(LISTED, added), encoding="utf-8")

    def reports(self, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        """One command of ``reports``."""
        code = "import sys; from hooks.cli import main; sys.argv[0] = 'reports'; main()"
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": f"{self.root}{os.pathsep}{ROOT}"},
            input=answer,
            capture_output=True,
            text=True,
            check=False,
            timeout=1500,
        )
