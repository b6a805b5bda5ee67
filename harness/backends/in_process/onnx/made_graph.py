"""A folder with one graph: made once, with what is known of it, and proven by digests before anybody reads it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from math import isfinite
from pathlib import Path
from time import monotonic_ns
from typing import Any

from ....outcomes import Code, failed
from ....protocols import EngineFailed
from ....weights.locate import prove
from ....weights.made_once import made_once

ABOUT = "about.json"
Facts = Mapping[str, int | float]


def made_graph(place: Path, write: Callable[[Path], Facts], *told: str) -> dict[str, Any]:
    """The numbers ``told`` that ``write`` gave when it filled the folder ``place``, and the ``seconds`` that it took.

    Raises ``EngineFailed(MODEL_DIGEST)`` where a file is no longer what was written, or is another one.
    """
    made_once(place, lambda fresh: _write(fresh, write))
    hint = f"delete the folder {place.name} in the cache; the next run makes it again"
    try:
        about = json.loads((place / ABOUT).read_text(encoding="utf-8"))
        digests = {str(name): str(digest) for name, digest in about["files"].items()}
        found = {name: _number(about[name]) for name in ("seconds", *told)}
        there = {path.name for path in place.iterdir()} - {ABOUT}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise EngineFailed(failed(Code.MODEL_DIGEST, f"{ABOUT} of {place.name} cannot be read; {hint}")) from None
    for name, digest in digests.items():
        prove(place / name, digest, hint)
    foreign = sorted(there - digests.keys())
    if foreign or not digests:
        said = f"holds {foreign[0]}, which nobody wrote there" if foreign else "has no digest of a file"
        raise EngineFailed(failed(Code.MODEL_DIGEST, f"{place.name} {said}; {hint}"))
    return found


def _number(found: object) -> int | float:
    """A number of at least zero. Raises ``ValueError``."""
    if isinstance(found, bool) or not isinstance(found, int | float) or not isfinite(found) or found < 0:
        raise ValueError(found)
    return found


def _write(fresh: Path, write: Callable[[Path], Facts]) -> None:
    began = monotonic_ns()
    told = write(fresh)
    seconds = (monotonic_ns() - began) / 1e9
    about = {"seconds": seconds, **told, "files": {path.name: _digest(path) for path in sorted(fresh.iterdir())}}
    (fresh / ABOUT).write_text(json.dumps(about), encoding="utf-8")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
