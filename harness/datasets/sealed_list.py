"""The list of all that was ever sealed under a data root: ``SEALED``, one line a version or recording.

    tr108/v3 2f1c… 2026-03-01

is the label, the SHA-256 of the manifest and the day of recording. Lines are only ever added. Whoever keeps a copy, or
the history of the file, can tell whether a dataset was replaced, whatever else was made to fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..errors import DatasetCorrupt
from . import catalog
from .recordings import read_manifest

LIST = "SEALED"
ADVICE = "restore it from version control"
_LINE = re.compile(
    r"([a-z0-9][a-z0-9-]{0,40}/(?:v[1-9][0-9]{0,8}|r[0-9]{4})) ([0-9a-f]{64}) ([0-9]{4}-[0-9]{2}-[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: ``digest`` is the SHA-256 (hex) of the manifest, ``day`` the ISO date of recording."""

    label: str
    digest: str
    day: str

    def __str__(self) -> str:
        return f"{self.label} {self.digest} {self.day}"


def read_list(path: Path) -> dict[str, Entry]:
    """The lines of a list by label, in order; none where there is no list. Raises ``DatasetCorrupt``.

    A last line without its end is one that is being written, or that a crash has cut short: it lists nothing yet.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise DatasetCorrupt(f"{path} cannot be read: {error.strerror}; {ADVICE}") from None
    lines = data.split(b"\n")[:-1]
    found: dict[str, Entry] = {}
    for number, line in enumerate(lines, start=1):
        entry = _entry(line)
        if entry is None:
            raise DatasetCorrupt(f"{path}, line {number} is no label, SHA-256 and date; {ADVICE}")
        if entry.label in found:
            raise DatasetCorrupt(f"{path}, line {number} lists {entry.label} again; {ADVICE}")
        found[entry.label] = entry
    return found


def present(root: Path) -> Iterator[Entry]:
    """What is sealed under ``root`` now, the oldest first. Raises as ``read_manifest`` does."""
    refs = [ref for study in catalog.studies(root) for ref in catalog.sealed(root, study)]
    entries = [Entry(ref.label, ref.digest, read_manifest(ref.path).created[:10]) for ref in refs]
    yield from sorted(entries, key=lambda entry: (entry.day, entry.label))


def unlike(listed: Mapping[str, Entry], found: Mapping[str, Entry]) -> Iterator[str]:
    """What ``found`` has and the list does not say of it, in words."""
    for label, entry in found.items():
        said = listed.get(label)
        if said is None:
            yield f"{label} is not listed"
        elif said.digest != entry.digest:
            yield f"{label} has the digest {entry.digest[:12]}…, but {said.digest[:12]}… was sealed under that label"
        elif said.day != entry.day:
            yield f"{label} was recorded on {entry.day}, the list says {said.day}"


def check_list(root: Path) -> None:
    """Raises ``DatasetCorrupt`` where the datasets under ``root`` are not the ones that its list says."""
    listed, found = read_list(root / LIST), {entry.label: entry for entry in present(root)}
    problems = [*unlike(listed, found), *(f"{label} is listed and gone" for label in listed if label not in found)]
    if problems:
        what = "; ".join(problems[:3]) + (f" and {len(problems) - 3} more" if len(problems) > 3 else "")
        raise DatasetCorrupt(f"{root / LIST}: {what}; restore what was sealed, or seal it under a new number")


def _entry(line: bytes) -> Entry | None:
    found = _LINE.fullmatch(line.decode(errors="replace"))
    if found is None:
        return None
    try:
        date.fromisoformat(found[3])
    except ValueError:
        return None
    return Entry(found[1], found[2], found[3])
