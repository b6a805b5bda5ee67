"""A folder that is filled out of sight and then appears whole, under a name that it never takes from another.

While it is filled, its owner holds the kernel's lock on the folder itself, so that whatever a killed owner left
behind can be told from work in progress, and the next one removes it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import DataError, UsageError, VersionExists
from .durable import advice, make_folder, sync_path

PREFIX = ".seal-"
_TAKEN = frozenset({errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EISDIR})


def study_folder(data_root: Path, study: str) -> Path:
    """The folder of a study. Raises ``UsageError`` for a link: what is sealed behind one is not found again."""
    folder = data_root / study
    if folder.is_symlink():
        raise UsageError(
            f"{folder} is a symbolic link, and datasets behind it would not be found; move the folder itself there, or "
            "use another --data"
        )
    return folder


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """An empty, hidden folder inside ``folder`` for the caller to fill; removed at the end unless published.

    Folders that were made for it go with it where nothing was put into them.
    """
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    make_folder(folder)
    _remove_leftovers(folder)
    path, lock = _own(folder)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)
        with suppress(OSError):
            for one in made:
                one.rmdir()


@contextmanager
def appearing(target: Path) -> Iterator[Path]:
    """A path for the caller to write a file at, or to make a folder at and fill it; in the end it becomes ``target``.

    Raises ``UsageError`` where that cannot be, ``DataError`` where the disk fails.
    """
    try:
        _demand_free(target)
        with staged(target.parent) as stage:
            made = stage / target.name
            yield made
            for path in (*made.rglob("*"), made):
                sync_path(path)
            _demand_free(target)
            made.rename(target)
            sync_path(target.parent)
    except OSError as error:
        raise DataError(f"cannot write {target}: {advice(error)}") from error


def _demand_free(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise UsageError(f"{target} exists already; name one that does not")
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}; make it first, or name a place elsewhere")


def publish(stage: Path, target: Path) -> None:
    """Renames ``stage``, whose files are durable, to ``target``, durably.

    An empty folder at ``target`` holds nothing and is taken over; anything else there stays as it is. Raises
    ``VersionExists``, ``OSError``, and ``DataError`` where ``target`` exists and the disk does not confirm its name.
    """
    sync_path(stage)
    try:
        stage.rename(target)
    except OSError as error:
        if error.errno in _TAKEN:
            raise VersionExists(f"{target} exists already; a version is never replaced, seal as the next one") from None
        raise
    _confirm(target)


def _confirm(target: Path) -> None:
    """Makes the name durable; asked twice, because a disk that failed once may answer the second time."""
    try:
        sync_path(target.parent)
    except OSError:
        try:
            sync_path(target.parent)
        except OSError as error:
            raise DataError(
                f"{target} is published and whole, but the disk does not confirm its name ({error.strerror}): check "
                f"the disk, then run `sync`; seal nothing again"
            ) from error


def _own(folder: Path) -> tuple[Path, int]:
    """A new stage and the descriptor that holds its lock."""
    while True:
        path = folder / (PREFIX + secrets.token_hex(8))
        path.mkdir(parents=True)  # another process may have removed what it made and did not fill
        lock = _try_lock(path)
        if lock is not None:
            return path, lock


def _remove_leftovers(folder: Path) -> None:
    for path in folder.glob(PREFIX + "*"):
        lock = _try_lock(path)
        if lock is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)


def _try_lock(path: Path) -> int | None:
    """A descriptor that locks the folder of this name, or ``None`` where it is another's, gone, or no folder."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(fd), path.lstat()):
            return fd
    except OSError:
        pass
    os.close(fd)
    return None
