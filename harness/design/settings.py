"""Everything that is set in one run, typed: its load, its requests, its servers and its agents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, Literal

from pydantic import Field, with_config

from ..errors import StudyError
from .conditions import CONDITIONS, Conditions
from .factor import Value
from .limits import limits_of
from .load import LOAD_SETTINGS, STRICT, ClosedLoop, Count, Load, load_of
from .parsed import parsed
from .scope import check_scopes, named, scoped

ONLY = ""
"""The name of the server of a run that names none."""
MOST_SEED = 2**31 - 2**20
"""Engines take seeds of 32 bits, some of them signed, and the seed of a request is this and its number."""


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class RequestSettings:
    """What each request asks; ``None`` leaves it to the workload.

    ``seed`` is that of the first request of a run or task; each further one has the next. ``prompts`` is the group of
    prompts that is sent, and ``cold`` that of the first request where it is another one.
    ``prompt`` says whether each has a prefix of its own, ``cache_prompt`` whether the engine is asked to reuse what it
    has.
    """

    prompts: str | None = None
    prompt: Literal["unique", "repeated"] | None = None
    cache_prompt: Annotated[bool, Field(strict=True)] | None = None
    max_tokens: Count | None = None
    temperature: Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)] = 0.8
    cold: str | None = None
    seed: Annotated[int, Field(strict=True, ge=0, le=MOST_SEED)] | None = None

    @property
    def studies_caching(self) -> bool:
        """Whether cache hits are what the run looks for, rather than a flaw."""
        return self.prompt is not None or self.cache_prompt is not None


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """One server: an engine with its model; ``engine`` are the settings that only the engine knows."""

    name: str
    backend: str
    model: str
    engine: dict[str, Value]


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """One agent, its task, and the server that it asks; ``own`` are the settings that only the agent knows."""

    name: str
    language: str
    task: str
    server: str
    runtime: str = ""
    own: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Which requests are sent, and when: what is known of a run before its servers are."""

    load: Load
    requests: RequestSettings


@dataclass(frozen=True, slots=True)
class RunSettings(Traffic):
    """All settings of a run. Without agents, plain requests are sent."""

    servers: tuple[ServerSettings, ...]
    agents: tuple[AgentSettings, ...] = ()
    conditions: Conditions = field(default_factory=Conditions)


_REQUEST_SETTINGS = frozenset(item.name for item in fields(RequestSettings))
TRAFFIC_SETTINGS = LOAD_SETTINGS | _REQUEST_SETTINGS
"""Names of the load and of the requests."""

RUN_SETTINGS = TRAFFIC_SETTINGS | CONDITIONS
"""These, and the conditions of a run: a server hears of none of them."""


def traffic_of(settings: Mapping[str, Value]) -> Traffic:
    """The load and the requests that ``settings`` ask for. Raises ``StudyError``, also for limits that cannot be."""
    check_scopes(settings)
    limits_of(settings)
    asked = scoped(settings, "request", _REQUEST_SETTINGS)
    return Traffic(load_of(settings), parsed(RequestSettings, asked, "a request"))


def traffic_key(settings: Mapping[str, Value]) -> tuple[object, ...]:
    """Equal where ``traffic_of`` is: many cells differ in their engine's settings alone."""
    return tuple(
        (name, type(value), value) for name, value in settings.items() if name in TRAFFIC_SETTINGS or "." in name
    )


def run_settings(settings: Mapping[str, Value], backend: str) -> RunSettings:
    """``settings`` by name, typed; servers that name no backend are of the kind ``backend``. Raises ``StudyError``.

    A name without a scope belongs to the load, to the requests or to the conditions where they know it, and otherwise
    to every server.
    """
    traffic = traffic_of(settings)
    conditions = parsed(Conditions, {name: settings[name] for name in CONDITIONS & settings.keys()}, "a run")
    plain = {name: value for name, value in settings.items() if "." not in name and name not in RUN_SETTINGS}
    named_servers = named(settings, "server") or {ONLY: {}}
    servers = tuple(_server(name, {"backend": backend, **plain, **own}) for name, own in named_servers.items())
    agents = tuple(_agent(name, own, [*named_servers]) for name, own in named(settings, "agent").items())
    if isinstance(traffic.load, ClosedLoop) and traffic.load.streams < len(servers):
        streams = traffic.load.streams
        raise StudyError(f"streams is {streams}, so not each of {len(servers)} servers is asked; set it higher")
    return RunSettings(traffic.load, traffic.requests, servers, agents, conditions)


def _server(name: str, settings: dict[str, Value]) -> ServerSettings:
    texts = {key: _text(settings, key, f"the server {name!r}" if name else "it") for key in ("backend", "model")}
    return ServerSettings(name, engine={key: value for key, value in settings.items() if key not in texts}, **texts)


def _agent(name: str, settings: dict[str, Value], servers: list[str]) -> AgentSettings:
    asked = {"runtime": "", "server": servers[0], **settings}
    texts = {key: _text(asked, key, f"the agent {name!r}") for key in ("language", "task", "server", "runtime")}
    if texts["server"] not in servers:
        raise StudyError(f"the agent {name!r} asks the server {texts['server']!r}; there is {', '.join(servers)}")
    return AgentSettings(name, own={key: value for key, value in settings.items() if key not in texts}, **texts)


def _text(settings: Mapping[str, Value], name: str, what: str) -> str:
    value = settings.get(name)
    if not isinstance(value, str):
        raise StudyError(f"{what} names no {name}; add it as a factor or fix it")
    return value
