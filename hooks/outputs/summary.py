"""``summary.json``: what every published report says, for machines; the same texts as on the pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.canonical_json import canonical_json

from ..claims.claim import AnyClaim
from ..editions.comparison import OtherRecording
from ..editions.history import Version
from ..editions.report import Report
from ..editions.shown_dataset import ShownDataset
from ..replication.findings import Published
from ..values.serialize import value_record
from ..values.value import Value

PATH = "summary.json"
SCHEMA = 2


def summary(reports: Iterable[tuple[Report, Published, tuple[Version, ...], tuple[OtherRecording, ...]]]) -> bytes:
    """Canonical JSON of all reports: datasets, claims with their states, findings, versions, and other recordings."""
    listed = [_report(*one) for one in reports]
    return canonical_json({"schema": SCHEMA, "reports": listed}) + b"\n"


def _report(
    report: Report, published: Published, versions: tuple[Version, ...], others: tuple[OtherRecording, ...]
) -> dict[str, Any]:
    headline = published.headline
    return {
        "id": report.id,
        "title": report.prose.front.title,
        "edition": report.prose.front.edition,
        "status": published.status,
        "page": f"{report.page}.html",
        "values": f"{report.page}/values.json",
        "datasets": [_dataset(dataset) for dataset in report.datasets],
        "headline": headline.id if headline else None,
        "claims": [_claim(claim) for claim in published.claims.values()],
        "findings": {name: _finding(value) for name, value in sorted(published.findings.items())},
        "versions": [_version(version) for version in versions],
        "recordings": [_recording(other) for other in others],
    }


def _dataset(dataset: ShownDataset) -> dict[str, Any]:
    """``name`` is empty where the report has one dataset."""
    manifest = dataset.edition.manifest
    return {
        "name": dataset.name,
        "dataset": dataset.edition.label,
        "digest": dataset.edition.digest,
        "profile": manifest.profile,
        "recorded": manifest.created,
        "hardware": dataset.hardware,
    }


def _recording(other: OtherRecording) -> dict[str, Any]:
    return {
        "dataset": other.edition.label,
        "digest": other.edition.digest,
        "recorded": other.edition.manifest.created,
        "page": f"{other.version.page}.html",
        "hardware": other.hardware,
        "error": other.error,
        "claims": {pair.name: str(pair.other.state) if pair.other else None for pair in other.claims},
    }


def _claim(claim: AnyClaim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "text": claim.text,
        "state": str(claim.state),
        "verdict": str(claim.verdict),
        "values": [v.id for v in claim.values.values()],
    }


def _finding(value: Value) -> dict[str, Any]:
    record = value_record(value)
    return {
        "id": value.id,
        **{name: record[name] for name in ("number", "unit", "text", "n", "interval", "missing", "status")},
    }


def _version(version: Version) -> dict[str, Any]:
    return {
        "dataset": version.edition.label,
        "digest": version.edition.digest,
        "sealed": version.edition.manifest.created,
        "page": f"{version.page}.html",
        "superseded_by": version.by.label if version.by else None,
        "reason": version.reason,
    }
