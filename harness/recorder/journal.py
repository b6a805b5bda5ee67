"""An append-only file of records, each acknowledged only when it is on the device.

Threads that append at the same time share one sync (group commit): the first to arrive writes for all that are
waiting, and the others wait for it. The first error closes the journal for good, because after a failed sync nobody
can say what the device holds.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from ..errors import ConflictError, JournalWriteFailed
from .durable import advice, make_folder, open_alone, sync_file, sync_path, write_all
from .frames import FILE_BYTES, MAX_PAYLOAD, SALT_BYTES, pack_frame, pack_start, seed_of, unpack_start
from .recover import EMPTY, Recovered, cut_tail


class Journal:
    """An open journal; make one with ``create`` or ``open``. Safe to share between threads."""

    def __init__(self, path: Path, fd: int, seed: int, recovered: Recovered) -> None:
        self.path = path
        self.recovered = recovered
        self._fd = fd
        self._seed = seed
        self._end = self._synced = self._marked = recovered.committed_bytes
        self._appended = self._durable = len(recovered.records)
        self._waiting: list[bytes] = []
        self._writing = False
        self._closed: str | None = None
        self._changed = threading.Condition()

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new, empty journal, durably named in its folder. Raises ``ConflictError`` where ``path`` exists."""
        try:
            fd = open_alone(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND)
        except FileExistsError:
            raise ConflictError(f"{path} exists already; continue it, or move it away") from None
        except OSError as error:
            raise JournalWriteFailed(f"cannot create {path}: {advice(error)}") from error
        return cls._begin(path, fd, EMPTY)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Continues a journal after cutting a torn tail off (see ``recovered``).

        Raises as ``recover.read`` does, ``LockHeld`` while another process has it open, ``JournalWriteFailed``.
        """
        fd = open_alone(path, os.O_RDWR | os.O_APPEND)
        try:
            found = cut_tail(path, fd)
        except BaseException:
            os.close(fd)
            raise
        if not found.committed_bytes:
            return cls._begin(path, fd, found)
        journal = cls(path, fd, unpack_start(os.pread(fd, FILE_BYTES, 0)), found)
        with journal._closed_on_error(), journal._fatal_errors():
            journal._sync(journal._durable)
        return journal

    @classmethod
    def _begin(cls, path: Path, fd: int, found: Recovered) -> Self:
        salt = secrets.token_bytes(SALT_BYTES)
        journal = cls(path, fd, seed_of(salt), found)
        with journal._closed_on_error(), journal._fatal_errors():
            journal._write(pack_start(salt))
            sync_path(path.parent)
            journal._sync(0)
        return journal

    def append(self, payload: bytes) -> int:
        """Returns the record's number when it is durable. Raises ``JournalWriteFailed``."""
        return self.append_many([payload])

    def append_many(self, payloads: Sequence[bytes]) -> int:
        """Appends in order under one sync and returns the number of the last. Raises ``JournalWriteFailed``.

        A crash before the return may leave the first few of them recorded.
        """
        if not payloads or any(not 0 < len(payload) <= MAX_PAYLOAD for payload in payloads):
            raise ValueError(f"a record has between 1 and {MAX_PAYLOAD} bytes")
        with self._changed:
            self._check_open()
            self._waiting += payloads
            self._appended += len(payloads)
            last = self._appended
            while self._durable < last:
                self._check_open()
                if self._writing:
                    self._changed.wait()
                else:
                    self._commit_waiting()
        return last - 1

    def close(self) -> None:
        """Makes the last mark durable and closes the file; a second call does nothing."""
        with self._changed:
            while self._writing:
                self._changed.wait()
            if self._fd < 0:
                return
            try:
                if self._closed is None:
                    with self._fatal_errors():
                        sync_file(self._fd)
                        self._require_same_file()
                    self._closed = f"{self.path} is closed"
            finally:
                os.close(self._fd)
                self._fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _commit_waiting(self) -> None:
        """Commits for everybody who waits. Called and left with the condition held, released in between."""
        batch, self._waiting, self._writing = self._waiting, [], True
        self._changed.release()
        try:
            with self._fatal_errors():
                self._commit(batch)
        finally:
            self._changed.acquire()
            self._writing = False
            if self._closed is None:
                self._durable += len(batch)
            self._changed.notify_all()

    def _commit(self, batch: list[bytes]) -> None:
        numbered = enumerate(batch, self._durable)
        self._write(b"".join(pack_frame(self._seed, number, self._synced, payload) for number, payload in numbered))
        self._sync(self._durable + len(batch))

    def _sync(self, records: int) -> None:
        """Makes everything written durable, then leaves a mark that says so, for whose own sync nobody waits."""
        sync_file(self._fd)
        self._synced = self._end
        self._write(pack_frame(self._seed, records, self._synced, b""))
        self._marked = self._end

    def _write(self, data: bytes) -> None:
        self._require_same_file()
        write_all(self._fd, data)
        self._end += len(data)

    def _require_same_file(self) -> None:
        """Raises ``JournalWriteFailed`` where the file is no longer ours, after writing down what was in it."""
        ours = os.fstat(self._fd)
        if ours.st_size != self._end:
            raise JournalWriteFailed(f"{self.path} was changed by another process; stop it and run the command again")
        if ours.st_nlink == 0:
            kept = self._keep()
            raise JournalWriteFailed(
                f"{self.path} was deleted while recording; everything acknowledged is kept in {kept}"
                + ("; run the same command again" if kept == self.path else "; move it back to continue")
            )
        if not self.path.exists() or not os.path.samestat(ours, self.path.stat()):
            raise JournalWriteFailed(f"{self.path} was moved while recording; move it back and run the command again")

    def _keep(self) -> Path:
        """A copy of the deleted file, at its own name or, where that is taken, beside it."""
        make_folder(self.path.parent)
        for path in (self.path, self.path.with_name(f"{self.path.name}.kept-{secrets.token_hex(4)}")):
            try:
                fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            except FileExistsError:
                continue
            try:
                write_all(fd, os.pread(self._fd, self._marked, 0))
                sync_file(fd)
            finally:
                os.close(fd)
            sync_path(path.parent)
            return path
        raise FileExistsError(self.path)

    @contextmanager
    def _closed_on_error(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    @contextmanager
    def _fatal_errors(self) -> Iterator[None]:
        """Whatever goes wrong inside closes the journal for good, without what was not acknowledged."""
        try:
            yield
        except JournalWriteFailed as error:
            self._closed = str(error)
            raise
        except OSError as error:
            self._give_up(f"cannot record to {self.path}: {advice(error)}")
            raise JournalWriteFailed(self._closed) from error
        except BaseException:
            self._give_up(f"{self.path} was interrupted while recording; run the same command again")
            raise

    def _give_up(self, reason: str) -> None:
        self._closed = reason
        with suppress(OSError):
            os.ftruncate(self._fd, self._marked)

    def _check_open(self) -> None:
        if self._closed is not None:
            raise JournalWriteFailed(self._closed)
