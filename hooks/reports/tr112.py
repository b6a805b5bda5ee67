"""TR112: which language for one agent? Both do the same tasks, interleaved in every block."""

from __future__ import annotations

from harness.design.agents import DEFAULTS

from ..recipes.agents.effects import by_metric, forest
from ..recipes.agents.languages import PROCESS, TASK, claim_ratios, processes
from ..recipes.agents.layers_note import note_layers
from ..recipes.agents.reports import claim_apart
from ..recipes.charts.intervals import chart
from ..recipes.columns import RUNS, count, metric, metrics
from ..recipes.report_builder import Draft
from ..recipes.rows import rows
from ..recipes.tables import table

KINDS = {"configuration": "setting"}


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr112.md cites."""
    found = by_metric(draft, {**TASK, **PROCESS}, "language")
    draft.flag("compared", bool(found))
    note_layers(draft)
    forest(found, "ratios", "Rust over Python, metric by metric", "Rust ÷ Python")
    claim_ratios(found, "language")
    cells = rows(draft, "configuration", "language", kinds=KINDS).ended("ok")
    files, quality = count("ingested_files", "files read"), metric("report_quality", "quality of the report")
    table(cells, "tasks", "Tasks by configuration and language", metrics(**TASK), files, quality, RUNS)
    claim_apart(draft)
    duration = metric("task_duration", "duration of a task")
    chart(cells, "duration", "Duration of a task", duration, label="{configuration}", series="language")
    languages = rows(draft, "language")
    processes(languages, "processes", "What the process of an agent uses")
    table(languages, "calls", "What a call takes before it is sent", metric("connect_time", "connect"), RUNS)
    _as_published_earlier(draft)
    draft.headline(*(name for name in draft.claims if name.endswith("task-duration")), *draft.claims)


def _as_published_earlier(draft: Draft) -> None:
    """What the earlier series said of both languages: cold first tokens, and the throughput with the defaults."""
    for name, asked, phase in (
        ("rss", "agent_rss_peak", "measured"),
        ("startup", "agent_startup", "measured"),
        ("ttft", "ttft", "cold"),
    ):
        for language in draft.data.levels("language"):
            draft.finding(f"{name}_{language}", draft.ask(asked, {"language": language}, phase=phase))
    rust, python = (draft.ask("ttft", {"language": language}, phase="cold") for language in ("rust", "python"))
    draft.finding("cold_first_token", rust / python)
    defaults = ({"language": language, "configuration": DEFAULTS} for language in ("rust", "python"))
    rust, python = (draft.ask("decode_tps", where) for where in defaults)
    draft.finding("throughput_with_defaults", rust / python)
