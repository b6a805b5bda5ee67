"""An agent's process: how it starts, takes tasks, is heard and ends; whatever it does is a typed outcome."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic_ns

from ..errors import ChildFailed
from ..events import Scalar, Settings
from ..outcomes import Code, Outcome, failed, unsupported
from ..processes.child import Child
from ..protocols import Deadlines, EngineFailed
from ..protocols.agent import Address, AgentEvent, TaskSpec, Usage
from ..texts.agent_prompts import CORPUS, templates
from . import wire
from .destination import destination
from .task_record import TaskRecord
from .usage import UsageMeter

READY_S = 60.0
END_S = 5.0
GRACE_S = 10.0
"""What a task may take beyond the deadlines of its calls."""

Heard = wire.OfTask | Outcome


@dataclass(slots=True)
class AgentProcess:
    """One process that works on tasks, one or several at a time. ``facts`` are what is known of its program, ``remedy``
    is what to do where it does not run here.

    With ``watch`` every event is shown as it happens, which costs what is measured.
    """

    name: str
    command: Sequence[str]
    facts: Mapping[str, Scalar] = field(default_factory=dict)
    remedy: str = "install Bindery again"
    folder: Path = CORPUS
    watch: Callable[[wire.OfTask], None] | None = None
    _child: Child | None = None
    _meter: UsageMeter | None = None
    _listener: asyncio.Task[None] | None = None
    _queues: dict[int, asyncio.Queue[Heard]] = field(default_factory=dict)
    _gone: Outcome | None = None
    _tasks: int = 0

    async def start(self) -> Settings:
        """Starts the program. Raises ``EngineFailed``."""
        began = monotonic_ns()
        try:
            child = self._child = Child(self.name, self.command, error_mark="error: ")
        except OSError as error:
            detail = f"{self.name} does not run here: {error.strerror}; {self.remedy}"
            raise EngineFailed(unsupported(Code.AGENT_MISSING, detail)) from None
        ready = await self._ready(child)
        if not began <= ready.at <= monotonic_ns():
            raise EngineFailed(failed(Code.AGENT_CLOCK, f"{self.name} does not stamp with the machine's clock"))
        self._meter = UsageMeter(child.pid or 0, ready.at - began)
        self._listener = asyncio.create_task(self._listen(child))
        return {**self.facts, "runtime": ready.runtime, "client": ready.client}

    async def _ready(self, child: Child) -> wire.Ready:
        """The first that it says, and nothing beside. Raises ``EngineFailed``."""
        try:
            lines = await asyncio.to_thread(child.lines, wire.MOST_LINE, READY_S)
            if not lines:
                raise EngineFailed(await self._ended(child))
            ready, *more = wire.heard(lines)
            if more or not isinstance(ready, wire.Ready):
                raise ValueError("an event of no task")
        except TimeoutError:
            raise EngineFailed(failed(Code.AGENT_SILENT, f"{self.name} not ready in {READY_S:g} s")) from None
        except (ChildFailed, ValueError) as error:
            raise EngineFailed(self._garbled(error)) from None
        return ready

    async def _listen(self, child: Child) -> None:
        """Hands each event to its task, until there are no more; then tells all tasks why."""
        try:
            while lines := await asyncio.to_thread(child.lines, wire.MOST_LINE):
                for event in wire.heard(lines):
                    if isinstance(event, wire.Ready) or event.task not in self._queues:
                        raise ValueError("an event of no task")
                    if self.watch is not None:
                        self.watch(event)
                    self._queues[event.task].put_nowait(event)
            if self._child is None:  # it was told to end
                return
            self._gone = await self._ended(child)
        except (ChildFailed, ValueError) as error:
            self._gone = self._garbled(error)
        for queue in self._queues.values():
            queue.put_nowait(self._gone)

    async def _ended(self, child: Child) -> Outcome:
        ended = await asyncio.to_thread(child.ended)
        how = f"ended with {ended}" if ended else "closed its output"
        return failed(Code.AGENT_ENDED, f"{self.name} {how}")

    def _garbled(self, error: ChildFailed | ValueError) -> Outcome:
        said = "" if isinstance(error, ChildFailed) else f"{self.name} said what cannot be read: "
        return failed(Code.AGENT_GARBLED, said + " ".join(str(error).split())[:200])

    async def run(self, task: TaskSpec, server: Address, deadlines: Deadlines) -> AsyncGenerator[AgentEvent, None]:
        """One task; ends with ``Finished`` or raises ``EngineFailed``, the call under way yielded first."""
        if self._child is None:
            raise RuntimeError("start() comes before run()")
        to = destination(server, task.max_tokens)
        record = TaskRecord(task, to)
        queue = self._queues[task.index] = asyncio.Queue()
        self._tasks += 1
        prompts = templates(task.kind)
        calls = tuple(wire.CallOrder(text, to.body(task, turn, deadlines)) for turn, text in enumerate(prompts))
        self._child.send(
            wire.Order(
                task=task.index,
                planned_ns=task.planned_ns,
                corpus=str(self.folder),
                host=to.host,
                port=to.port,
                path=to.path,
                content=to.content,
                done=to.done,
                calls=calls,
                deadlines=deadlines,
                live=self.watch is not None,
            )
        )
        due = monotonic_ns() + _limit_ns(task, deadlines, len(calls))
        try:
            while True:
                heard = await self._next(queue, due)
                for event in record.take(heard):
                    yield event
                if isinstance(heard, wire.TaskEnded):
                    return
        except EngineFailed as error:
            for event in record.unfinished(error.outcome):
                yield event
            raise
        finally:
            del self._queues[task.index]

    async def _next(self, queue: asyncio.Queue[Heard], due_ns: int) -> wire.OfTask:
        """The next event of a task. Raises ``EngineFailed`` where none will come."""
        try:
            async with asyncio.timeout(max(0, due_ns - monotonic_ns()) / 1e9):
                heard = self._gone if self._gone and queue.empty() else await queue.get()
        except TimeoutError:
            raise EngineFailed(failed(Code.AGENT_SILENT, f"{self.name} did not finish its task in time")) from None
        if isinstance(heard, Outcome):
            raise EngineFailed(heard)
        return heard

    async def stop(self) -> Usage | None:
        """Ends the process; what it used, where it ended by itself."""
        child, self._child = self._child, None
        if child is None:
            return None
        used = None
        if self._listener is not None and self._gone is None:
            if self._meter is not None:
                self._meter.read()
            child.close_input()
            await asyncio.wait([self._listener], timeout=END_S)
            if self._gone is None:
                used = await asyncio.to_thread(child.reap, END_S)
        child.kill()
        if self._listener is not None:
            await self._listener
        await asyncio.to_thread(child.stop)
        return self._meter.usage(used, self._tasks) if self._meter else None


def _limit_ns(task: TaskSpec, deadlines: Deadlines, calls: int) -> int:
    lead = max(0, task.planned_ns - monotonic_ns())
    return lead + int((calls * (deadlines.connect_s + deadlines.total_s) + GRACE_S) * 1e9)
