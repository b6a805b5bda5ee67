"""What the killed children of the recorder's tests do."""

from __future__ import annotations

import mmap
import os
import resource
import signal
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from harness.errors import VersionExists
from harness.recorder import staging
from harness.recorder.durable import make_folder
from harness.recorder.journal import Journal
from harness.recorder.seal import seal


def append_forever(path: str, acks: str, generation: int, threads: int) -> None:
    """Appends numbered records until killed; each is written to ``acks`` once it is acknowledged."""
    journal_path = Path(path)
    journal = Journal.open(journal_path) if journal_path.exists() else Journal.create(journal_path)
    acknowledged = os.open(acks, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def work(who: int) -> None:
        number = 0
        while True:
            payload = b"%d/%d/%d" % (generation, who, number)
            journal.append(payload)
            os.write(acknowledged, payload + b"\n")
            number += 1

    workers = [threading.Thread(target=work, args=(who,), daemon=True) for who in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def seal_journal(journal: str, root: str, version: int | None = None) -> None:
    """Seals; exits with 3 where the version or the journal's dataset exists."""
    seal(Path(journal), Path(root), version=version)


def seal_until_step(journal: str, root: str, step: int) -> None:
    """Seals, and kills this process just before the given step that reaches the file system."""
    _KillSwitch(step).arm()
    seal(Path(journal), Path(root))


class _KillSwitch:
    def __init__(self, step: int) -> None:
        self.left = step

    def arm(self) -> None:
        targets: list[tuple[Any, str]] = [
            (os, name) for name in ("mkdir", "open", "fsync", "rename", "rmdir", "unlink")
        ]
        targets += [(Path, "write_bytes"), (pq, "write_table"), (os, "scandir")]
        for owner, name in targets:
            setattr(owner, name, self._counted(getattr(owner, name)))

    def _counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **keywords: Any) -> Any:
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            self.left -= 1
            return function(*arguments, **keywords)

        return counted


def race(folder: str, rounds: int, who: int, slots: str) -> None:
    """Publishes its own folder as every version in turn, in step with its rival; writes the rounds that it won."""
    won: list[int] = []
    base = Path(folder)
    make_folder(base)
    with Path(slots).open("r+b") as file, mmap.mmap(file.fileno(), 16) as shared:
        for number in range(1, rounds + 1):
            with staging.staged(base) as stage:
                (stage / "writer").write_text(str(who))
                _meet(shared, who, number)
                with suppress(VersionExists):
                    staging.publish(stage, base / f"v{number}")
                    won.append(number)
    (base.parent / f"won-{who}").write_text("\n".join(map(str, won)))


def _meet(shared: mmap.mmap, who: int, number: int) -> None:
    """Returns when both racers have arrived at ``number``; each counts in its own eight bytes of ``shared``."""
    struct.pack_into("<Q", shared, 8 * who, number)
    deadline = time.monotonic() + 300
    while min(struct.unpack_from("<QQ", shared)) < number:
        os.sched_yield()
        if time.monotonic() > deadline:
            raise TimeoutError("the rival never arrived")


def append_with_file_limit(path: str, acks: str, limit: int) -> None:
    """Appends until no file may grow beyond ``limit`` bytes; exits with 4 after ``JournalWriteFailed``."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with Journal.create(Path(path)) as journal:
        for number in range(limit):
            journal.append(b"record %d" % number)
            Path(acks).write_text(str(number + 1))


def seal_with_file_limit(journal: str, root: str, limit: int) -> None:
    """Seals while no file may grow beyond ``limit`` bytes; exits with 4 after ``DataError``."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    seal(Path(journal), Path(root))
