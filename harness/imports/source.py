"""The file that is imported: a plain file, its digest, and the one line that says what is wrong with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError
from ..recorder.pack_members import opened

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


def shown(value: object) -> str:
    """A value as an error quotes it: short, and in one line."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
