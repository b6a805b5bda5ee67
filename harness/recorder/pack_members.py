"""What is inside a pack, member by member.

The headers are read one by one and nothing is followed: a pack has plain files with short names, so everything that a
tar file can ask for besides (links, devices, holes, headers that change the next one) has no place in it.
"""

from __future__ import annotations

import os
import re
import stat
import tarfile
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from ..datasets import catalog
from ..datasets.schema import MANIFEST
from ..errors import DataError, DatasetCorrupt, UsageError
from .archive import NAMES
from .durable import advice

MOST_MEMBERS = 2_000
MOST_BYTES = 2 << 30
MOST_MANIFEST_BYTES = 16 << 20
ASK = "name a file that harness export or another tool wrote"
_COPIED = 1 << 20
_MEMBER = re.compile(rb"[a-z0-9][a-z0-9-]*/[rv][0-9]+/")


def opened(source: Path) -> BufferedReader:
    """A file to import, open for reading. Raises ``UsageError`` where it is no plain file, ``DataError``."""
    try:
        number = os.open(source, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        raise UsageError(f"there is no {source}; {ASK}") from None
    except OSError as error:
        raise DataError(f"cannot read {source}: {advice(error)}") from None
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise UsageError(f"{source} is no plain file; {ASK}")
    return os.fdopen(number, "rb")


def is_pack(source: Path) -> bool:
    """Whether a file is, or once was, a pack: it begins as a tar file does, or with the name of a member.

    Raises as ``opened``, and ``DataError`` where it cannot be read.
    """
    with opened(source) as file:
        try:
            head = file.read(tarfile.BLOCKSIZE)
        except OSError as error:
            raise DataError(f"cannot read {source}: {advice(error)}") from None
    return head[257:262] == b"ustar" or bool(_MEMBER.match(head)) or (bool(head) and not head.strip(b"\0"))


def extract(file: BinaryIO, stage: Path, source: Path) -> list[str]:
    """Writes the files of a pack under ``stage`` and returns the labels of its datasets, in its order.

    All headers are checked before the first byte is written.
    Raises ``UsageError`` for what is no pack, ``DatasetCorrupt`` for one that contradicts itself, ``OSError``.
    """
    places: dict[Path, tuple[int, int]] = {}
    labels, left = dict[str, None](), MOST_BYTES
    for member in _members(file, source):
        label, _, name = member.name.rpartition("/")
        if not member.isreg() or not _is_label(label) or name not in NAMES:
            raise bad_pack(source, f"{member.name[:100]!r} has no place in it")
        left -= member.size
        if left < 0:
            raise bad_pack(source, f"it unpacks to more than {MOST_BYTES >> 30} GiB")
        if name == MANIFEST and member.size > MOST_MANIFEST_BYTES:
            raise bad_pack(source, f"a manifest has more than {MOST_MANIFEST_BYTES >> 20} MiB")
        if stage / label / name in places:
            raise bad_pack(source, f"{member.name!r} is there twice")
        labels[label] = None
        places[stage / label / name] = (file.tell(), member.size)
        if len(places) > MOST_MEMBERS:
            raise bad_pack(source, f"it has more than {MOST_MEMBERS} members")
    if not labels:
        raise UsageError(f"{source} holds no dataset; {ASK}")
    for path, (begin, size) in places.items():
        file.seek(begin)
        _write(file, size, path, source)
    return list(labels)


def bad_pack(source: Path, what: str) -> DatasetCorrupt:
    """The error of a pack that is not what it says."""
    return DatasetCorrupt(f"{source} is no pack of harness export: {what}; fetch it again from whoever recorded it")


def _is_label(label: str) -> bool:
    study, _, version = label.partition("/")
    named = catalog.version_number(version) or catalog.recording_number(version)
    return bool(named and catalog.STUDY_NAME.fullmatch(study))


def _members(file: BinaryIO, source: Path) -> Iterator[tarfile.TarInfo]:
    """The header of each member; the file stands at its content, and is taken to the next header from there."""
    while True:
        begin, header = file.tell(), file.read(tarfile.BLOCKSIZE)
        if begin and header == b"\0" * tarfile.BLOCKSIZE:
            break
        try:
            member = tarfile.TarInfo.frombuf(header, "ascii", "backslashreplace")
        except (tarfile.HeaderError, ValueError) as error:
            if begin == 0:
                raise UsageError(f"{source} is no plain tar file; {ASK}") from None
            raise bad_pack(source, f"it cannot be read: {error}" if header else "it is cut short") from None
        if member.size < 0:
            raise bad_pack(source, f"{member.name[:100]!r} has a size below zero")
        yield member
        blocks = -(-member.size // tarfile.BLOCKSIZE)
        file.seek(begin + (1 + blocks) * tarfile.BLOCKSIZE)
    end = file.read(tarfile.RECORDSIZE + 1)
    if len(end) < tarfile.BLOCKSIZE or len(end) > tarfile.RECORDSIZE or end.strip(b"\0"):
        raise bad_pack(source, "it does not end where a tar file ends")


def _write(file: BinaryIO, size: int, path: Path, source: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as out:
        while size:
            block = file.read(min(size, _COPIED))
            if not block:
                raise bad_pack(source, "it is cut short")
            out.write(block)
            size -= len(block)
