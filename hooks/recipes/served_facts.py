"""What is known of the server that answered, line by line with who says so; nothing comes from a registry by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from harness.design.limits import SCOPE
from harness.design.scope import COMMAND, DECLARED
from harness.models import SERVED

from ..analysis.filters import is_number
from ..content.blocks import Cell, Column, Lit, Table
from ..text.naming import level_text
from .report_builder import Draft

_REPORTED_AS = {"layers": "model_layers", "parameters": "n_params", "sha256": "model_sha256"}
"""What engines call a fact of the model that they report, where that is another word."""
_PREFLIGHT = "preflight."


def served_facts(draft: Draft, name: str) -> None:
    """A table of every fact about the server: reported by it, declared by its operator, found by us, or unknown."""
    columns = tuple(map(Column, ("what", "value", "who says so")))
    draft.table(
        Table(name, "What answered", columns, (*_models(draft), *_fixed(draft), *_reported(draft), *_found(draft)))
    )


def _models(draft: Draft) -> Iterator[tuple[Cell, ...]]:
    imported = draft.study.imported
    for model in draft.data.dataset.manifest.models:
        source = (
            f"the file of {imported.tool}"
            if imported
            else "the server's own name for it"
            if model.source == SERVED
            else "the registry, or the file"
        )
        yield "model", _lit(model.name), source
        for name in ("family", "architecture", "layers", "parameters", "quantisation", "sha256"):
            fact = getattr(model, name)
            if fact is not None:
                yield _lit(name), _lit(fact), source
            elif not draft.data.reported(_REPORTED_AS.get(name, name)):
                yield _lit(name), "—", "unknown"


def _fixed(draft: Draft) -> Iterator[tuple[Cell, ...]]:
    """What was asked for of all runs alike, and what the operator declared."""
    fixed: Mapping[str, Any] = dict(draft.study.fixed)
    imported = draft.study.imported
    declared = f"the file of {imported.tool}" if imported else "declared by the operator, not checked"
    if address := fixed.get("base_url"):
        yield "address", _lit(address), "asked for"
    for name, value in fixed.items():
        scope, _, rest = name.partition(".")
        if scope == DECLARED and name != COMMAND:
            yield _lit(rest), _lit(value), declared
        elif scope == SCOPE:
            yield (
                Lit(f"limit of {rest.removesuffix('_ms')}", "identifier"),
                Lit(f"{value} ms", "threshold"),
                "asked for",
            )


def _reported(draft: Draft) -> Iterator[tuple[Cell, ...]]:
    """What every run that says anything reported, each different value once."""
    for name in dict.fromkeys(key for told in draft.data.settings.values() for key in told if key != "model"):
        if told := draft.data.reported(name):
            shown = (f"{one:,}" if is_number(one) and isinstance(one, int) else level_text(one) for one in told)
            yield _lit(name), _lit(", ".join(shown)), "reported by the server"


def _found(draft: Draft) -> Iterator[tuple[Cell, ...]]:
    """What requests before the recording found."""
    facts = (json.loads(text or "{}") for text in draft.data.dataset.runs["facts"].to_pylist())
    for name, value in next(facts, {}).items():
        if name.startswith(_PREFLIGHT):
            yield _lit(name.removeprefix(_PREFLIGHT)), _lit(value), "found before the recording"


def _lit(fact: object) -> Lit:
    return Lit(f"{fact:,}" if isinstance(fact, int) and not isinstance(fact, bool) else str(fact), "identifier")
