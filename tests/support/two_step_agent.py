"""An agent for tests: it reads a file, asks twice, and its second prompt is made of its first answer."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator
from pathlib import Path
from time import monotonic_ns

from harness.backends import BACKENDS
from harness.client.planned_start import until
from harness.design.settings import AgentSettings
from harness.events import Scalar
from harness.outcomes import Code, failed
from harness.protocols import Call, Deadlines, EngineFailed, Shareable
from harness.protocols.agent import Address, AgentEvent, Called, Finished, Ingested, TaskSpec

FILE = Path(__file__)
DATA = FILE.read_bytes()


def second_prompt(answer: str) -> str:
    return f"Report on this: {answer}"


def prompt_id(prompt: str) -> str:
    """What a request of this agent is called: its prompt's digest, so that a test can tell which it was."""
    return hashlib.sha256(prompt.encode()).hexdigest()[:12]


class TwoStepAgent:
    """The setting ``fault`` makes it fail after its first call: ``raises``, ``refuses`` or ``silent``."""

    def __init__(self, asked: AgentSettings) -> None:
        self.asked = asked

    async def start(self) -> dict[str, Scalar]:
        return {"runtime": "none"}

    async def stop(self) -> None:
        return

    async def run(self, task: TaskSpec, server: Address, deadlines: Deadlines) -> AsyncGenerator[AgentEvent, None]:
        backend = BACKENDS.load(server.backend)()
        assert isinstance(backend, Shareable)
        await backend.attach(server.handle)
        try:
            await until(task.planned_ns)
            started_ns = monotonic_ns()
            yield Ingested(FILE.name, hashlib.sha256(DATA).hexdigest(), len(DATA))
            first = await backend.request(_call(task, deadlines, 0, f"Analyse {len(DATA)} bytes"))
            yield Called(first)
            fault = task.settings.get("fault")
            if fault == "raises":
                raise ValueError("no idea")
            if fault == "refuses":
                raise EngineFailed(failed(Code.ENGINE_EXITED, "the server is gone"))
            if fault == "silent":
                return
            second = await backend.request(_call(task, deadlines, 1, second_prompt(first.text)))
            yield Called(second)
            yield Finished(second.outcome, second.text, started_ns, monotonic_ns())
        finally:
            await backend.stop()


def _call(task: TaskSpec, deadlines: Deadlines, turn: int, prompt: str) -> Call:
    return Call(
        index=turn,
        phase=task.phase,
        prompt_id=prompt_id(prompt),
        text=prompt,
        max_tokens=task.max_tokens + turn,
        seed=task.seed + turn,
        temperature=task.temperature,
        ignore_eos=task.ignore_eos,
        deadlines=deadlines,
    )
