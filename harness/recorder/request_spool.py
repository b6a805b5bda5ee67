"""Requests on their way to a table, run by run, in little memory: they wait in files of Arrow records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ..canonical_json import canonical_json
from ..datasets.schema import REQUESTS
from ..events import Run, Settings
from ..outcomes import Outcome
from .tables import of_run

Ints = npt.NDArray[np.int64]

_ROWS, _CHUNKS = 8192, 1 << 20
_OF_RUN = ("run_id", "cell_id", "position")
STORED = pa.schema([field for field in REQUESTS if field.name not in _OF_RUN])


class Spooled(NamedTuple):
    """A request as a row of the table, without what no other tool says.

    ``arrivals_ns`` are nanoseconds after its planned start; each of them counts as one token.
    """

    request_index: int
    phase: str
    prompt_id: str
    outcome: Outcome
    planned_ns: int
    sent_ns: int
    end_ns: int | None
    arrivals_ns: Ints
    effective: Settings
    text: str


class SpooledRequests:
    """The requests of one run, in the order in which they are added. Close it before they are read.

    ``shift_ns`` is added to every planned start: when a run began is known only after its last request.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: list[Spooled] = []
        self._chunks = 0
        self._writer = pa.ipc.new_stream(str(path), STORED)
        self.count = 0
        self.failed = 0
        self.shift_ns = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def add(self, request: Spooled) -> None:
        """Takes one request. Raises ``ValueError`` for what the schema cannot hold, ``OSError``."""
        self._rows.append(request)
        self._chunks += len(request.arrivals_ns)
        self.count += 1
        self.failed += not request.outcome.usable
        if len(self._rows) >= _ROWS or self._chunks >= _CHUNKS:
            self._flush()

    def close(self) -> None:
        """Writes what waits. A second call does nothing."""
        self._flush()
        self._writer.close()

    def discard(self) -> None:
        """Closes without writing what waits."""
        self._rows = []
        self._writer.close()

    def tables(self, run: Run) -> Iterator[pa.Table]:
        """The rows of the table of requests, as those of ``run``."""
        with pa.OSFile(str(self._path)) as file, pa.ipc.open_stream(file) as stream:
            for batch in stream:
                known = {
                    name: pa.array([value] * batch.num_rows, REQUESTS.field(name).type)
                    for name, value in of_run(run).items()
                }
                known["planned_ns"] = pc.add(batch.column("planned_ns"), pa.scalar(self.shift_ns, pa.int64()))
                columns = [known[field.name] if field.name in known else batch.column(field.name) for field in REQUESTS]
                yield pa.Table.from_arrays(columns, schema=REQUESTS)

    def _flush(self) -> None:
        if self._rows:
            try:
                batch = _batch(self._rows)
            except (pa.ArrowException, OverflowError, TypeError) as error:
                raise ValueError(f"a request does not fit the dataset's schema: {error}") from error
            self._writer.write_batch(batch)
            self._rows, self._chunks = [], 0


def _batch(rows: Sequence[Spooled]) -> pa.RecordBatch:
    values: dict[str, Any] = dict(zip(Spooled._fields, zip(*rows, strict=True), strict=True))
    outcomes = values["outcome"]
    values |= {
        "outcome": [outcome.status.value for outcome in outcomes],
        "outcome_code": [outcome.code and outcome.code.value for outcome in outcomes],
        "outcome_detail": [outcome.detail for outcome in outcomes],
        "effective": [canonical_json(effective).decode() for effective in values["effective"]],
        "stream": np.zeros(len(rows), np.int32),
    }
    arrivals = values.pop("arrivals_ns")
    ends = np.cumsum([0, *map(len, arrivals)], dtype=np.int32)
    flat = np.concatenate(arrivals)
    lists = {"arrivals_ns": flat, "tokens": np.ones(len(flat), np.int32)}
    columns = []
    for field in STORED:
        if field.name in lists:
            columns.append(pa.ListArray.from_arrays(ends, lists[field.name]))
        elif field.name in values:
            columns.append(pa.array(values[field.name], field.type))
        else:
            columns.append(pa.nulls(len(rows), field.type))
    return pa.RecordBatch.from_arrays(columns, schema=STORED)
