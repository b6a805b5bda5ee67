"""The pages of one report: prose and computed content become Markdown, ``values.json`` and chart scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, Template, TemplateError
from markupsafe import Markup

from harness.canonical_json import canonical_json
from harness.datasets.manifest import Manifest
from harness.errors import BinderyError, UsageError

from ..analysis.recording_conditions import NAME
from ..caching.store import key_of
from ..cited.figure import label_of
from ..claims.claim import claims_record
from ..content.blocks import Figure
from ..content.vega import spec_file
from ..editions.citation import SITE
from ..editions.comparison import OtherRecording, conditions
from ..editions.edition import Edition
from ..editions.prose import Prose
from ..editions.report import Report
from ..editions.shown_dataset import ShownDataset
from ..rendering.environment import explain
from ..rendering.page import Page
from ..rendering.scope import Findings, Scope
from ..text.naming import PLACED, slug
from ..values.serialize import page_record
from .instrument import InstrumentError
from .numbers import render_numbers


def render_report(
    environment: Environment, report: Report, scope: Scope, extra: Mapping[str, Any], kind: str = ""
) -> tuple[Page, Page]:
    """The page of a report and that of its numbers. Raises ``UsageError`` naming file and line of what is wrong in its
    prose. ``kind`` is what their titles end with.

    ``extra`` is what its template shows that is not in the report's own content. Of it, ``stated`` enters
    ``values.json``, and ``samples`` gives the runs behind the values with given ids, where they are more than the
    report's own.
    """
    scripts = {figure.name: _script(report, figure) for figure in report.content.figures.values()}
    markdown = _fill(environment, report.prose, {**extra, **_context(report, scope, scripts, extra)})
    recordings = [other for other in extra.get("other_recordings", ()) if other.report]
    _compare(scope, recordings)
    folder, record = report.page, page_record(report.name, scope.shown.values())
    numbers = {**record, "claims": claims_record(scope.claims.values()), **extra.get("stated", {})}
    samples = extra.get("samples", lambda _: report.content.samples)
    assets = {
        f"{folder}/values.json": canonical_json(numbers) + b"\n",
        f"{folder}/samples.csv": samples(record["values"]).encode(),
    }
    for name in scope.figures:
        path, script = scripts[name]
        assets[f"{folder.rpartition('/')[0]}/{path}"] = script.encode()
    title = " ".join(filter(None, (report.id.upper(), report.prose.front.title, kind)))
    sources = (report.prose.path,)
    made = Page(f"{folder}.md", title, markdown, dict(scope.shown), assets, sources, wide=True)
    own, several = report.content, report.study is None
    return made, render_numbers(
        environment, scope, made.path, title, content=own, several=several, samples=True, recordings=recordings
    )


def _compare(scope: Scope, recordings: Iterable[OtherRecording]) -> None:
    """The page states what its other recordings say; the page of its numbers shows that."""
    for other in recordings:
        for pair in other.claims:
            for claim in (pair.published, pair.other):
                if claim:
                    scope.claim(claim, anchor=False)
        for finding in other.findings:
            for value in (finding.published, finding.other):
                if value:
                    scope.interval(value)


HERO, TIMELINE = "hero", "timeline-"
"""The figure of the first screen, and how those begin of which a reader chooses one."""


@dataclass(frozen=True, slots=True)
class DatasetOnPage:
    """A dataset with what the template shows of it: the command that records it again, its files by folder, and the
    error of the instrument that it was recorded with."""

    dataset: ShownDataset
    command: str
    downloads: Mapping[str, Sequence[str]]
    instrument: InstrumentError

    @property
    def name(self) -> str:
        return self.dataset.name

    @property
    def suffix(self) -> str:
        return self.dataset.suffix

    @property
    def edition(self) -> Edition:
        return self.dataset.edition

    @property
    def manifest(self) -> Manifest:
        return self.dataset.edition.manifest

    @property
    def hardware(self) -> str:
        return self.dataset.hardware


def of_several(report: Report) -> dict[str, Any]:
    """What the template of a report over several datasets shows of them together, and what enters ``values.json``."""
    return {
        "compared": [edition.label for edition in report.editions],
        "conditions": conditions(report.content.tables[f"{NAME}{one.suffix}"] for one in report.datasets),
        "stated": {
            "datasets": [
                {"name": one.name, "dataset": one.edition.label, "digest": one.edition.digest}
                for one in report.datasets
            ]
        },
    }


def _script(report: Report, figure: Figure) -> tuple[str, str]:
    script = spec_file(figure.spec, report.rows_at)
    return f"{report.name}/charts/{figure.name}.{key_of(script)[:12]}.vl.json", script


def _context(
    report: Report, scope: Scope, scripts: Mapping[str, tuple[str, str]], extra: Mapping[str, Any]
) -> dict[str, Any]:
    content, notes = report.content, extra.get("notes", {})
    placed = {f"{name}{dataset.suffix}" for name in PLACED for dataset in report.datasets}

    def spec_of(figure: Figure) -> str:
        scope.figures.append(figure.name)
        return scripts[figure.name][0]

    def claim(name: str, *, anchor: bool | None = None) -> Markup:
        """With its anchor, where it is the first mention on the page."""
        anchor = name not in scope.claims if anchor is None else anchor
        return scope.claim(_named(content.claims, name, "claim", report.id), notes.get(name, ""), anchor=anchor)

    return {
        "scope": scope,
        "report": report,
        "report_label": label_of(report.id),
        "study": report.study,
        "front": report.prose.front,
        "v": Findings(content.findings, report.id),
        "has": lambda name: name in content.findings or name in content.claims or name in content.figures,
        "claim": claim,
        "claims": content.claims,
        "own_tables": [name for name in content.tables if name not in placed],
        "own_figures": [name for name in content.figures if name.partition("-")[0] != HERO],
        "own_timelines": [name for name in content.figures if name.startswith(TIMELINE)],
        "own_cases": lambda name: [
            level for level in content.levels.get("scenario", ()) if f"{name}-{slug(level)}" in content.figures
        ],
        "facts": content.facts.flags,
        "no_effect": content.facts.no_effect,
        "get_table": lambda name: _named(content.tables, name, "table", report.id),
        "get_figure": lambda name: _named(content.figures, name, "figure", report.id),
        "spec_of": spec_of,
        "svg": scope.leading,
        "address": f"{SITE}{report.page}.html",
    }


def _named(items: Mapping[str, Any], name: str, kind: str, report: str) -> Any:
    if name not in items:
        raise UsageError(f"{report} computes no {kind} {name!r}; it has: {', '.join(sorted(items)) or 'none'}")
    return items[name]


def _fill(environment: Environment, prose: Prose, context: Mapping[str, Any]) -> str:
    source = str(prose.path)
    try:
        code = environment.compile(prose.body, name=prose.path.name, filename=source)
        template = Template.from_code(environment, code, environment.globals)
        return template.render(context)
    except TemplateError as error:
        raise UsageError(explain(error, prose.path, source)) from error
    except BinderyError as error:
        raise type(error)(explain(error, prose.path, source)) from error
