"""The page of a report whose datasets are not recorded yet."""

from __future__ import annotations

from jinja2 import Environment

from harness.studies import STUDIES

from ..content.blocks import Content
from ..editions.prose import Prose
from ..rendering.page import Page
from ..rendering.scope import Scope


def render_planned(prose: Prose, environment: Environment, *, committed: bool) -> Page:
    """The page, with what records the datasets. ``committed`` tells that the data root is the project's own."""
    several = dict.fromkeys(label.partition("/")[0] for label in prose.front.datasets.values())
    study = None if several else STUDIES.load(prose.report)
    context = {
        "scope": Scope(Content()),
        "report": prose.report,
        "title": study.title if study else prose.front.title,
        "question": study.question if study else "",
        "studies": list(several) or [prose.report],
        "committed": committed,
    }
    text = environment.get_template("planned.md.j2").render(context)
    return Page(f"reports/{prose.report}.md", prose.front.title, text)
