"""A file or a folder at a place that a person names: it appears there whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import DataError, UsageError
from .durable import advice, sync_path
from .staging import staged


@contextmanager
def appearing(target: Path) -> Iterator[Path]:
    """A path for the caller to write a file at, or to make a folder at and fill it; in the end it becomes ``target``.

    Raises ``UsageError`` where that cannot be, ``DataError`` where the disk fails.
    """
    _free(target)
    try:
        with staged(target.parent) as stage:
            made = stage / target.name
            yield made
            for path in (*made.rglob("*"), made):
                sync_path(path)
            _free(target)
            made.rename(target)
            sync_path(target.parent)
    except OSError as error:
        raise DataError(f"cannot write {target}: {advice(error)}") from error


def _free(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise UsageError(f"{target} exists already; name one that does not")
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}; make it first, or name a place elsewhere")
