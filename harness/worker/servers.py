"""A server of a run: an engine with its name, which requests and facts carry where a run has several."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from ..backends import BACKENDS
from ..design import Value
from ..design.settings import ServerSettings
from ..events import Scalar, Settings, Started
from ..models import Model
from ..outcomes import Code, failed, unsupported
from ..protocols import (
    Backend,
    EngineFailed,
    Evident,
    Layered,
    Logged,
    Negotiated,
    Placed,
    Scored,
    Shareable,
    capability_for,
)


@dataclass(frozen=True, slots=True)
class Server:
    """A started server and what it said of itself."""

    settings: ServerSettings
    backend: Backend
    started: Started

    def handle(self) -> dict[str, Value]:
        """Where other processes reach it. Raises ``EngineFailed`` where they cannot."""
        if not isinstance(self.backend, Shareable):
            name = self.settings.backend
            detail = f"{name} runs in the worker or has no address, so clients and agents of their own cannot ask it"
            raise EngineFailed(failed(Code.SETTING_REJECTED, detail))
        return self.backend.handle()

    def evidence(self) -> dict[str, Scalar]:
        """What it counted of what it built, as facts of the run."""
        counted = self.backend.evidence() if isinstance(self.backend, Evident) else {}
        return self._facts({f"evidence.{key}": value for key, value in counted.items()})

    async def score(self) -> dict[str, Scalar]:
        """Its accuracy, as facts of the run. Raises ``EngineFailed``."""
        return self._facts((await self.backend.score()).facts() if isinstance(self.backend, Scored) else {})

    async def layers(self) -> dict[str, Scalar]:
        """The time of its layers, as facts of the run. Raises ``EngineFailed``."""
        found = await self.backend.layers() if isinstance(self.backend, Layered) else {}
        return self._facts({f"layers.{key}": value for key, value in found.items()})

    def _facts(self, found: Settings) -> dict[str, Scalar]:
        name = self.settings.name
        return {f"{name}.{key}" if name else key: value for key, value in found.items()}


async def start(
    settings: ServerSettings,
    model: Model,
    log: Path | None,
    stack: AsyncExitStack,
    before: Collection[Server] = (),
    agreed: Mapping[str, Value] | None = None,
) -> Server:
    """Starts a server with ``model``, which ``stack`` stops, on other processors than those ``before`` it as far as
    there are any.

    ``agreed`` is what a preflight found that it accepts. Raises ``EngineFailed``, which names the server where it has a
    name.
    """
    engine: type[Backend] = BACKENDS.load(settings.backend)
    try:
        capability = capability_for(engine, settings.engine)
        if not capability.available:
            raise EngineFailed(unsupported(Code.ENGINE_MISSING, capability.reason))
        backend = engine()
        stack.push_async_callback(backend.stop)
        if isinstance(backend, Logged):
            backend.log = log
        if isinstance(backend, Placed):
            backend.cpus_taken = sum(_cpus(server) for server in before)
        if isinstance(backend, Negotiated) and agreed:
            backend.agreed = agreed
        started = await backend.start(model, dict(settings.engine))
    except EngineFailed as error:
        if settings.name:
            detail = f"the server {settings.name}: {error.outcome.detail}"
            raise EngineFailed(replace(error.outcome, detail=detail)) from error
        raise
    return Server(settings, backend, replace(started, server=settings.name))


def _cpus(server: Server) -> int:
    """How many processors its engine is bound to; none where it does not say."""
    said = server.started.effective.get("cpus_allowed")
    return said if isinstance(said, int) else 0
