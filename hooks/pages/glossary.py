"""The pages of all terms and of all metrics; the latter is kept until a definition or its template changes."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment

from harness.canonical_json import canonical_json

from ..caching.code_digest import sources
from ..caching.store import Store, digest_files, key_of
from ..content.blocks import Content
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
    context = {"terms": terms, "name": name}
    return page(environment, scope, f"{PAGE}.md", "Glossary", context, template="terms.md")


def _render(environment: Environment) -> str:
    from harness.metrics import METRICS

    metrics = [METRICS[name] for name in sorted(METRICS)]
    return environment.get_template(TEMPLATE).render({"scope": Scope(Content()), "metrics": metrics})
