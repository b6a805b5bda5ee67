"""The page *Advisor*: which configuration a claim recommends for a workload, and the command that records it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from jinja2 import Environment

from ...editions.citation import command, hardware
from ...rendering.page import Page
from ...replication.corpus import AllReports
from ..series_page import render_with_numbers
from .advice import Advice
from .compare import audited
from .published_values import Source
from .workload import Workload, workload

PATH = "advisor.md"


def render_advisor(
    sources: Sequence[Source], given: Sequence[Advice], reports: AllReports, environment: Environment
) -> tuple[Page, Page]:
    """The page and that of its numbers: what is recommended first, then the claims that recommend nothing."""
    by_report = {source.report.id: source.report for source in sources}

    def workload_of(one: Advice) -> Workload:
        return workload(by_report[one.report], one.edition.label, one.about)

    context = {
        "given": by_turns(given),
        "recommended": [one for one in given if one.best],
        "unsettled": without(given, {id(one): workload_of(one).words for one in given}),
        "workload": workload_of,
        "hardware": lambda one: hardware(one.edition.manifest.environment),
        "audited": lambda one: audited(reports, one),
        "command": lambda one: command(one.edition, one.best.where),
    }
    return render_with_numbers(reports, environment, PATH, "Advisor", context, wide=True)


def by_turns(given: Sequence[Advice]) -> list[Advice]:
    """What is recommended first, and of that the first of each metric before the second of any."""
    turns: Counter[tuple[str, bool]] = Counter()
    placed: list[tuple[bool, int, Advice]] = []
    for one in given:
        of = one.metric, one.best is None
        placed.append((one.best is None, turns[of], one))
        turns[of] += 1
    return [one for *_, one in sorted(placed, key=lambda at: at[:2])]


def without(given: Sequence[Advice], words: Mapping[int, str]) -> list[tuple[str, list[str]]]:
    """The workloads, and of each the metrics, for which no claim recommends anything."""
    settled = {(words[id(one)], one.metric_name) for one in given if one.best}
    found: dict[str, list[str]] = {}
    for one in given:
        workload_words = words[id(one)]
        if (workload_words, one.metric_name) not in settled:
            metrics = found.setdefault(workload_words, [])
            if one.metric_name not in metrics:
                metrics.append(one.metric_name)
    return sorted(found.items())
