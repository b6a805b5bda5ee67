"""The page *Label audit*: every label of every dataset that the site shows, and whether its runs prove it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from jinja2 import Environment

from harness.datasets.catalog import Ref, catalog
from harness.datasets.recordings import read_manifest

from ..analysis.label_counts import labelled, records
from ..analysis.label_evidence import VERDICTS, Line, audit
from ..caching.code_digest import code
from ..caching.store import Store, key_of
from ..content.blocks import Cell, Column, Content, Lit, Table
from ..editions.shown_dataset import ShownDataset
from ..rendering.generated_page import page
from ..rendering.page import Page
from ..rendering.scope import Scope
from ..text.naming import slug
from ..values.questions import Labelled
from ..values.value import Value, counted_value

PATH = "label-audit.md"


def newest(data: Path) -> list[Ref]:
    """The newest version of every study under a data root."""
    found = sorted(catalog(data), key=lambda ref: (ref.study, ref.version))
    return list({ref.study: ref for ref in found}.values())


def audited(data: Path, datasets: Sequence[ShownDataset]) -> list[tuple[Ref, bool]]:
    """The datasets that reports show, whether each is another recording of its study, and the newest of other
    studies."""
    other_recording = {dataset.edition.label: dataset.other_recording for dataset in datasets}
    reported = {dataset.edition.manifest.study for dataset in datasets}
    unreported = [ref for ref in newest(data) if ref.study not in reported]
    found = [ref for ref in catalog(data) if ref.label in other_recording] + unreported
    ordered = sorted(found, key=lambda ref: (ref.study, ref.version))
    return [(ref, other_recording.get(ref.label, False)) for ref in ordered]


def lines(data: Path, datasets: Sequence[ShownDataset], store: Store) -> list[Line]:
    """The audit of the datasets under a data root (see ``audited``). Raises ``DatasetCorrupt``."""
    found: list[Line] = []
    for ref, _ in audited(data, datasets):
        manifest = read_manifest(ref.path)
        key = key_of(ref.label, manifest.digest, code("hooks.analysis.label_counts"))
        kept = store.json("labels", key, lambda ref=ref: [asdict(line) for line in _audited(ref.label, ref.path)])  # type: ignore[misc]
        found += [Line(**line) for line in kept]
    return found


def _audited(label: str, folder: Path) -> list[Line]:
    from harness.datasets.read import Dataset

    dataset = Dataset.open(folder, verify=False)
    return audit(label, records(dataset))


def render_label_audit(data: Path, datasets: Sequence[ShownDataset], environment: Environment, store: Store) -> Page:
    """The page; ``datasets`` are those that reports show."""
    found = lines(data, datasets, store)
    sources = {ref.label: (ref, other_recording) for ref, other_recording in audited(data, datasets)}
    totals = {
        verdict: counted_value(
            sum(line.verdict == verdict for line in found),
            f"labels-{slug(verdict)}",
            f"labels whose runs are {verdict}",
        )
        for verdict in VERDICTS
    }
    context = {"labels": _table(found, sources), "proofs": _proofs(found), "totals": totals, "any": bool(found)}
    return page(environment, Scope(Content()), PATH, "Label audit", context)


def _table(found: Sequence[Line], sources: Mapping[str, tuple[Ref, bool]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for line in found:
        counts = tuple(_counts(line, *sources[line.dataset]))
        label = (Lit(line.dataset, "identifier"), Lit(line.setting, "identifier"), Lit(line.level, "setting"))
        rows.append((*label, line.verdict, *counts))
    columns = ("dataset", "label", "level", "verdict", "runs that prove it", "contradict it", "say nothing")
    return Table("labels", "Labels that name a mechanism", tuple(map(Column, columns)), tuple(rows))


def _counts(line: Line, ref: Ref, other_recording: bool) -> Iterator[Value]:
    for verdict in VERDICTS:
        question = Labelled(
            dataset=ref.label,
            digest=ref.digest,
            other_recording=other_recording,
            setting=line.setting,
            level=line.level,
            verdict=verdict,
        )
        yield labelled(question, line.counts.get(verdict, 0))


def _proofs(found: Sequence[Line]) -> Table:
    proofs = {line.setting: line.proof for line in found}
    rows = tuple((Lit(setting, "identifier"), proof) for setting, proof in sorted(proofs.items()))
    return Table("proofs", "What proves a label", (Column("label"), Column("evidence")), rows)
