"""Requests on their way to a table, run by run, in little memory: they wait in files of Arrow records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..datasets.schema import REQUESTS
from ..events import Request, Run
from .tables import of_run, request_row

Ints = npt.NDArray[np.int64]

_ROWS, _CHUNKS = 8192, 1 << 20
_OF_RUN = ("run_id", "cell_id", "position")
STORED = pa.schema([field for field in REQUESTS if field.name not in _OF_RUN])


class SpooledRequests:
    """The requests of one run, in the order in which they are added. Close it before they are read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: list[dict[str, Any]] = []
        self._chunks = 0
        self._writer = pa.ipc.new_stream(str(path), STORED)
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def add(self, request: Request, chunks_ns: Ints) -> None:
        """Takes one request, which has no chunks, and the arrivals of these: nanoseconds after its planned start.

        A chunk counts as one token. Raises ``ValueError`` for what the schema cannot hold, ``OSError``.
        """
        chunks = {"arrivals_ns": chunks_ns, "tokens": np.ones(len(chunks_ns), np.int32)}
        self._rows.append({**request_row(request), **chunks})
        self._chunks += len(chunks_ns)
        self.count += 1
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
                known = {name: [value] * batch.num_rows for name, value in of_run(run).items()}
                columns = [
                    pa.array(known[field.name], field.type) if field.name in known else batch.column(field.name)
                    for field in REQUESTS
                ]
                yield pa.Table.from_arrays(columns, schema=REQUESTS)

    def _flush(self) -> None:
        if self._rows:
            try:
                table = pa.Table.from_pylist(self._rows, schema=STORED)
            except (pa.ArrowException, OverflowError, TypeError) as error:
                raise ValueError(f"a request does not fit the dataset's schema: {error}") from error
            self._writer.write_table(table)
            self._rows, self._chunks = [], 0
