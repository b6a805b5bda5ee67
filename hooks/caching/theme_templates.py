"""What the templates of MkDocs' theme compile to, kept in the store: to compile them takes a twelfth of a build."""

from __future__ import annotations

from importlib.metadata import version

from jinja2 import BytecodeCache, FileSystemBytecodeCache

from .store import Store

KIND = "theme"


def compiled(store: Store) -> BytecodeCache:
    """By the path and the text of a template, for these versions of Jinja and MkDocs."""
    folder = store.folder / KIND / f"jinja2-{version('jinja2')}-mkdocs-{version('mkdocs')}"
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))
