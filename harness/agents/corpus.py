"""The files that agents read: about a hundred, taken from sealed datasets, each with its digest and its origin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from ..outcomes import Code, failed
from ..protocols import EngineFailed
from ..protocols.agent import Ingested
from ..texts.agent_prompts import CORPUS
from .python.summary import read_files, summarise


@cache
def digests() -> Mapping[str, tuple[str, int]]:
    """SHA-256 (hex) and size of each file of the corpus, by name."""
    entries = json.loads(CORPUS.with_suffix(".json").read_text(encoding="utf-8"))
    return {entry["file"]: (entry["sha256"], entry["bytes"]) for entry in entries}


@cache
def summary() -> str:
    """What every agent makes of the corpus."""
    return summarise(list(read_files(CORPUS)))


def check_read(files: list[Ingested]) -> None:
    """Refuses what is not the whole corpus as it ships. Raises ``EngineFailed``."""
    found = {file.file: (file.sha256, file.bytes) for file in files}
    if len(found) < len(files):
        raise EngineFailed(failed(Code.AGENT_GARBLED, "the agent says of a file twice that it read it"))
    shipped = digests()
    for name in sorted(shipped.keys() | found.keys()):
        if found.get(name) != shipped.get(name):
            what = "was not read" if name not in found else "is new" if name not in shipped else "has changed"
            raise EngineFailed(failed(Code.CORPUS_CHANGED, f"the file {name} of the corpus {what}; restore it"))
