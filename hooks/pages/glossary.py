"""The pages of all terms and of all metrics; the latter are kept until a definition or a template of theirs changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment

from harness.canonical_json import canonical_json

from ..caching.code_digest import sources
from ..caching.store import Store, digest_files, key_of
from ..content.blocks import Content
from ..editions.edition import Edition
from ..rendering.generated_page import page
from ..rendering.page import Page
from ..rendering.scope import Scope
from ..text.escaping import LiteralKind
from ..text.numbers import has_number
from ..text.terms import PAGE, Terms
from ..values.serialize import page_record

PAGES = {
    "methodology/metrics": ("Metrics", "glossary.md.j2"),
    "methodology/other-tools": ("Metrics of other tools", "tools.md.j2"),
}
"""Title and template of the page of our own metrics, and of that of those that other tools define."""


def render_metrics(environment: Environment, templates: Path, store: Store) -> Iterator[Page]:
    """Every metric's definition."""
    code = (*sources("harness.metrics"), *sources(__name__))
    for path, (title, template) in PAGES.items():
        key = key_of(digest_files([templates / template, *code]))
        markdown = store.json("glossary", key, partial(_render, environment, template))
        stated = {**page_record(path.rpartition("/")[2], ()), "claims": {}}
        yield Page(f"{path}.md", title, markdown, assets={f"{path}/values.json": canonical_json(stated) + b"\n"})


def defined_at(metric: str) -> str:
    """The path, without its ending, of the page that defines a metric."""
    from harness.metrics import OF_TOOLS

    ours, theirs = PAGES
    return theirs if any(metric == one.id for of_tool in OF_TOOLS.values() for one in of_tool) else ours


def render_terms(environment: Environment, docs: Path) -> Page:
    """What each term means that other pages lead to."""
    scope = Scope(Content())

    def name(text: str) -> str:
        return scope.lit(text, LiteralKind.IDENTIFIER) if has_number(text) else text

    terms = sorted(Terms.read(docs).terms, key=lambda term: term.name.lower())
    statistics = (docs / "methodology" / "statistics.md").is_file()
    context = {"terms": terms, "name": name, "statistics": statistics}
    return page(environment, scope, f"{PAGE}.md", "Glossary", context, template="terms.md")


def named_metrics(editions: Iterable[Edition], docs: Path) -> list[tuple[str, str]]:
    """Name and abbreviation of each metric of the datasets: the words that a reader may search for."""
    from harness.metrics import METRICS

    short = {term.metric: form for term in Terms.read(docs).terms for form in term.also if form.isupper()}
    designs: Iterable[Any] = (edition.manifest.design for edition in editions)
    found = dict.fromkeys(name for design in designs for name in design["metrics"] if name in METRICS)
    return [(METRICS[name].name, short.get(name, "")) for name in found]


def _render(environment: Environment, template: str) -> str:
    from harness.metrics import METRICS, OF_TOOLS

    tools = dict(sorted(OF_TOOLS.items(), key=lambda tool: tool[0].lower()))
    told = {one.id for of_tool in tools.values() for one in of_tool}
    ours = [METRICS[name] for name in sorted(METRICS) if name not in told]
    return environment.get_template(template).render({"scope": Scope(Content()), "metrics": ours, "tools": tools})
