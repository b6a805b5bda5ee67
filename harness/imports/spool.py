"""Where a reader leaves what does not fit into memory: requests, and columns of a file that has them one by one."""

from __future__ import annotations

import itertools
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Self

import numpy as np
import numpy.typing as npt

from ..recorder.request_spool import SpooledRequests

_BUFFER = 1 << 18


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
        return Column(self._open.enter_context(tempfile.TemporaryFile(dir=self._folder, buffering=_BUFFER)))


class Column:
    """Lists of numbers, or texts, one entry a request: written once, then read once in order."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._lengths = array("q")

    def __len__(self) -> int:
        return len(self._lengths)

    def add_singles(self, numbers: Sequence[float]) -> None:
        """Appends entries of one number each."""
        self._lengths.extend((1,) * len(numbers))
        self._file.write(np.array(numbers, np.float64).tobytes())

    def add_lists(self, lists: Sequence[Sequence[float]]) -> None:
        """Appends entries."""
        self._lengths.extend(map(len, lists))
        self._file.write(np.fromiter(itertools.chain.from_iterable(lists), np.float64).tobytes())

    def add_texts(self, texts: Iterable[str]) -> None:
        """Appends entries."""
        for text in texts:
            data = text.encode()
            self._lengths.append(len(data))
            self._file.write(data)

    def singles(self) -> list[float]:
        """The entries again, of one number each. Closes the column."""
        with self._file as file:
            file.seek(0)
            found: list[float] = np.frombuffer(file.read(), np.float64).tolist()
            return found

    def lists(self) -> Iterator[npt.NDArray[np.float64]]:
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
