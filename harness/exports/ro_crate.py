"""An RO-Crate 1.1 of the profile Process Run Crate 0.5: files, and the recordings that made them.

Sources: https://www.researchobject.org/ro-crate/specification/1.1/, https://w3id.org/ro/wfrun/process/0.5
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .json_text import json_text
from .process_run import Entity, process_run, reference, references, single
from .sealed_dataset import SealedDataset, SealedFile

FILE = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
CONFORMS = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
TERMS = {"sha256": "http://schema.org/sha256", "environment": "https://w3id.org/ro/terms/workflow-run#environment"}
"""What the context of the specification lacks."""
UNDECLARED = "No licence is declared: ask those who made this dataset what it may be used for."
"""The specification demands a licence, or a text that says how the crate may be used."""


def write(sealed: SealedDataset, folder: Path) -> None:
    """Fills ``folder`` with the sealed files and their description. Raises ``OSError``, and as ``Dataset.table``."""
    folder.mkdir()
    sealed.copy(folder)
    (folder / FILE).write_bytes(json_text(ro_crate(sealed)))


def ro_crate(sealed: SealedDataset) -> dict[str, object]:
    """The description. What nobody declared is left out; of the licence it says that nobody declared one."""
    return {"@context": [CONTEXT, TERMS], "@graph": list(_graph(sealed))}


def _graph(sealed: SealedDataset) -> Iterator[Entity]:
    files = sealed.files()
    entities = process_run(sealed)
    yield {
        "@id": FILE,
        "@type": "CreativeWork",
        "conformsTo": reference(CONFORMS),
        "about": reference("./"),
    }
    authors = [f"#author-{number}" for number, _ in enumerate(sealed.declared.authors, start=1)]
    licence = sealed.declared.licence or UNDECLARED
    optional = {
        "author": single([reference(one) for one in authors]),
        "license": reference(sealed.declared.licence_url) if sealed.declared.licence_url else licence,
        "url": sealed.declared.url,
    }
    yield {
        "@id": "./",
        "@type": "Dataset",
        "conformsTo": reference(PROFILE),
        "name": sealed.title,
        "description": sealed.description,
        "identifier": f"sha256:{sealed.dataset.digest}",
        "version": sealed.dataset.manifest.name,
        "datePublished": sealed.day,
        **{name: value for name, value in optional.items() if value},
        "hasPart": single([reference(file.name) for file in files]),
        "mentions": references(one for one in entities if one["@type"] == "CreateAction"),
    }
    yield {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    for name, about in zip(sealed.declared.authors, authors, strict=True):
        yield {"@id": about, "@type": "Organization", "name": name}
    if sealed.declared.licence_url:
        yield {"@id": sealed.declared.licence_url, "@type": "CreativeWork", "name": sealed.declared.licence}
    yield from map(_file, files)
    yield from entities


def _file(file: SealedFile) -> Entity:
    return {
        "@id": file.name,
        "@type": "File",
        "name": file.name,
        "description": file.description,
        "encodingFormat": file.media_type("application/vnd.apache.parquet"),
        "contentSize": str(file.bytes),
        "sha256": file.sha256,
    }
