"""TR115: does the async runtime matter beyond noise? Every runtime is set against tokio."""

from __future__ import annotations

from ..recipes.agents.effects import METRIC, by_metric
from ..recipes.agents.languages import PROCESS, claim_ratios, processes
from ..recipes.agents.spread import spread
from ..recipes.agents.timeline import timeline
from ..recipes.agents.together import costs, gains_table
from ..recipes.contrasts import ratio_and_finding
from ..recipes.report_builder import Draft
from ..recipes.rows import rows
from ..recipes.tables import table

KINDS = {"configuration": "setting"}
TASK = {"task_duration": "task", "ttft_together": "first token, both at work", "aggregate_tps": "all tokens"}


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr115.md cites."""
    arms = rows(draft, "runtime", "configuration", kinds=KINDS).ended("ok")
    title, heading = "Each run: duration of the tasks of two agents", "duration of a task"
    spread(arms, "spread", title, "task_duration", heading, label="{runtime}", series="configuration")
    found = by_metric(draft, {**TASK, **PROCESS}, "runtime").named("runtime", METRIC)
    table(
        found.keep(lambda one: one.metric in TASK),
        "work",
        "Work of each runtime over tokio's",
        ratio_and_finding("ratio"),
    )
    table(
        found.keep(lambda one: one.metric in PROCESS),
        "costs",
        "Processes of each runtime over tokio's",
        ratio_and_finding("ratio"),
    )
    claim_ratios(found.keep(lambda one: one.metric == "task_duration"), "runtime", "with")
    claim_ratios(found.keep(lambda one: one.metric in ("agent_cpu_time", "agent_rss_peak")), "runtime", "with")
    gains_table(arms)
    costs(arms)
    timeline(arms, "{runtime}, {configuration}", most=1)
    processes(rows(draft, "runtime"), "processes", "What the processes of each runtime use")
    for row in rows(draft, "runtime"):
        draft.finding(f"overlap_{row.slug('runtime')}", draft.ask("overlap_efficiency", row.where))
    draft.headline(*(name for name in draft.claims if name.endswith("task-duration")), *draft.claims)
