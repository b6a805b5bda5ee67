"""What an agent and its process cost, in one language or runtime beside another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from harness.metrics import metric as metric_named

from ...content.blocks import Lit
from ..claims import claim_effect
from ..columns import RUNS, count, metric, metrics
from ..contrasts import Effect
from ..rows import Row, Rows
from ..tables import table

TASK = {"task_duration": "task", "ttft": "first token", "decode_tps": "decode rate"}
PROCESS = {
    "agent_startup": "start-up",
    "agent_cpu_time": "processor time",
    "agent_rss_peak": "peak memory",
    "agent_switches": "context switches",
}
_WORDS: Mapping[str, tuple[str, str, str, str, str]] = {
    "task_duration": ("a task", "take", "more", "less", "time"),
    "ttft": ("a first token", "take", "more", "less", "time"),
    "decode_tps": ("an agent", "receive", "more", "fewer", "tokens per second"),
    "aggregate_tps": ("the pair of agents", "receive", "more", "fewer", "tokens per second"),
    "agent_startup": ("a process", "take", "more", "less", "time to start"),
    "agent_cpu_time": ("a process", "use", "more", "less", "processor time"),
    "agent_rss_peak": ("a process", "use", "more", "less", "memory at its peak"),
    "agent_switches": ("a process", "make", "more", "fewer", "context switches"),
}
"""Who does what with more or less of a metric, as *a task takes more time* or *is not shown to*."""


def in_languages(over: Rows[Row], factor: str) -> Rows[Row]:
    """The same rows, which also name the ``language`` of their agents; the levels of ``factor`` stand for that."""
    found = {
        bundle.level: str(setting).capitalize()
        for bundle in over.draft.study.bundles
        for name, setting in bundle.settings
        if bundle.factor == factor and name.endswith(".language")
    }
    lines = (replace(row, names={**row.names, "language": Lit(found[row.where[factor]], "identifier")}) for row in over)
    return replace(over, lines=tuple(lines))


def processes(over: Rows[Row], name: str, caption: str) -> None:
    """What the processes of agents used, measured from outside."""
    waits = metric("agent_cpu_wait", "waiting for a processor")
    threads = count("agent_threads", "threads")
    table(over, name, caption, metrics(**{**PROCESS, "agent_switches": "switches"}), waits, threads, RUNS)


def claim_ratios(over: Rows[Effect], factor: str, beside: str = "in") -> None:
    """A claim for each row (see ``effects.by_metric``): that its level does better than the reference.

    ``beside`` stands before a level, as in *in rust a task takes less time than in python*.
    """
    for one in over:
        who, does, more, less, what = _WORDS[one.metric]
        ways = f"{does}s {more}|{does}s {less}|is not shown to {does} {more} or {less}"
        said = f"{beside.capitalize()} {{{factor}}} {who} {{ratio~1:{ways}}} {what} than {beside} {{reference}}"
        name = f"{one.slug(factor)}-{one.metric.replace('_', '-')}"
        wanted = "ratio.low > 1" if metric_named(one.metric).higher_is_better else "ratio.high < 1"
        claim_effect(over.draft, name, f"{said}: {{ratio}} {{ratio.interval}}.", one.contrast, wanted, names=one.names)
