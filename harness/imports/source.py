"""The file that is imported: a plain file, its digest, and the one line that says what is wrong with it."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from ..errors import DataError, UsageError
from ..recorder.durable import advice

_LONGEST = 60
_LONGEST_NAME = 200
ADVICE = "export the results again, or take the damaged part out"


@dataclass(frozen=True, slots=True)
class Source:
    """A file by its ``path``; ``sha256`` (hex) and ``bytes`` are those of its content."""

    path: Path
    sha256: str
    bytes: int

    @classmethod
    def of(cls, path: Path) -> Source:
        """Raises ``UsageError`` where there is no plain file, ``DataError`` where it cannot be read."""
        with opened(path) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return cls(path, digest, file.tell())

    @property
    def name(self) -> str:
        """The name of the file without its folder, as text that can be stored."""
        return self.path.name.encode("utf-8", "replace").decode()[-_LONGEST_NAME:]

    def wrong(self, place: str, what: str) -> DataError:
        """The error of something in the file; ``place`` says where."""
        return DataError(f"{self.path}: {place}: {what}; {ADVICE}")


def opened(path: Path) -> BufferedReader:
    """The file, open for reading. Raises as ``Source.of``."""
    try:
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")
    except FileNotFoundError:
        raise UsageError(f"there is no {path}; name a file that harness export or another tool wrote") from None
    except OSError as error:
        raise DataError(f"cannot read {path}: {advice(error)}") from None
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise UsageError(f"{path} is no plain file; name a file that harness export or another tool wrote")
    return file


def shown(value: object) -> str:
    """A value as an error quotes it: short, and in one line."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
