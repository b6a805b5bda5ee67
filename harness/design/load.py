"""When requests are sent: the load of a run, and the scenario that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field, with_config

from ..errors import StudyError
from .factor import Value
from .parsed import parsed
from .scope import named, scoped

STRICT = ConfigDict(extra="forbid")
Count = Annotated[int, Field(strict=True, ge=1)]
Whole = Annotated[int, Field(strict=True, ge=0)]
Positive = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]


class Scenario(StrEnum):
    """Load patterns, named as MLPerf names them."""

    SINGLE_STREAM = "single-stream"
    MULTI_STREAM = "multi-stream"
    OFFLINE = "offline"
    SERVER = "server"


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class ClosedLoop:
    """``streams`` at once, begun ``stagger_us`` apart; each sends its next request when its last has ended.

    ``clients`` processes share the streams.
    """

    streams: Count = 1
    clients: Count = 1
    stagger_us: Whole = 0


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class OpenLoop:
    """Poisson arrivals, whether or not earlier requests have ended.

    ``requests`` are sent (each prompt once, where it is ``None``), at most ``max_in_flight`` at once (0: any number).
    """

    rate_per_s: Positive
    requests: Count | None = None
    max_in_flight: Whole = 0


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Replay:
    """The arrivals that the file ``trace`` lists, ``trace_speed`` times as fast; all of them unless ``requests``.

    With ``trace_lengths`` each request has the lengths that the trace tells, times ``trace_scale``: its prompt is
    followed by as many words as the trace has tokens of prompt, and its answer is asked to be as long.
    """

    trace: str
    trace_speed: Positive = 1.0
    trace_lengths: Annotated[bool, Field(strict=True)] = False
    trace_scale: Positive = 1.0
    requests: Count | None = None
    max_in_flight: Whole = 0


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Offline:
    """All requests at one moment: how long the engine takes for all of them is what is asked."""

    offline: Literal[True]
    requests: Count | None = None
    max_in_flight: Whole = 0


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class AgentTasks:
    """``tasks`` measured tasks of each of ``agents`` agents, which begin each of them together.

    With ``baselines`` each agent also does each task alone, in the same run and next to the task together, in random
    order. ``isolation`` says what an agent is: a process of its own, or a task of one process for all.
    """

    agents: Count
    tasks: Count = 1
    baselines: Annotated[bool, Field(strict=True)] = False
    isolation: Literal["processes", "tasks"] = "processes"


Load: TypeAlias = ClosedLoop | OpenLoop | Replay | Offline | AgentTasks
Open: TypeAlias = OpenLoop | Replay | Offline

_MARKS: dict[str, tuple[type[Open], str]] = {
    "rate_per_s": (OpenLoop, "an open loop"),
    "trace": (Replay, "a replayed trace"),
    "offline": (Offline, "an offline load"),
}
"""The setting that makes a load one of these; without any it is a closed loop."""

LOAD_SETTINGS = frozenset(f.name for kind in (ClosedLoop, OpenLoop, Replay, Offline) for f in fields(kind)) | {
    "tasks",
    "baselines",
    "isolation",
}
"""What may be set of a load, without its scope."""


def load_of(settings: Mapping[str, Value]) -> Load:
    """The load that the settings of a run ask for. Raises ``StudyError``."""
    asked = scoped(settings, "load", LOAD_SETTINGS)
    if agents := len(named(settings, "agent")):
        if "agents" in asked:
            raise StudyError("load.agents counts the agents that are declared; leave it away")
        return parsed(AgentTasks, {**asked, "agents": agents}, "a load of agents")
    for mark, (kind, what) in _MARKS.items():
        if mark in asked:
            return parsed(kind, asked, what)
    found = parsed(ClosedLoop, asked, "a closed loop")
    if found.clients > found.streams:
        raise StudyError(f"clients is {found.clients}, but they share the streams, and there are {found.streams}")
    return found


def scenario_of(load: Load) -> Scenario:
    """The scenario that a load makes. An agent is a stream: it asks again when it has its answer."""
    match load:
        case ClosedLoop(streams=1) | AgentTasks(agents=1):
            return Scenario.SINGLE_STREAM
        case ClosedLoop() | AgentTasks():
            return Scenario.MULTI_STREAM
        case Offline():
            return Scenario.OFFLINE
        case OpenLoop() | Replay():
            return Scenario.SERVER
