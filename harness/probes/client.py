"""Which instrument this is: the code and libraries that every latency passes through."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ..events import Scalar
from ..outcomes import Missing

RECEIVE_PATH = (
    "decode.py",
    "event_loop.py",
    "exchange.py",
    "framing.py",
    "json_records.py",
    "measured_request.py",
    "receiver.py",
    "scheduler_slice.py",
    "sse.py",
)
"""Files of ``harness/client`` whose change makes another instrument, which needs its own calibration."""

_LIBRARIES = ("httptools", "uvloop")
_FOLDER = Path(__file__).parents[1] / "client"


def facts(folder: Path = _FOLDER) -> dict[str, Scalar | Missing]:
    """``client``: 16 hex digits over the receive path and the versions of its libraries."""
    digest = hashlib.sha256()
    for name in RECEIVE_PATH:
        try:
            digest.update(f"{name}\n".encode() + (folder / name).read_bytes())
        except OSError:
            return {"client": Missing.NOT_REPORTED}
    for library in _LIBRARIES:
        digest.update(f"{library} {_version(library)}\n".encode())
    return {"client": digest.hexdigest()[:16]}


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"
