"""A ``Run`` as one line of JSON, between a worker and its executor."""

from __future__ import annotations

from pydantic import TypeAdapter

from ..events import Run

_ADAPTER: TypeAdapter[Run] = TypeAdapter(Run)


def dump_run(run: Run) -> bytes:
    return _ADAPTER.dump_json(run) + b"\n"


def load_run(line: bytes) -> Run:
    """Raises ``pydantic.ValidationError`` where the line is not a run."""
    return _ADAPTER.validate_json(line)
