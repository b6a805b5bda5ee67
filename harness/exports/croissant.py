"""Croissant 1.0 (MLCommons): JSON-LD that a loader of data sets reads; each sealed Parquet file is a record set.

Source: https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa

from ..datasets.recordings import Recording
from .columns import TABLES, column
from .json_text import json_text
from .sealed_dataset import SealedDataset, SealedFile

FILE = "croissant.json"
CONFORMS = "http://mlcommons.org/croissant/1.0"
_CR = (
    "citeAs", "column", "equivalentProperty", "extract", "field", "fileObject", "fileProperty", "fileSet", "format",
    "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
    "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
CONTEXT: dict[str, object] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in _CR},
}
"""The context of the specification, term by term."""


def write(sealed: SealedDataset, folder: Path) -> None:
    """Fills ``folder`` with the sealed files and their description. Raises ``OSError``."""
    folder.mkdir()
    sealed.copy(folder)
    (folder / FILE).write_bytes(json_text(croissant(sealed)))


def croissant(sealed: SealedDataset) -> dict[str, object]:
    """The description. What nobody declared is left out."""
    said = sealed.declared
    optional = {
        "license": said.licence_url or said.licence,
        "creator": [{"@type": "Organization", "name": name} for name in said.authors],
        "url": said.url,
    }
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS,
        "name": sealed.label.replace("/", "-"),
        "alternateName": sealed.title,
        "description": sealed.description,
        "version": _version(sealed),
        "datePublished": sealed.day,
        "citeAs": "\n".join(sealed.citation),
        **{name: value for name, value in optional.items() if value},
        "isLiveDataset": False,
        "distribution": [_file(file) for file in sealed.files()],
        "recordSet": list(_record_sets(sealed)),
    }


def _version(sealed: SealedDataset) -> str:
    """The number as Croissant wants it, with three parts; a recording has none and goes by its name."""
    version = sealed.dataset.manifest.version
    return f"{version}.0.0" if version else sealed.dataset.manifest.name


def _file(file: SealedFile) -> dict[str, object]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": file.description,
        "contentUrl": file.name,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": file.media_type("application/x-parquet"),
        "sha256": file.sha256,
    }


def _record_sets(sealed: SealedDataset) -> Iterator[dict[str, object]]:
    """A record set per table; of a version that lists recordings, per table of each."""
    alone = len(sealed.dataset.recordings) == 1
    for recording in sealed.dataset.recordings:
        for file in sealed.files_of(recording):
            if file.table:
                yield _record_set(sealed, recording, file, file.table if alone else f"{recording.session}/{file.table}")


def _record_set(sealed: SealedDataset, recording: Recording, file: SealedFile, name: str) -> dict[str, object]:
    table = file.table or ""
    key = {"key": {"@id": f"{name}/run_id"}} if table == "runs" else {}
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": TABLES[table],
        **key,
        "field": [_field(sealed, file, name, stored) for stored in sealed.schema(recording, table)],
    }


def _field(sealed: SealedDataset, file: SealedFile, record_set: str, stored: pa.Field) -> dict[str, object]:
    said = column(file.table or "", stored.name, sealed.factors)
    repeated = pa.types.is_list(stored.type)
    return {
        "@type": "cr:Field",
        "@id": f"{record_set}/{quote(stored.name, safe='.')}",
        "name": stored.name,
        "description": f"{said.meaning} Unit: {said.unit}." if said.unit else said.meaning,
        "dataType": _kind(stored.type.value_type if repeated else stored.type),
        **({"repeated": True} if repeated else {}),
        "source": {"fileObject": {"@id": file.name}, "extract": {"column": stored.name}},
    }


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_integer(kind):
        return "sc:Integer"
    return "sc:Float" if pa.types.is_floating(kind) else "sc:Text"
