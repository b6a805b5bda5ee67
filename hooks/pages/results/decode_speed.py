"""The page *Decode speed across reports*: one chart over all published datasets, guarded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from harness.datasets.manifest import Scalar
from harness.datasets.stored_design import scenarios
from harness.units import counted

from ...analysis.comparability import Candidate, Circumstances, Judged, guard
from ...caching.code_digest import code
from ...caching.job import Job
from ...caching.store import Store, key_of, libraries
from ...content.blocks import Column, Content, Figure, Lit, Table, content_of, content_record
from ...content.vega import spec_file
from ...editions.citation import hardware
from ...editions.edition import Edition
from ...editions.shown_dataset import ShownDataset
from ...rendering.generated_page import page
from ...rendering.page import Page
from ...rendering.scope import Scope
from ...text.naming import engine_text
from ...values.questions import MetricQuestion
from ...values.serialize import page_record

PATH = "charts/decode-speed.md"
NAME = "decode-speed"
TITLE = "Decode rate by model, across datasets"
ALIKE = "same circumstances"
Pooled = dict[str, str]


def candidates(datasets: Sequence[ShownDataset], store: Store) -> tuple[tuple[Candidate, ...], Pooled]:
    """The decode rates of all datasets, and by dataset the factors that they pool."""
    found: list[Candidate] = []
    pooled: Pooled = {}
    for dataset in datasets:
        content = content_of(speeds_job(dataset).data(store))
        pooled[dataset.edition.label] = str(content.facts.flags["pooled"]).replace("_", " ") or "none"
        found.extend(_candidates(dataset.edition, content))
    return tuple(found), pooled


def _candidates(edition: Edition, content: Content) -> Iterator[Candidate]:
    design: Any = edition.manifest.design
    machine = _machine(edition.manifest.environment)
    for model, value in content.findings.items():
        asked = value.question
        metric = f"{asked.metric} version {asked.version}" if isinstance(asked, MetricQuestion) else "unknown"
        circumstances = Circumstances(
            metric, value.unit.symbol, machine, scenarios(edition.manifest), design["backend"]
        )
        yield Candidate(
            model, edition.label, value, circumstances, isinstance(asked, MetricQuestion) and asked.other_recording
        )


def _machine(found: Mapping[str, Scalar]) -> str:
    """The machine and what of it a recording could use: two recordings of one host may differ in that."""
    allowed = found.get("cores_allowed")
    limited = isinstance(allowed, int) and allowed != found.get("cores_logical")
    limit = f", {counted(int(allowed or 0), 'processor')} allowed" if limited else ""
    return f"{hardware(found)}, host {found.get('host_id') or 'unknown'}{limit}"


def verdict(judged: Judged) -> str:
    """What became of a candidate, in words."""
    if judged.comparable:
        return ALIKE
    words = " and ".join(judged.differs)
    return f"refused: another {words}" if judged.refused else f"marked: another {words}"


def drawing(judged: Sequence[Judged], store: Store) -> Figure | None:
    """The chart of all candidates that are not refused; null where there is none with a number."""
    job = drawing_job(judged)
    return content_of(job.data(store)).figures[NAME] if job else None


def drawing_job(judged: Sequence[Judged]) -> Job | None:
    """What draws that chart."""
    drawn = tuple(one for one in judged if not one.refused)
    if not any(one.candidate.value.number is not None for one in drawn):
        return None
    texts = [[one.candidate.label, one.candidate.dataset, verdict(one)] for one in drawn]
    values = page_record("", (one.candidate.value for one in drawn))
    key = key_of(texts, values, code("hooks.content.charts"), libraries())
    return Job("comparison", key, f"{__name__}:draw", (drawn,), short=True)


def draw(drawn: Sequence[Judged]) -> Any:
    """The chart as JSON-ready content."""
    from ...content.charts import Axes, Point, intervals

    points = [Point(_label(one.candidate), one.candidate.value, verdict(one)) for one in drawn]
    made = intervals(NAME, TITLE, Axes("model and report", "decode rate", "comparable"), points)
    return content_record(Content(figures={NAME: made}))


def _label(candidate: Candidate) -> str:
    study, _, version = candidate.dataset.partition("/")
    return f"{candidate.label} ({study.upper()}{f' {version}' if candidate.other_recording else ''})"


def table(judged: Sequence[Judged], pooled: Pooled) -> Table:
    """Every candidate with its circumstances and what became of it."""
    rows = tuple(
        (
            Lit(one.candidate.label, "identifier"),
            Lit(one.candidate.dataset, "identifier"),
            one.candidate.value,
            Lit(one.candidate.circumstances.hardware, "identifier"),
            one.candidate.circumstances.scenario.replace("_", " "),
            engine_text(one.candidate.circumstances.engine),
            pooled[one.candidate.dataset],
            verdict(one),
        )
        for one in judged
    )
    names = ("model", "dataset", "decode rate", "hardware", "scenario", "engine", "pooled over", "comparable")
    columns = tuple(Column(name, form="text") for name in names)
    return Table("candidates", "What stands on the chart, and what does not", columns, rows)


def render_decode_speed(datasets: Sequence[ShownDataset], environment: Environment, store: Store) -> Page:
    """The page with its chart, the table of all candidates, and the chart's script."""
    found, pooled = candidates(datasets, store)
    judged = guard(found)
    figure = drawing(judged, store)
    script = spec_file(figure.spec) if figure else ""
    address = f"{NAME}/{NAME}.{key_of(script)[:12]}.vl.json"
    context: dict[str, Any] = {
        "drawn": figure,
        "candidates": table(judged, pooled),
        "spec": address,
        "svg": Markup,
    }
    made = page(environment, Scope(Content()), PATH, "Decode speed", context)
    assets = {**made.assets, **({f"charts/{address}": script.encode()} if figure else {})}
    return Page(made.path, made.title, made.markdown, made.values, assets)


def speeds_job(dataset: ShownDataset) -> Job:
    """The decode rates of one dataset."""
    key = key_of(dataset.edition.digest, dataset.other_recording, code("hooks.pages.results.decode_rates"), libraries())
    arguments = (dataset.edition.folder, dataset.other_recording)
    return Job("speeds", key, "hooks.pages.results.decode_rates:compute_speeds", arguments, short=True)
