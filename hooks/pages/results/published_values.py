"""The results of all reports: numbers that their pages state, each of one engine and one model, with their metric."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.metrics import metric as metric_named

from ...content.blocks import Content
from ...editions.edition import Edition
from ...editions.report import Report
from ...rendering.page import Page
from ...values.questions import OfMetric
from ...values.value import Value
from .configuration import Configuration, configuration

COMPARED = (
    "ttft",
    "e2e_latency",
    "decode_tps",
    "server_decode_tps",
    "settled_decode_tps",
    "tpot",
    "prefill_latency",
    "server_prefill_tps",
    "settled_decode_step",
    "e2e_kv",
    "request_throughput",
    "output_token_throughput",
    "aggregate_tps",
    "tasks_per_hour",
    "task_duration",
)
"""The metrics of a result, in the order in which they are listed. Those of two rows may be compared where they are
one."""

PACED = "pacer"
"""The server that clients are measured against: it computes nothing, so its rates are those of the clients."""


@dataclass(frozen=True, slots=True)
class Source:
    """A report with the ids of the values that its page states."""

    report: Report
    stated: frozenset[str]

    @property
    def editions(self) -> Mapping[str, Edition]:
        """Its datasets by label."""
        return {edition.label: edition for edition in self.report.editions}

    @property
    def layers(self) -> bool:
        """Whether its page calls configurations by their layers for a GPU: not where none ran on one."""
        return self.report.content.facts.flags.get("no_layers") is not True

    def values(self) -> Iterator[Value]:
        """The values that its page states, and that its content has or rests on."""
        return (value for value in _with_parents(self.report.content) if value.id in self.stated)


@dataclass(frozen=True, slots=True)
class Result:
    """A published number and what it was measured of."""

    report: str
    edition: Edition
    configuration: Configuration
    question: OfMetric
    value: Value

    @property
    def of(self) -> tuple[str, str]:
        """Its report and its dataset."""
        return self.report, self.edition.label

    @property
    def metric(self) -> str:
        """Its metric in words."""
        return metric_named(self.question.metric).name

    @property
    def higher_is_better(self) -> bool | None:
        """Which direction of its metric is better; null where neither is."""
        return metric_named(self.question.metric).higher_is_better


def sources(reports: Sequence[Report], pages: Mapping[str, Page]) -> tuple[Source, ...]:
    """The reports whose pages were made, those of one dataset first: a number is published where it was measured."""
    made = sorted((one for one in reports if f"{one.page}.md" in pages), key=lambda one: one.study is None)
    return tuple(Source(one, _stated(one, pages[f"{one.page}.md"])) for one in made)


def _stated(report: Report, page: Page) -> frozenset[str]:
    return frozenset(json.loads(page.assets[f"{report.page}/values.json"])["values"])


def results(found: Sequence[Source]) -> tuple[Result, ...]:
    """Every result once, by metric, then in the order of the reports."""
    once: dict[str, Result] = {}
    for source in found:
        for result in of_source(source):
            once.setdefault(result.value.id, result)
    return tuple(sorted(once.values(), key=lambda one: COMPARED.index(one.question.metric)))


def of_source(source: Source) -> Iterator[Result]:
    """The results of one report."""
    editions = source.editions
    for value in {value.id: value for value in source.values()}.values():
        asked = value.question
        if not isinstance(asked, OfMetric) or asked.dataset not in editions or not _is_result(asked, value):
            continue
        edition = editions[asked.dataset]
        found = configuration(edition.manifest, asked.where, layers=source.layers)
        if found is not None and found.single and found.engines != (PACED,):
            yield Result(source.report.id, edition, found, asked, value)


def _is_result(asked: OfMetric, value: Value) -> bool:
    """Whether a number is the usual one of a compared metric: the median over blocks, of measured requests."""
    usual = (
        asked.across == "median" and asked.within in (None, "median", "pooled") and asked.phase in (None, "measured")
    )
    whole = not asked.divided_by and not asked.prompt and not asked.other_recording
    return value.number is not None and asked.metric in COMPARED and usual and whole


def _with_parents(content: Content) -> Iterator[Value]:
    for value in content.values():
        yield from value.lineage()
