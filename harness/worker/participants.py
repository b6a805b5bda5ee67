"""Who asks in a run: this process, several client processes, or agents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..design.load import AgentTasks, ClosedLoop
from ..events import Request
from ..protocols import Call
from ..protocols.run_spec import RunSpec
from ..workload.driver import drive
from .agent_tasks import run_agents
from .client_processes import drive_clients, merged
from .observed import Observed
from .servers import Server
from .telemetry import Telemetry


async def ask_all(
    spec: RunSpec, servers: Mapping[str, Server], observed: Observed, telemetry: Telemetry
) -> dict[str, int | None]:
    """Makes everything that the run asks, and returns the facts of processes other than this one.

    Raises ``EngineFailed``; what was observed until then is kept.
    """

    async def ask(call: Call) -> Request:
        with telemetry.of_request(call) as noted:
            request = await servers[call.server].backend.request(call)
        if noted:
            request = replace(request, effective={**request.effective, **noted})
        observed.saw(request, call.server)
        return request

    match spec.settings.load:
        case AgentTasks() as load:
            await run_agents(spec, load, servers, observed)
        case ClosedLoop() as load if load.clients > 1:
            requests, facts = merged(await drive_clients(spec, load, servers))
            for request in requests:
                observed.saw(request, request.server)
            return facts
        case load:
            await drive(spec, load, ask)
    return {}
