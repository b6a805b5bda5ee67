"""The page *History*: each metric of each published study over its recording sessions, with changes marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jinja2 import Environment
from markupsafe import Markup

from harness.metrics import metric as metric_named

from ...caching.store import Store, key_of
from ...content.blocks import Content, Figure, content_of
from ...content.vega import spec_file
from ...editions.citation import hardware
from ...rendering.page import Page
from ...replication.corpus import AllReports
from ...values.questions import OfMetric
from ...values.value import Value
from ..series_page import render_series_page
from .configuration import configuration
from .sessions import Followed, Session

PATH = "history.md"
MARKED = ("higher in ", "lower in ")
"""How the finding of a metric with a marked session begins (see ``study_history.py``)."""


@dataclass(frozen=True, slots=True)
class StudyHistory:
    """A study with what its sessions say."""

    followed: Followed
    content: Content

    @property
    def title(self) -> str:
        return self.sessions[-1].edition.manifest.title

    @property
    def sessions(self) -> tuple[Session, ...]:
        return self.followed.sessions

    @property
    def machines(self) -> dict[str, str]:
        """The machines in words, by their letters."""
        return {one.host: hardware(one.edition.manifest.environment) for one in self.sessions}

    @property
    def cell(self) -> str:
        """The cell that is followed, in words."""
        found = configuration(self.sessions[-1].edition.manifest, self.followed.where)
        model = f"model {found.models[0]}, " if found else ""
        return f"{model}{found.words}" if found else "one cell"

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(self.content.figures.values())

    @property
    def same(self) -> tuple[tuple[str, Value], ...]:
        """The metrics that are the same in all sessions, in words, with their number."""
        found = self.content.findings.values()
        return tuple(
            (metric_named(one.question.metric).name, one) for one in found if isinstance(one.question, OfMetric)
        )

    def said(self, figure: Figure) -> str:
        """What was found of a metric."""
        return str(self.content.facts.flags[figure.name])

    def marked(self) -> Iterator[tuple[Figure, str]]:
        """The metrics with a mark, and what it is."""
        for figure in self.figures:
            if self.said(figure).startswith(MARKED):
                yield figure, self.said(figure)


def histories(found: Sequence[Followed], store: Store) -> tuple[StudyHistory, ...]:
    """What is known of each study."""
    return tuple(StudyHistory(one, content_of(one.job.data(store))) for one in found)


def render_history(found: Sequence[StudyHistory], reports: AllReports, environment: Environment) -> Page:
    """The page with its charts' scripts."""
    scripts = {figure.name: spec_file(figure.spec) for one in found for figure in one.figures}
    addresses = {name: f"history/{name}.{key_of(script)[:12]}.vl.json" for name, script in scripts.items()}
    context = {
        "several": [one for one in found if one.figures or one.same],
        "alone": [one for one in found if not (one.figures or one.same)],
        "marks": [(one, figure, said) for one in found for figure, said in one.marked()],
        "followed": sum(len(one.figures) + len(one.same) for one in found),
        "spec_of": lambda figure: addresses[figure.name],
        "label": lambda study: reports.series.entries[study].label if study in reports.series.entries else study,
        "svg": Markup,
    }
    made = render_series_page(reports, environment, PATH, "History", context, wide=True)
    assets = {addresses[name]: script.encode() for name, script in scripts.items()}
    return replace(made, assets={**made.assets, **assets})
