"""TR112: which language for one agent? Both do the same tasks, interleaved in every block."""

from __future__ import annotations

from ..recipes.agents.effects import by_metric, forest
from ..recipes.agents.languages import PROCESS, TASK, claim_ratios, processes
from ..recipes.charts.intervals import chart
from ..recipes.columns import RUNS, count, metric, metrics
from ..recipes.report_builder import Draft
from ..recipes.rows import rows
from ..recipes.tables import table

KINDS = {"configuration": "setting"}


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr112.md cites."""
    draft.flag("pilot", len(draft.data.dataset.recordings) < draft.study.sessions)
    found = by_metric(draft, {**TASK, **PROCESS}, "language")
    draft.flag("compared", bool(found))
    forest(found, "ratios", "Rust over Python, metric by metric", "Rust ÷ Python")
    claim_ratios(found, "language")
    cells = rows(draft, "configuration", "language", kinds=KINDS).ended("ok")
    files, quality = count("ingested_files", "files read"), metric("report_quality", "quality of the report")
    table(cells, "tasks", "Tasks by configuration and language", metrics(**TASK), files, quality, RUNS)
    duration = metric("task_duration", "duration of a task")
    chart(cells, "duration", "Duration of a task", duration, label="{configuration}", series="language")
    languages = rows(draft, "language")
    processes(languages, "processes", "What the process of an agent uses")
    table(languages, "calls", "What a call takes before it is sent", metric("connect_time", "connect"), RUNS)
    for name, asked in (("rss", "agent_rss_peak"), ("startup", "agent_startup"), ("ttft", "ttft")):
        for row in languages:
            draft.finding(f"{name}_{row.slug('language')}", draft.ask(asked, row.where, across="mean"))
    draft.headline(*(name for name in draft.claims if name.endswith("task-duration")), *draft.claims)
