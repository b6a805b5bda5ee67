"""One run as it happens, in a fresh process: the engine, the load, the telemetry, what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace

from ..backends import BACKENDS
from ..client.event_loop import settle_memory
from ..client.scheduler_slice import ask_for_short_slices, slice_ns
from ..events import Reading, Request, Run, Scalar, Started
from ..models import model
from ..outcomes import OK, Code, Outcome, degraded, failed, unsupported
from ..probes import environment
from ..probes.poller import Poller
from ..protocols import Backend, Call, EngineFailed, Evident, Scored
from ..protocols.run_spec import RunSpec
from ..validity import run_flags
from ..workload.driver import Ask, clients, drive, engine_settings, load_facts
from ..workload.requests import caching_is_studied
from .client_processes import drive_clients, merged


class Measurement:
    """One run as it happens; what was observed before a failure is kept."""

    def __init__(self, spec: RunSpec) -> None:
        self.spec = spec
        self.started: Started | None = None
        self.requests: list[Request] = []
        self.readings: tuple[Reading, ...] = ()
        self.facts: dict[str, Scalar] = {}

    async def run(self) -> Run:
        """The finished ``Run``; never raises for what the engine did."""
        began, began_unix = time.monotonic_ns(), time.time_ns()
        self._note("before", environment.load())
        try:
            await self._drive(began)
            outcome = overall(self.requests)
        except EngineFailed as error:
            outcome = error.outcome
        except MemoryError as error:
            outcome = failed(Code.OUT_OF_MEMORY, str(error))
        self._note("after", environment.load())
        spec = self.spec
        self.facts["judged_by"] = spec.envelope.calibration if spec.envelope else None
        return Run(
            run_id=spec.run_id,
            cell_id=spec.cell_id,
            replicate=spec.replicate,
            block=spec.block,
            position=spec.position,
            outcome=outcome,
            started_unix_ns=began_unix,
            duration_ns=time.monotonic_ns() - began,
            requested={"model": spec.model, "backend": spec.backend, **spec.settings},
            engines=(with_agreed(self.started, self.requests),) if self.started else (),
            requests=tuple(sorted(self.requests, key=lambda request: request.index)),
            readings=self.readings,
            facts=self.facts,
            flags=self._flags(),
        )

    async def _drive(self, began: int) -> None:
        spec = self.spec
        engine: type[Backend] = BACKENDS.load(spec.backend)
        capability = engine.capability()
        if not capability.available:
            raise EngineFailed(unsupported(Code.ENGINE_MISSING, capability.reason))
        backend = engine()
        async with AsyncExitStack() as stack:
            stack.push_async_callback(backend.stop)
            settings = {**engine_settings(spec.settings), "engine_log": spec.engine_log}
            self.started = await backend.start(model(spec.model), settings)
            settle_memory()
            self.facts.update(load_facts(spec.settings))
            shared: dict[str, int | None] = {}
            with self._watched(backend, began):
                cpu, wall = time.process_time_ns(), time.monotonic_ns()
                if (count := clients(spec)) > 1:
                    found, shared = merged(await drive_clients(spec, backend, count))
                    self.requests += [replace(r, planned_ns=r.planned_ns - began) for r in found]
                else:
                    await drive(spec, self._asking(backend, began))
                self.facts["client_cpu_ns"] = time.process_time_ns() - cpu
                self.facts["drive_ns"] = time.monotonic_ns() - wall
                self.facts["client_slice_ns"] = slice_ns()
            self.facts.update(shared)
            if isinstance(backend, Evident):
                self.facts.update({f"evidence.{key}": value for key, value in backend.evidence().items()})
            await self._score(backend)

    @contextmanager
    def _watched(self, backend: Backend, began: int) -> Iterator[None]:
        """Telemetry around what is measured, and around nothing else."""
        poller = Poller.named(prepare=ask_for_short_slices)
        poller.start(backend.engine_pid, began)
        try:
            yield
        finally:
            self.readings = poller.stop()
            self.facts.update(poller.facts())

    async def _score(self, backend: Backend) -> None:
        if self.spec.scored and isinstance(backend, Scored):
            self.facts.update((await backend.score()).facts())

    def _asking(self, backend: Backend, began: int) -> Ask:
        async def ask(call: Call) -> Request:
            request = await backend.request(call)
            self.requests.append(replace(request, planned_ns=request.planned_ns - began))
            return request

        return ask

    def _flags(self) -> dict[str, str]:
        caching = caching_is_studied(self.spec)
        return run_flags(self.requests, self.facts, self.readings, caching=caching, envelope=self.spec.envelope)

    def _note(self, when: str, load: dict[str, Scalar]) -> None:
        self.facts.update({f"{when}.{key}": value for key, value in load.items()})


def with_agreed(started: Started, requests: list[Request]) -> Started:
    """``started`` with the settings that every request reported alike, such as the temperature."""
    reported = [request.effective for request in requests if request.effective]
    agreed = {key: value for key, value in (reported or [{}])[0].items() if all(r.get(key) == value for r in reported)}
    return replace(started, effective={**agreed, **started.effective})


def overall(requests: list[Request]) -> Outcome:
    """The outcome of a run from those of its requests."""
    bad = [r for r in requests if not r.outcome.usable]
    if not bad:
        return OK
    detail = f"{len(bad)} of {len(requests)} requests failed; first: {bad[0].outcome.code}: {bad[0].outcome.detail}"
    build = failed if len(bad) == len(requests) else degraded
    return build(Code.REQUESTS_FAILED, detail)
