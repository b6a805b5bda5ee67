"""One run as it happens, in a fresh process: the engines, the load, the telemetry, what came of it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace

from ..client.event_loop import settle_memory
from ..client.scheduler_slice import slice_ns
from ..client.tls import tls_context
from ..events import Reading, Request, Run, Scalar, Started
from ..models import model
from ..outcomes import Code, failed
from ..probes import environment
from ..probes.server_metrics import Source
from ..protocols import EngineFailed, Metered
from ..protocols.run_spec import RunSpec
from ..validity import run_flags
from ..workload.driver import load_facts
from ..workload.requests import caching_is_studied
from .competing_load import competing
from .observed import Observed
from .participants import ask_all
from .servers import Server, start
from .telemetry import Telemetry


class Measurement:
    """One run as it happens; what was observed before a failure is kept."""

    def __init__(self, spec: RunSpec) -> None:
        self.spec = spec
        self.servers: dict[str, Server] = {}
        self.observed = Observed(time.monotonic_ns())
        self.readings: tuple[Reading, ...] = ()
        self.facts: dict[str, Scalar] = dict(spec.preflight)

    async def run(self) -> Run:
        """The finished ``Run``; never raises for what an engine did."""
        began_unix = time.time_ns()
        self._note("before", environment.load())
        try:
            await self._measure()
            outcome = self.observed.outcome()
        except EngineFailed as error:
            outcome = error.outcome
        except MemoryError as error:
            outcome = failed(Code.OUT_OF_MEMORY, str(error))
        self._note("after", environment.load())
        self.facts.update(self.observed.facts)
        spec, requests = self.spec, self.observed.ordered_requests()
        self.facts["judged_by"] = spec.envelope.calibration if spec.envelope else None
        return Run(
            run_id=spec.run_id,
            cell_id=spec.cell_id,
            replicate=spec.replicate,
            block=spec.block,
            position=spec.position,
            outcome=outcome,
            started_unix_ns=began_unix,
            duration_ns=time.monotonic_ns() - self.observed.began_ns,
            requested=spec.requested,
            engines=tuple(with_agreed(server.started, requests) for server in self.servers.values()),
            requests=requests,
            tasks=self.observed.ordered_tasks(),
            readings=self.readings,
            facts=self.facts,
            flags=self._flags(),
        )

    async def _measure(self) -> None:
        spec = self.spec
        async with AsyncExitStack() as stack:
            for asked in spec.settings.servers:
                log, before = spec.engine_log(asked.name), tuple(self.servers.values())
                known, agreed = spec.models.get(asked.model) or model(asked.model), spec.agreed.get(asked.name)
                self.servers[asked.name] = await start(asked, known, log, stack, before, agreed)
            settle_memory()
            self.facts.update(load_facts(spec.settings.load))
            with competing(spec.settings.conditions.competing), self._watched() as telemetry:
                cpu, wall = time.process_time_ns(), time.monotonic_ns()
                of_clients = await ask_all(spec, self.servers, self.observed, telemetry)
                self.facts["client_cpu_ns"] = time.process_time_ns() - cpu
                self.facts["drive_ns"] = time.monotonic_ns() - wall
                self.facts["client_slice_ns"] = slice_ns()
            self.facts.update(of_clients)
            if spec.reads_memory:
                from ..probes.memory_bandwidth import bandwidth_facts  # it imports numpy

                self.facts.update(bandwidth_facts(self._threads()))
            for server in self.servers.values():
                self.facts.update(server.evidence())
                if spec.scored:
                    self.facts.update(await server.score())
                if spec.settings.conditions.layers:
                    self.facts.update(await server.layers())

    def _threads(self) -> int:
        """How many threads the engines compute with, as far as they say so."""
        said = [server.started.effective.get("threads") for server in self.servers.values()]
        return sum(number for number in said if isinstance(number, int)) or os.cpu_count() or 1

    @contextmanager
    def _watched(self) -> Iterator[Telemetry]:
        """Telemetry around what is measured, and around nothing else."""
        engines = {name: server.backend.engine_pid for name, server in self.servers.items()}
        alternating = self.spec.settings.conditions.telemetry == "alternating"
        telemetry = Telemetry(engines, self._metered(), self.observed.began_ns, alternating=alternating)
        try:
            with telemetry.of_run():
                yield telemetry
        finally:
            self.readings = telemetry.readings
            self.facts.update(telemetry.facts)

    def _metered(self) -> dict[str, Source]:
        engines = {name: server.backend for name, server in self.servers.items()}
        found = {name: engine.metrics for name, engine in engines.items() if isinstance(engine, Metered)}
        return {name: Source(*source, verify=tls_context()) for name, source in found.items() if source}

    def _flags(self) -> dict[str, str]:
        caching, requests = caching_is_studied(self.spec), self.observed.requests
        return run_flags(requests, self.facts, self.readings, caching=caching, envelope=self.spec.envelope)

    def _note(self, when: str, load: dict[str, Scalar]) -> None:
        self.facts.update({f"{when}.{key}": value for key, value in load.items()})


def with_agreed(started: Started, requests: Iterable[Request]) -> Started:
    """``started`` with the settings that every request to it reported alike, such as the temperature."""
    reported = [request.effective for request in requests if request.effective and request.server == started.server]
    agreed = {key: value for key, value in (reported or [{}])[0].items() if all(r.get(key) == value for r in reported)}
    return replace(started, effective={**agreed, **started.effective})
