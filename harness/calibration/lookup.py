"""Which calibration vouches for a measurement: the newest one of the same host, processors and instrument.

It has to pass its own audit: one that was recorded on a busy machine says more of the machine than of the client.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..datasets.catalog import Ref, sealed
from ..datasets.read import Dataset
from ..datasets.recordings import read_manifest
from ..events import Scalar
from ..protocols.envelope import Envelope
from ..validity.audit import objections

STUDY = "calibration"
MUST_AGREE = ("host_id", "client", "python", "scheduling", "cores_allowed")
"""Facts of the environment in which a calibration and what it vouches for must not differ."""


def applicable(data: Path, environment: Mapping[str, Scalar]) -> Dataset | None:
    """The newest calibration under ``data`` that was taken on this host with this client, or ``None``.

    An unknown host or client agrees with nothing. A smoke calibration shows that the path works and vouches for
    nothing. Raises as ``catalog.sealed`` does.
    """
    wanted = [environment.get(name) for name in MUST_AGREE]
    if None in wanted:
        return None
    for ref in newest_first(data):
        if ref.profile == "smoke":
            continue
        dataset = Dataset.open(ref.path, verify=False)
        agrees = [dataset.manifest.environment.get(name) for name in MUST_AGREE] == wanted
        if agrees and not objections(dataset, data):
            return dataset
    return None


def newest_first(data: Path) -> list[Ref]:
    """Versions and recordings of the calibration, those made last first."""
    return sorted(
        sealed(data, STUDY), key=lambda ref: (read_manifest(ref.path).created, ref.version, ref.name), reverse=True
    )


def applicable_envelope(data: Path, environment: Mapping[str, Scalar]) -> Envelope | None:
    """What that calibration allows; its ``calibration`` is the digest that later datasets name."""
    found = applicable(data, environment)
    return None if found is None else _envelope(found)


def named_envelope(data: Path, digest: str | None) -> Envelope | None:
    """What the calibration of this digest allows: a recording is judged to its end by the one that it began with.

    ``None`` where it named none, or names one that is no longer under ``data``.
    """
    for ref in newest_first(data):
        if ref.digest == digest:
            return _envelope(Dataset.open(ref.path, verify=False))
    return None


def _envelope(found: Dataset) -> Envelope:
    from .errors import cell_errors, envelope

    return envelope(cell_errors(found), found.digest)
