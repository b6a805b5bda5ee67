"""The page *Label audit*: every label of every dataset on the site, and whether its runs prove it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from jinja2 import Environment

from harness.datasets.catalog import Ref, catalog
from harness.datasets.read import read_manifest

from .cache import Store, key_of
from .content import Cell, Column, Content, Lit, Table
from .coverage import counted
from .cross_pages import page
from .dependencies import code
from .labelled import labelled, records
from .labels import VERDICTS, Line, audit
from .pages import Page
from .scope import Scope
from .wording import slug

PATH = "label-audit.md"


def newest(data: Path) -> list[Ref]:
    """The newest version of every study under a data root."""
    found = sorted(catalog(data), key=lambda ref: (ref.study, ref.version))
    return list({ref.study: ref for ref in found}.values())


def lines(data: Path, store: Store) -> list[Line]:
    """The audit of the newest version of every study under a data root. Raises ``DatasetCorrupt``."""
    found: list[Line] = []
    for ref in newest(data):
        manifest = read_manifest(ref.path)
        key = key_of(ref.label, manifest.files["runs.parquet"].sha256, code(f"{__package__}.labelled"))
        kept = store.json("labels", key, lambda ref=ref: [asdict(line) for line in _audited(ref.label, ref.path)])  # type: ignore[misc]
        found += [Line(**line) for line in kept]
    return found


def _audited(label: str, folder: Path) -> list[Line]:
    from harness.datasets.read import Dataset

    dataset = Dataset.open(folder, verify=False)
    return audit(label, records(dataset))


def render_label_audit(data: Path, environment: Environment, store: Store) -> Page:
    """The page."""
    found = lines(data, store)
    digests = {ref.label: ref.digest for ref in newest(data)}
    totals = {
        verdict: counted(
            sum(line.verdict == verdict for line in found),
            f"labels-{slug(verdict)}",
            f"labels whose runs are {verdict}",
        )
        for verdict in VERDICTS
    }
    context = {"labels": _table(found, digests), "proofs": _proofs(found), "totals": totals, "any": bool(found)}
    return page(environment, Scope(Content()), PATH, "Label audit", context)


def _table(found: Sequence[Line], digests: Mapping[str, str]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for line in found:
        counts = tuple(
            labelled(
                line.dataset, digests[line.dataset], line.setting, line.level, verdict, line.counts.get(verdict, 0)
            )
            for verdict in VERDICTS
        )
        label = (Lit(line.dataset, "identifier"), Lit(line.setting, "identifier"), Lit(line.level, "setting"))
        rows.append((*label, line.verdict, *counts))
    columns = ("dataset", "label", "level", "verdict", "runs that prove it", "contradict it", "say nothing")
    return Table("labels", "Labels that name a mechanism", tuple(map(Column, columns)), tuple(rows))


def _proofs(found: Sequence[Line]) -> Table:
    proofs = {line.setting: line.proof for line in found}
    rows = tuple((Lit(setting, "identifier"), proof) for setting, proof in sorted(proofs.items()))
    return Table("proofs", "What proves a label", (Column("label"), Column("evidence")), rows)
