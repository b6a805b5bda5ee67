"""A process that we start: JSON lines in, JSON lines out, its log in a file, and how it ended.

Everything here blocks; an event loop waits in a thread (``asyncio.to_thread``). Start a child in the main thread:
Linux ends it with the thread that started it.
"""

from __future__ import annotations

import os
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self, TypeVar

from pydantic import ValidationError

from ..errors import ChildFailed
from .json_lines import dump, load

T = TypeVar("T")

REAP_S = 0.5
_BLOCK = 1 << 16
_LAST_WORDS = 4000


def python(module: str) -> tuple[str, ...]:
    """The command that runs a module of ours in a process of its own."""
    return sys.executable, "-m", module


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its exit status, negative for a signal, and the last that it wrote to its log."""

    status: int
    words: str

    def __str__(self) -> str:
        how = f"exit status {self.status}" if self.status >= 0 else _signal_name(-self.status)
        return f"{how}: {self.words}" if self.words else how


class Child:
    """A running process. Its standard input stays open until ``stop``: its end tells the child that we are gone.

    A command that cannot be run raises ``OSError``. Its standard error goes to ``log``, or to a file without a name.
    With ``own_group``, ``stop`` also ends everything that it started. ``error_mark`` is what precedes an error in a
    line of its log; ``environment`` is added to ours.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path | None = None,
        *,
        own_group: bool = False,
        error_mark: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._name = name
        self._error_mark = error_mark
        self._own_group = own_group
        self._log: IO[bytes] = log.open("w+b") if log else tempfile.TemporaryFile()  # noqa: SIM115 - `stop` closes it
        self._unsent = bytearray()
        self._writing = threading.Lock()
        self._received = bytearray()
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                bufsize=0,
                start_new_session=own_group,
                env={**os.environ, **environment} if environment else None,
            )
        except OSError:
            self._log.close()
            raise
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("a child was started without its pipes")
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        os.set_blocking(self._stdin.fileno(), False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process.poll() is None else None

    def send(self, message: object) -> None:
        """Sends one line. What the pipe cannot hold yet follows in ``line``; nobody there to read it is no error."""
        with self._writing:
            self._unsent += dump(message)
        self._write()

    def expect(self, kind: type[T], within_s: float | None = None) -> T:
        """The next line as a message. Raises ``ChildFailed``, which says how the child ended where it did."""
        try:
            line = self.line(within_s)
        except TimeoutError:
            raise ChildFailed(f"{self._name} not ready in {within_s:g} s") from None
        if not line.endswith(b"\n"):
            ended = self.ended()
            raise ChildFailed(f"{self._name} {f'ended with {ended}' if ended else 'closed its output'}")
        try:
            return load(kind, line)
        except ValidationError as error:
            raise ChildFailed(f"{self._name} said what cannot be read: {error.errors()[0]['msg']}") from None

    def line(self, within_s: float | None = None) -> bytes:
        """The next line with its end; without one where the child closed its output. Raises ``TimeoutError``."""
        end = self._wait_for_line(within_s)
        return self._take(len(self._received) if end is None else end + 1)

    def lines(self, most: int, within_s: float | None = None) -> list[bytes]:
        """All whole lines that have come, at least one, without their ends; none where the child closed its output.

        Raises ``ChildFailed`` where a line has more than ``most`` bytes, or where the output closed within one;
        ``TimeoutError`` where none has come.
        """
        if self._wait_for_line(within_s, most) is None:
            if self._received:
                raise ChildFailed(f"{self._name} wrote {_cut_line(self._received, most)}")
            return []
        found = self._take(self._received.rfind(b"\n") + 1).split(b"\n")[:-1]
        if max(map(len, found)) > most:
            raise ChildFailed(f"{self._name} wrote a line of more than {most} bytes")
        return found

    def _take(self, size: int) -> bytes:
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

    def _wait_for_line(self, within_s: float | None, most: int = sys.maxsize) -> int | None:
        """Where the first line ends; ``None`` where none does and the output is closed, or has ``most`` bytes."""
        deadline = None if within_s is None else time.monotonic() + within_s
        searched = 0
        with selectors.DefaultSelector() as selector:
            selector.register(self._stdout, selectors.EVENT_READ)
            if self._unsent:
                selector.register(self._stdin, selectors.EVENT_WRITE)
            while (end := self._received.find(b"\n", searched)) < 0:
                searched = len(self._received)
                if searched > most or not self._progress(selector, deadline):
                    return None
        return end

    def _progress(self, selector: selectors.BaseSelector, deadline: float | None) -> bool:
        """Waits, and sends or receives; whether the output is still open."""
        ready = selector.select(None if deadline is None else max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        for key, _ in ready:
            if key.fileobj is self._stdin:
                self._write()
                if not self._unsent:
                    selector.unregister(self._stdin)
            elif block := os.read(self._stdout.fileno(), _BLOCK):
                self._received += block
            else:
                return False
        return True

    def _write(self) -> None:
        with self._writing:
            try:
                del self._unsent[: os.write(self._stdin.fileno(), self._unsent)]
            except BlockingIOError:
                pass
            except BrokenPipeError:
                self._unsent.clear()

    def close_input(self) -> None:
        """Ends the child's standard input: it has heard everything."""
        self._stdin.close()

    def reap(self, within_s: float) -> resource.struct_rusage | None:
        """What the process used in its life, once it has ended by itself; ``None`` where it has not in time."""
        deadline = time.monotonic() + within_s
        while self._process.returncode is None:
            pid, status, used = os.wait4(self._process.pid, os.WNOHANG)
            if pid:
                self._process.returncode = os.waitstatus_to_exitcode(status)
                return used
            if time.monotonic() > deadline:
                break
            time.sleep(0.001)
        return None

    def ended(self, within_s: float = REAP_S) -> Ended | None:
        """How it ended; ``None`` where it still runs after ``within_s``."""
        with suppress(subprocess.TimeoutExpired):
            return Ended(self._process.wait(within_s), self._last_words())
        return None

    def log_text(self) -> str:
        """What it has written to its log so far; the place at which it writes stays where it is."""
        descriptor = self._log.fileno()
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode(errors="replace")

    def _last_words(self) -> str:
        """The last two errors of its log, or else the last line."""
        lines = [line.strip() for line in self.log_text()[-_LAST_WORDS:].splitlines() if line.strip()]
        mark = self._error_mark
        errors = [line.partition(mark)[2].strip() for line in lines if mark and mark in line]
        return "; ".join(errors[-2:] or lines[-1:])[:300]

    def kill(self) -> None:
        """Ends the process, and everything that it started where it has a group of its own."""
        with suppress(ProcessLookupError):
            if self._own_group:
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def stop(self) -> None:
        """Ends the process and waits until it is gone."""
        if self._log.closed:
            return
        self.kill()
        self._process.wait()
        for file in (self._stdin, self._stdout, self._log):
            file.close()


def _cut_line(received: bytearray, most: int) -> str:
    """What is wrong with bytes that no line end follows."""
    return f"a line of more than {most} bytes" if len(received) > most else "a line without its end"


def _signal_name(number: int) -> str:
    known = {found.value: found.name for found in signal.Signals}
    return known.get(number, f"signal {number}")
