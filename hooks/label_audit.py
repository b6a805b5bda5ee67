"""The page *Label audit*: every label of every dataset on the site, and whether its runs prove it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment

from harness.datasets.catalog import catalog
from harness.datasets.read import read_manifest

from .cache import Store, key_of
from .content import Cell, Column, Content, Lit, Table
from .coverage import counted
from .cross_pages import page
from .dependencies import code
from .labels import CONTRADICTED, PROVEN, SILENT, Line, audit
from .pages import Page
from .scope import Scope
from .wording import slug

PATH = "label-audit.md"
_USABLE = ("ok", "degraded")


def lines(data: Path, store: Store) -> list[Line]:
    """The audit of the newest version of every study under a data root. Raises ``DatasetCorrupt``."""
    newest = {ref.study: ref for ref in sorted(catalog(data), key=lambda ref: (ref.study, ref.version))}
    found: list[Line] = []
    for ref in newest.values():
        manifest = read_manifest(ref.path)
        key = key_of(ref.label, manifest.files["runs.parquet"].sha256, code(f"{__package__}.labels"))
        kept = store.json("labels", key, lambda ref=ref: [asdict(line) for line in _audited(ref.label, ref.path)])  # type: ignore[misc]
        found += [Line(**line) for line in kept]
    return found


def _audited(label: str, folder: Path) -> list[Line]:
    from harness.datasets.read import Dataset

    runs = Dataset.open(folder, verify=False).runs
    columns = [runs[name].to_pylist() for name in ("outcome", "requested", "effective", "facts")]
    kept = [
        (_object(requested), {**_object(facts), **_object(effective)})
        for outcome, requested, effective, facts in zip(*columns, strict=True)
        if outcome in _USABLE
    ]
    return audit(label, kept)


def _object(text: str | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text) if text else {}
    return found


def render_label_audit(data: Path, environment: Environment, store: Store) -> Page:
    """The page."""
    found = lines(data, store)
    totals = {
        verdict: counted(
            sum(line.verdict == verdict for line in found),
            f"labels-{slug(verdict)}",
            f"labels whose runs are {verdict}",
        )
        for verdict in (PROVEN, CONTRADICTED, SILENT)
    }
    context = {"labels": _table(found), "proofs": _proofs(found), "totals": totals, "any": bool(found)}
    return page(environment, Scope(Content()), PATH, "Label audit", context)


def _table(found: Sequence[Line]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for line in found:
        named = slug(f"{line.dataset}-{line.setting}-{line.level}")
        counts = tuple(
            counted(line.counts.get(verdict, 0), f"{named}-{slug(verdict)}", f"runs whose label is {verdict}")
            for verdict in (PROVEN, CONTRADICTED, SILENT)
        )
        label = (Lit(line.dataset, "identifier"), Lit(line.setting, "identifier"), Lit(line.level, "setting"))
        rows.append((*label, line.verdict, *counts))
    columns = ("dataset", "label", "level", "verdict", "runs that prove it", "contradict it", "say nothing")
    return Table("labels", "Labels that name a mechanism", tuple(map(Column, columns)), tuple(rows))


def _proofs(found: Sequence[Line]) -> Table:
    proofs = {line.setting: line.proof for line in found}
    rows = tuple((Lit(setting, "identifier"), proof) for setting, proof in sorted(proofs.items()))
    return Table("proofs", "What proves a label", (Column("label"), Column("evidence")), rows)
