"""The pages of all terms and of all metrics; the latter is kept until a definition or its template changes."""

from __future__ import annotations

from collections.abc import Iterable
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

TEMPLATE = "glossary.md.j2"
PATH = "methodology/metrics"


def render_glossary(environment: Environment, templates: Path, store: Store) -> Page:
    """Every metric's definition."""
    key = key_of(digest_files([templates / TEMPLATE, *sources("harness.metrics"), *sources(__name__)]))
    markdown = store.json("glossary", key, lambda: _render(environment))
    stated = {**page_record("metrics", ()), "claims": {}}
    return Page(f"{PATH}.md", "Metrics", markdown, assets={f"{PATH}/values.json": canonical_json(stated) + b"\n"})


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


def _render(environment: Environment) -> str:
    from harness.metrics import METRICS

    metrics = [METRICS[name] for name in sorted(METRICS)]
    return environment.get_template(TEMPLATE).render({"scope": Scope(Content()), "metrics": metrics})
