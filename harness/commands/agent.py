"""`harness agent`: build the agents in Rust, or watch one task of any agent as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from enum import StrEnum
from time import monotonic, monotonic_ns
from typing import Annotated

import typer
from rich.markup import escape

from ..agents import rust_build, wire
from ..agents.process import AgentProcess
from ..agents.programs import AGENTS
from ..agents.python.prompt import records
from ..backends import BACKENDS
from ..design import Value
from ..design.settings import AgentSettings
from ..errors import Unavailable, UnknownName
from ..events import Phase
from ..models import PACER, SMOLLM2_135M, model
from ..outcomes import Code, failed
from ..protocols import Backend, Deadlines, EngineFailed, Shareable
from ..protocols.agent import Address, Called, Finished, TaskSpec
from ..texts.agent_prompts import ROLES
from ..units import counted
from . import options

LEAD_NS = 50_000_000
_SERVERS: dict[str, tuple[str, dict[str, Value]]] = {
    "pacer": (PACER.name, {"ttft_ms": 200, "itl_ms": 20}),
    "llama_cpp": (SMOLLM2_135M.name, {"num_ctx": 1024}),
    "ollama": (SMOLLM2_135M.name, {"num_ctx": 1024}),
}


class Action(StrEnum):
    """What is asked of the agents."""

    TRY = "try"
    BUILD = "build"


def agent(
    action: Annotated[Action, typer.Argument(help="try: watch one task; build: build the agents in Rust.")],
    language: Annotated[str, typer.Option(help="python or rust.")] = "python",
    runtime: Annotated[str, typer.Option(help="Event loop or runtime of the agent; its first one by default.")] = "",
    client: Annotated[str, typer.Option(help="HTTP client of the agent; its first one by default.")] = "",
    server: Annotated[str, typer.Option(help="pacer (no model), llama_cpp or ollama.")] = "pacer",
    role: Annotated[str, typer.Option(help=f"Kind of the task: {', '.join(ROLES)}.")] = "analyst",
    max_tokens: Annotated[int, typer.Option(min=1, help="Tokens of each of the two answers.")] = 48,
) -> None:
    """Watch one task of an agent live, or build the agents in Rust before a recording.

    Example: harness agent try --language rust --runtime smol --server llama_cpp
    """
    if action is Action.BUILD:
        began = monotonic()
        options.say(f"The agents in Rust are in {rust_build.build()} ({monotonic() - began:.1f} s).")
        return
    own: dict[str, Value] = {"client": client} if client else {}
    asked = AgentSettings("tried", language, role, "", runtime, own)
    try:
        asyncio.run(_watch(asked, server, max_tokens))
    except EngineFailed as error:
        raise Unavailable(str(error)) from None


async def _watch(asked: AgentSettings, server: str, max_tokens: int) -> None:
    if server not in _SERVERS:
        raise UnknownName("server", server, _SERVERS)
    backend = BACKENDS.load(server)()
    doer = AGENTS.load(asked.language)(asked)
    try:
        address = await _started(backend, server)
        if isinstance(doer, AgentProcess):
            doer.watch = _Screen()
        facts = await doer.start()
        options.say(escape(", ".join(f"{key} {value}" for key, value in facts.items())))
        task = TaskSpec(
            index=0,
            kind=asked.task,
            phase=Phase.MEASURED,
            planned_ns=monotonic_ns() + LEAD_NS,
            seed=1,
            max_tokens=max_tokens,
            temperature=0.8,
            ignore_eos=True,
            settings={},
        )
        ended = failed(Code.AGENT_SILENT)
        async for event in doer.run(task, address, Deadlines()):
            match event:
                case Called(request):
                    options.say(
                        escape(
                            f"→ {request.prompt_id}: {counted(sum(request.tokens), 'token')}, {request.outcome.status}"
                        )
                    )
                case Finished(outcome):
                    ended = outcome
        options.say(escape(f"→ {await doer.stop()}"))
        if not ended.usable:
            raise Unavailable(f"the task {ended.status}: {ended.code} {' '.join(ended.detail.split())}".rstrip())
        options.say(f"→ {ended.status}")
    finally:
        await doer.stop()
        await backend.stop()


async def _started(backend: Backend, server: str) -> Address:
    """A server of the kind, with the model and the settings that a try has."""
    name, settings = _SERVERS[server]
    started = await backend.start(model(name), dict(settings))
    return Address("", server, started.engine, backend.handle() if isinstance(backend, Shareable) else {})


class _Screen:
    """Shows events as they come, with milliseconds since the task began; the text of an answer in one line."""

    def __init__(self) -> None:
        self._began = 0
        self._files = 0

    def __call__(self, event: wire.OfTask) -> None:
        match event:
            case wire.Began():
                self._began = event.at
            case wire.FileRead():
                self._files += 1
                return
            case wire.Chunk():
                typer.echo(_visible("".join(_texts(event.body))), nl=False)
                return
            case wire.CallPlanned() if self._files:
                self._say(event.at, f"ingested {counted(self._files, 'file')}")
                self._files = 0
            case wire.CallEnded():
                typer.echo()
        self._say(event.at, event.event)

    def _say(self, at: int, what: str) -> None:
        options.say(f"{(at - self._began) / 1e6:10.3f} ms  {what}")


def _texts(body: bytes) -> Iterator[str]:
    for record in records(body):
        text = record.get("content", record.get("response"))
        if isinstance(text, str):
            yield text


def _visible(text: str) -> str:
    """What a model wrote, without what moves a terminal's cursor."""
    return "".join(character if character.isprintable() else " " for character in text)
