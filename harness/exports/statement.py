"""An in-toto Statement v1 over the digests of a dataset: what a signature of it would attest.

Source: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from ..datasets.manifest import Manifest
from .json_text import json_text
from .sealed_dataset import SealedDataset

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://bindery.example/attestation/dataset/v1"
"""The name of the predicate: an identifier, not an address."""


def write(sealed: SealedDataset, path: Path) -> None:
    """Writes the statement, unsigned. Raises ``OSError``."""
    path.write_bytes(json_text(statement(sealed)))


def statement(sealed: SealedDataset) -> dict[str, object]:
    """Every file of the dataset with its SHA-256, and how it was made.

    A fact in which recordings differ is null in the predicate, and each of ``recordings`` has its own.
    """
    manifest = sealed.dataset.manifest
    return {
        "_type": STATEMENT,
        "subject": [{"name": file.name, "digest": {"sha256": file.sha256}} for file in sealed.files()],
        "predicateType": PREDICATE,
        "predicate": {
            "study": manifest.study,
            "version": manifest.name,
            "manifest": {"sha256": sealed.dataset.digest},
            "title": manifest.title,
            "profile": manifest.profile,
            "fingerprint": manifest.fingerprint,
            "outcomes": manifest.outcomes,
            "plannedRuns": manifest.planned_runs,
            **_made(manifest),
            "recordings": [
                {
                    "name": recording.session,
                    "manifest": {"sha256": recording.manifest.digest},
                    **_made(recording.manifest),
                    "session": recording.manifest.session,
                    "changes": [change.model_dump(mode="json") for change in recording.manifest.strata],
                }
                for recording in sealed.dataset.recordings
            ],
        },
    }


def _made(manifest: Manifest) -> dict[str, object]:
    origin = manifest.imported
    return {
        **({"imported": asdict(origin)} if origin else {}),
        "created": manifest.created,
        "code": manifest.code.model_dump(mode="json"),
        "calibration": {"sha256": manifest.calibration} if manifest.calibration else None,
        "models": [model.model_dump(mode="json") for model in manifest.models],
        "environment": manifest.environment,
    }
