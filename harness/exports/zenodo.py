"""A folder to upload to Zenodo: the pack that ``harness import`` proves, CSV, a statement, metadata and a README.

Zenodo keeps no folders, so all files lie side by side.
Source: https://developers.zenodo.org/#representation
"""

from __future__ import annotations

import html
from pathlib import Path

from ..terminal import plain
from . import csv_tables, statement
from .json_text import json_text
from .readme import readme
from .sealed_dataset import SealedDataset

METADATA = ".zenodo.json"


def write(sealed: SealedDataset, folder: Path) -> None:
    """Fills ``folder`` but for the pack, which lies there already. Raises ``OSError``."""
    tables = csv_tables.write_tables(sealed, folder)
    statement.write(sealed, folder / statement_name(sealed))
    (folder / METADATA).write_bytes(json_text(metadata(sealed)))
    (folder / "README.md").write_text(
        readme(sealed, pack_name(sealed), statement_name(sealed), tables), encoding="utf-8"
    )


def pack_name(sealed: SealedDataset) -> str:
    """``tr108-v3.tar``."""
    return f"{_stem(sealed)}.tar"


def statement_name(sealed: SealedDataset) -> str:
    """``tr108-v3.intoto.json``."""
    return f"{_stem(sealed)}.intoto.json"


def metadata(sealed: SealedDataset) -> dict[str, object]:
    """The metadata of the deposit. What nobody declared is left out; Zenodo asks for it."""
    said = sealed.declared
    optional = {
        "creators": [{"name": plain(name)} for name in said.authors],
        "license": said.licence_id.lower() if said.licence_id else None,
        "related_identifiers": [{"identifier": said.url, "relation": "isDocumentedBy"}] if said.url else None,
    }
    return {
        "upload_type": "dataset",
        "title": plain(sealed.title),
        "description": f"<p>{_html(sealed.description)}</p><p>SHA-256 of the manifest: {sealed.dataset.digest}</p>",
        "version": sealed.dataset.manifest.name,
        "publication_date": sealed.day,
        **{name: value for name, value in optional.items() if value},
    }


def _html(text: str) -> str:
    return html.escape(plain(text))


def _stem(sealed: SealedDataset) -> str:
    return sealed.label.replace("/", "-")
