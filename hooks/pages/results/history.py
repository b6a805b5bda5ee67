"""The pages *History*: what moved in all studies, and of each study every metric over its recording sessions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jinja2 import Environment

from harness.metrics import metric as metric_named

from ...caching.store import Store, key_of
from ...content.blocks import Content, Figure, content_of
from ...content.vega import spec_file
from ...rendering.page import Page
from ...replication.corpus import AllReports
from ...values.questions import OfMetric
from ...values.value import Value
from ..numbers import rows_at
from ..series_page import render_series_page, render_with_numbers
from .configuration import configuration
from .moves import largest
from .sessions import Followed, Session
from .study_history import NONE

FOLDER = "history"
PATH = f"{FOLDER}.md"
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

    @property
    def several(self) -> bool:
        """Whether a metric has a number in two sessions: it has a page of its own."""
        return bool(self.figures or self.same)

    @property
    def state(self) -> str:
        """What the rule found, in words."""
        if not self.several:
            return "one session so far"
        if any(self.marked()):
            return "changed"
        judged = any(self.said(figure) == NONE for figure in self.figures)
        return NONE if judged or not self.figures else "too few sessions to judge"

    def said(self, figure: Figure) -> str:
        """What was found of a metric."""
        return str(self.content.facts.flags[figure.name])

    def marked(self) -> Iterator[tuple[Figure, str]]:
        """The metrics with a mark, and what it is."""
        for figure in self.figures:
            if self.said(figure).startswith(MARKED):
                yield figure, self.said(figure)


def history_of(one: Followed, store: Store) -> StudyHistory:
    """What is known of a study."""
    return StudyHistory(one, content_of(one.job.data(store)))


def path_of(study: str) -> str:
    """The path of the page of a study."""
    return f"{FOLDER}/{study}.md"


def render_history(found: Sequence[StudyHistory], reports: AllReports, environment: Environment) -> Page:
    """The overview: what moved, the rule, and a row for each study."""
    marks = [(one, figure, said) for one in found for figure, said in one.marked()]
    context = {
        "studies": found,
        "marks": marks,
        "moves": largest((one.followed, figure, said) for one, figure, said in marks),
        "followed": sum(len(one.figures) + len(one.same) for one in found),
        "label": lambda study: _label(study, reports),
    }
    return render_series_page(reports, environment, PATH, "History", context, wide=True)


def render_study(one: StudyHistory, reports: AllReports, environment: Environment) -> tuple[Page, ...]:
    """The page of a study with its charts' scripts, and the page of its numbers."""
    study, scripts = one.followed.study, {}
    path = path_of(study)
    for figure in one.figures:
        script = spec_file(figure.spec, rows_at(path))
        scripts[figure.name] = (f"{study}/{figure.name}.{key_of(script)[:12]}.vl.json", script)
    context = {"one": one, "name": _label(study, reports), "spec_of": lambda figure: scripts[figure.name][0]}
    title = f"{_label(study, reports)} over its sessions"
    made, numbers = render_with_numbers(
        reports, environment, path, title, context, template="history-study.md", wide=True
    )
    assets = {f"{FOLDER}/{place}": script.encode() for place, script in scripts.values()}
    return replace(made, assets={**made.assets, **assets}), numbers


def _label(study: str, reports: AllReports) -> str:
    return reports.series.entries[study].label if study in reports.series.entries else study
