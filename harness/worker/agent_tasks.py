"""Agents at work: in every round each has one task, and all begin theirs together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from time import monotonic_ns

from ..design.load import AgentTasks
from ..design.settings import AgentSettings
from ..events import Phase, Task
from ..outcomes import Code, failed
from ..protocols import EngineFailed
from ..protocols.agent import Address, Agent, Called, Finished, Ingested, TaskSpec
from ..protocols.run_spec import RunSpec
from ..registry import Registry
from ..workload.loops import LEAD_NS
from .observed import Observed
from .servers import Server

AGENTS: Registry[Callable[[AgentSettings], Agent]] = Registry("agent")
"""What makes an agent, by its language."""


async def run_agents(spec: RunSpec, load: AgentTasks, servers: Mapping[str, Server], observed: Observed) -> None:
    """A cold round, the warm-up rounds, then the measured ones.

    Raises ``EngineFailed`` where a server has no address.
    """
    agents = [
        _Working(spec, asked, AGENTS.load(asked.language)(asked), _address(servers[asked.server]), observed)
        for asked in spec.settings.agents
    ]
    rounds = [Phase.COLD, *[Phase.WARMUP] * spec.workload.warmup, *[Phase.MEASURED] * load.tasks]
    for number, phase in enumerate(rounds):
        begin_ns = monotonic_ns() + LEAD_NS
        first = number * len(agents)
        await asyncio.gather(*(agent.do(first + k, phase, begin_ns, stream=k) for k, agent in enumerate(agents)))


def _address(server: Server) -> Address:
    asked = server.settings
    return Address(asked.name, asked.backend, asked.model, server.handle())


@dataclass(frozen=True, slots=True)
class _Working:
    """An agent and whom it asks."""

    spec: RunSpec
    asked: AgentSettings
    agent: Agent
    address: Address
    observed: Observed

    async def do(self, index: int, phase: Phase, begin_ns: int, stream: int) -> None:
        """One task. However it ends, it is kept with its requests."""
        began_ns, name = self.observed.began_ns, self.address.server
        outcome = failed(Code.WORKER_CRASHED, "the agent ended without saying how")
        task = Task(index, self.asked.name, self.asked.language, outcome, name, begin_ns - began_ns, None, None, 0, 0)
        spec, turn = self._spec_of(index, phase, begin_ns), 0
        try:
            async with aclosing(self.agent.run(spec, self.address, self.spec.deadlines)) as events:
                async for event in events:
                    match event:
                        case Called(request):
                            mine = replace(request, phase=phase, stream=stream, task=index, turn=turn)
                            self.observed.saw(mine, name)
                            turn += 1
                        case _:
                            task = _after(task, event, began_ns)
        except EngineFailed as error:
            task = replace(task, outcome=error.outcome)
        except Exception as error:  # noqa: BLE001 - whatever an agent raises is an outcome
            task = replace(task, outcome=failed(Code.WORKER_CRASHED, f"{type(error).__name__}: {error}"))
        self.observed.tasks.append(task)

    def _spec_of(self, index: int, phase: Phase, begin_ns: int) -> TaskSpec:
        spec = self.spec
        return TaskSpec(
            index=index,
            kind=self.asked.task,
            phase=phase,
            planned_ns=begin_ns,
            seed=spec.workload.seed,
            max_tokens=spec.max_tokens,
            temperature=spec.settings.requests.temperature,
            ignore_eos=spec.workload.ignore_eos,
            settings=self.asked.own,
        )


def _after(task: Task, event: Ingested | Finished, began_ns: int) -> Task:
    """What is known of a task after an event."""
    match event:
        case Ingested(bytes=size):
            files, read = task.ingested_files or 0, task.ingested_bytes or 0
            return replace(task, ingested_files=files + 1, ingested_bytes=read + size)
        case Finished():
            started_ns, ended_ns = event.started_ns - began_ns, event.ended_ns - began_ns
            return replace(task, outcome=event.outcome, text=event.text, started_ns=started_ns, ended_ns=ended_ns)
