"""Agents at work: in every round some of them have a task each, and all of a round begin theirs together.

A process is started for each round and is ready before it begins, so that a start is never part of a task; it ends with
the round, and what it used is known of each.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from time import monotonic_ns

from ..agents.programs import AGENTS
from ..design.load import AgentTasks
from ..design.settings import AgentSettings
from ..events import Task
from ..outcomes import Code, Outcome, failed
from ..protocols import Deadlines, EngineFailed
from ..protocols.agent import Address, Agent, AgentEvent, Called, Finished, Ingested, TaskSpec, Usage
from ..protocols.run_spec import RunSpec
from ..workload.loops import LEAD_NS
from .agent_rounds import Round, processes, rounds
from .observed import Observed
from .servers import Server


async def run_agents(spec: RunSpec, load: AgentTasks, servers: Mapping[str, Server], observed: Observed) -> None:
    """All rounds of a run. Raises ``EngineFailed`` where a server has no address."""
    addresses = [_address(servers[asked.server]) for asked in spec.settings.agents]
    first = 0
    for number, now in enumerate(rounds(load, spec.workload.warmup, f"{spec.cell_id} {spec.replicate}")):
        await _Running(spec, load, addresses, observed, now, number, first).run()
        first += len(now.places)


def _address(server: Server) -> Address:
    asked = server.settings
    return Address(asked.name, asked.backend, asked.model, server.handle())


@dataclass(frozen=True, slots=True)
class _Running:
    """One round; its tasks are numbered from ``first``."""

    spec: RunSpec
    load: AgentTasks
    addresses: Sequence[Address]
    observed: Observed
    now: Round
    number: int
    first: int

    async def run(self) -> None:
        """Starts the processes, lets all tasks begin at one moment, and ends the processes.

        An agent that cannot start fails its own tasks and nobody else's.
        """
        asked, places = self.spec.settings.agents, self.now.places
        crews = [_Crew(group) for group in processes(self.load, asked, places)]
        try:
            await asyncio.gather(*(crew.start(asked, self.observed) for crew in crews))
            begin_ns = monotonic_ns() + LEAD_NS
            await asyncio.gather(*(self._do(crew, place, begin_ns) for crew in crews for place in crew.places))
        finally:
            used = await asyncio.gather(*(crew.stop() for crew in crews))
        for crew, usage in zip(crews, used, strict=True):
            if usage is not None:
                numbers = {self._index(place) for place in crew.places}
                self.observed.used(numbers, usage)

    def _index(self, place: int) -> int:
        return self.first + self.now.places.index(place)

    async def _do(self, crew: _Crew, place: int, begin_ns: int) -> None:
        """One task. However it ends, it is kept with its requests."""
        asked, observed = self.spec.settings.agents[place], self.observed
        began_ns, server, index = observed.began_ns, self.addresses[place].server, self._index(place)
        task = Task(
            index=index,
            agent=asked.name,
            language=asked.language,
            outcome=failed(Code.WORKER_CRASHED, "the agent ended without saying how"),
            server=server,
            planned_ns=begin_ns - began_ns,
            ingested_files=0,
            ingested_bytes=0,
            phase=self.now.phase,
            round=self.number,
        )
        turn = 0
        try:
            spec = self._spec_of(asked, index, begin_ns)
            async with aclosing(crew.run(spec, self.addresses[place], self.spec.deadlines)) as events:
                async for event in events:
                    match event:
                        case Called(request):
                            mine = replace(request, phase=self.now.phase, stream=place, task=index, turn=turn)
                            observed.saw(mine, server)
                            turn += 1
                        case _:
                            task = _after(task, event, began_ns)
        except EngineFailed as error:
            task = replace(task, outcome=error.outcome)
        except Exception as error:  # noqa: BLE001 - whatever an agent raises is an outcome
            task = replace(task, outcome=failed(Code.WORKER_CRASHED, f"{type(error).__name__}: {error}"))
        observed.tasks.append(task)

    def _spec_of(self, asked: AgentSettings, index: int, begin_ns: int) -> TaskSpec:
        spec = self.spec
        return TaskSpec(
            index=index,
            kind=asked.task,
            phase=self.now.phase,
            planned_ns=begin_ns,
            seed=spec.seed,
            max_tokens=spec.max_tokens,
            temperature=spec.settings.requests.temperature,
            ignore_eos=spec.workload.ignore_eos,
            settings=asked.own,
        )


@dataclass(slots=True)
class _Crew:
    """The agents of a round that share a process; ``refused`` is why it did not start."""

    places: tuple[int, ...]
    agent: Agent | None = None
    refused: Outcome | None = None

    async def start(self, asked: Sequence[AgentSettings], observed: Observed) -> None:
        """Starts the process; that it did not start is the outcome of its tasks."""
        first = asked[self.places[0]]
        try:
            self.agent = AGENTS.load(first.language)(first)
            facts = await self.agent.start()
        except EngineFailed as error:
            self.refused = error.outcome
            return
        for place in self.places:
            observed.facts.update({f"agent.{asked[place].name}.{key}": value for key, value in facts.items()})

    def run(self, task: TaskSpec, server: Address, deadlines: Deadlines) -> AsyncGenerator[AgentEvent, None]:
        if self.agent is None or self.refused is not None:
            raise EngineFailed(self.refused or failed(Code.AGENT_MISSING))
        return self.agent.run(task, server, deadlines)

    async def stop(self) -> Usage | None:
        return await self.agent.stop() if self.agent else None


def _after(task: Task, event: Ingested | Finished, began_ns: int) -> Task:
    """What is known of a task after an event."""
    match event:
        case Ingested(bytes=size):
            files, read = task.ingested_files or 0, task.ingested_bytes or 0
            return replace(task, ingested_files=files + 1, ingested_bytes=read + size)
        case Finished():
            started_ns, ended_ns = event.started_ns - began_ns, event.ended_ns - began_ns
            return replace(task, outcome=event.outcome, text=event.text, started_ns=started_ns, ended_ns=ended_ns)
