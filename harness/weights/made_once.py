"""Folders that are made once on a machine, by whoever comes first, and are whole or absent."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock


def made_once(place: Path, write: Callable[[Path], object]) -> Path:
    """``place``, which ``write`` fills if nobody has; others wait for it, and a failure leaves nothing."""
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{place}.lock"):
            if not place.exists():
                publish(place, write)
    return place


def publish(place: Path, write: Callable[[Path], object]) -> None:
    """Has ``write`` fill a folder beside ``place``, then renames it."""
    fresh = Path(tempfile.mkdtemp(dir=place.parent, prefix=".writing-"))
    try:
        write(fresh)
        fresh.replace(place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
