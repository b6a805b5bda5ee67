"""Where a reader leaves what does not fit into memory: requests, and columns of a file that has them one by one."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..recorder.request_spool import SpooledRequests


class Spool:
    """Files in a folder that is gone when the import ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def requests(self) -> SpooledRequests:
        """A new, empty one."""
        self._made += 1
        return SpooledRequests(self._folder / f"requests-{self._made}.arrow")

    def column(self) -> Column:
        """A new, empty one."""
        return Column(self._folder)


class Column:
    """Lists of numbers, or texts, one entry a request: written once, then read once in order."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._lengths = array("q")

    def __len__(self) -> int:
        return len(self._lengths)

    def add_numbers(self, numbers: Sequence[float]) -> None:
        """Appends one entry."""
        self._lengths.append(len(numbers))
        array("d", numbers).tofile(self._file)

    def add_text(self, text: str) -> None:
        """Appends one entry."""
        data = text.encode()
        self._lengths.append(len(data))
        self._file.write(data)

    def numbers(self) -> Iterator[array[float]]:
        """The entries again. Closes the column."""
        with self._file as file:
            file.seek(0)
            for length in self._lengths:
                found = array("d")
                found.fromfile(file, length)
                yield found

    def texts(self) -> Iterator[str]:
        """The entries again. Closes the column."""
        with self._file as file:
            file.seek(0)
            for length in self._lengths:
                yield file.read(length).decode()
