"""Renders one page about all reports, or about all that is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from harness.canonical_json import canonical_json

from ..claims.claim import claims_record
from ..values.serialize import page_record
from .page import Page
from .provenance import metrics, numbers
from .scope import Scope


def page(
    environment: Environment,
    scope: Scope,
    path: str,
    title: str,
    context: Mapping[str, Any],
    *,
    template: str = "",
    wide: bool = False,
) -> Page:
    """One generated page with its ``values.json``. Where none is named, the template is that of the path."""
    shared: dict[str, Any] = {
        "scope": scope,
        "numbers": lambda: numbers(scope.shown),
        "metrics": lambda: metrics(scope.shown),
    }
    body = environment.get_template(f"{template or path}.j2")
    markdown, name = body.render({**shared, **context}), path.removesuffix(".md")
    stated = {**page_record(name, scope.shown.values()), "claims": claims_record(scope.claims.values())}
    assets = {f"{name}/values.json": canonical_json(stated) + b"\n"}
    return Page(path, title, markdown, dict(scope.shown), assets, wide=wide)
