"""An engine in a process of its own: JSON in on stdin, one JSON line out when it is ready, its log in a file."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ..outcomes import Code, failed
from ..protocols import EngineFailed

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

READY_S = 120.0
REAP_S = 0.5


class Child:
    """``start`` once, ``stop`` once. The child ends when its stdin closes, so it never outlives its parent.

    Its log goes to ``log``, or to a file that ``stop`` deletes.
    """

    def __init__(self, engine: str, module: str, log: Path | None = None) -> None:
        self._engine = engine
        self._module = module
        self._keep_log = log is not None
        self._log = log or Path(tempfile.gettempdir()) / f"bindery-{engine}-{uuid4().hex}.log"
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self, launch: DataclassInstance) -> dict[str, Any]:
        """Starts it and returns what it says when ready. Raises ``EngineFailed(ENGINE_REFUSED)``."""
        with self._log.open("wb") as log:
            self._process = process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", self._module, stdin=-1, stdout=-1, stderr=log
            )
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the child has no pipes")
        process.stdin.write(json.dumps(asdict(launch)).encode() + b"\n")
        try:
            line = await asyncio.wait_for(process.stdout.readline(), READY_S)
        except TimeoutError:
            raise EngineFailed(failed(Code.ENGINE_REFUSED, f"{self._engine} not ready in {READY_S:g} s")) from None
        if not line.endswith(b"\n"):
            ended = await self.ended()
            raise EngineFailed(failed(Code.ENGINE_REFUSED, f"{self._engine} {ended or 'closed its pipe'}"))
        ready: dict[str, Any] = json.loads(line)
        return ready

    async def ended(self) -> str:
        """How the process ended, with its last words; empty while it lives."""
        if self._process is None:
            return ""
        with suppress(TimeoutError):
            code = await asyncio.wait_for(self._process.wait(), REAP_S)
            how = f"exit status {code}" if code >= 0 else signal.Signals(-code).name
            return f"ended with {how}: {self._last_words()}".rstrip(": ")
        return ""

    def log_text(self) -> str:
        """What the child has written to its log so far."""
        return self._log.read_text(errors="replace")

    def _last_words(self) -> str:
        """The engine's last two errors (llama.cpp marks them with E), or else its last line."""
        lines = [line.strip() for line in self.log_text().splitlines() if line.strip()]
        errors = [line.partition(" E ")[2].strip() for line in lines if " E " in line]
        return "; ".join(errors[-2:] or lines[-1:])[:300]

    async def stop(self) -> None:
        """Ends the process and waits until it is gone."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        if not self._keep_log:
            self._log.unlink(missing_ok=True)
