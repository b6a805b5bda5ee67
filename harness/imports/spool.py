"""Where a reader leaves what does not fit into memory: requests, and columns of a file that has them one by one."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Self

import numpy as np
import numpy.typing as npt

from ..recorder.request_spool import SpooledRequests


class Spool:
    """Files in a folder that is gone when the import ends; all are closed when the spool is left."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def requests(self) -> SpooledRequests:
        """A new, empty one."""
        self._made += 1
        found = SpooledRequests(self._folder / f"requests-{self._made}.arrow")
        self._open.callback(found.discard)
        return found

    def column(self) -> Column:
        """A new, empty one."""
        return Column(self._open.enter_context(tempfile.TemporaryFile(dir=self._folder)))


class Column:
    """Lists of numbers, or texts, one entry a request: written once, then read once in order."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._lengths = array("q")

    def __len__(self) -> int:
        return len(self._lengths)

    def add_numbers(self, numbers: Sequence[float]) -> None:
        """Appends one entry."""
        self._lengths.append(len(numbers))
        self._file.write(np.asarray(numbers, np.float64).tobytes())

    def add_text(self, text: str) -> None:
        """Appends one entry."""
        data = text.encode()
        self._lengths.append(len(data))
        self._file.write(data)

    def numbers(self) -> Iterator[npt.NDArray[np.float64]]:
        """The entries again. Closes the column."""
        with self._file as file:
            file.seek(0)
            for length in self._lengths:
                yield np.frombuffer(file.read(8 * length), np.float64)

    def texts(self) -> Iterator[str]:
        """The entries again. Closes the column."""
        with self._file as file:
            file.seek(0)
            for length in self._lengths:
                yield file.read(length).decode()
