"""Writes what was rendered as plain files: Markdown, data and charts, for tools that run no hooks."""

from __future__ import annotations

import shutil
from pathlib import Path

from harness.errors import UsageError

from ..caching.store import write
from ..project import Project
from ..rendering.page import Rendered

LEFT_OUT = frozenset({".yml", ".yaml"})


def materialise(project: Project, rendered: Rendered, out: Path) -> int:
    """Writes every document and file under ``out``, which must be new or empty, and returns how many."""
    out = out.resolve()
    if out.is_relative_to(project.docs) or out.is_relative_to(project.data):
        raise UsageError(f"{out} lies inside the sources; choose a folder outside docs/ and the data folder")
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out} is not empty; choose a new folder or empty it first")
    rendered.finish()
    documents = rendered.documents()
    for path, markdown in documents.items():
        write(out / path, markdown.encode())
    for path, data in rendered.assets.items():
        write(out / path, data.read_bytes() if isinstance(data, Path) else data)
    copied = 0
    for source in sorted(project.docs.rglob("*")):
        name = source.relative_to(project.docs)
        if source.is_file() and name.as_posix() not in documents and source.suffix not in LEFT_OUT:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, out / name)
            copied += 1
    return len(documents) + len(rendered.assets) + copied
