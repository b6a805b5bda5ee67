"""Which requests a run makes, and when: the settings of its cell choose the driver.

``streams`` closed loops at once (1 unless set), begun ``stagger_us`` apart; or, where ``rate_per_s`` is set, an open
loop of ``requests`` Poisson arrivals (each prompt once unless set) after the cold and warm-up requests, with at most
``max_in_flight`` at once (unbounded unless set). ``trace`` replays the arrivals of a file instead, ``trace_speed``
times as fast (1 unless set). ``prompts`` names the group of prompts that is sent (all unless set), ``max_tokens`` caps
each output in place of the workload's cap. ``clients`` processes share the streams of a closed loop (1 unless set).
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from ..design import Value
from ..errors import UsageError
from ..events import Phase, Request, Scalar
from ..outcomes import Code, failed
from ..protocols import Call, EngineFailed
from ..protocols.run_spec import RunSpec
from . import closed_loop, open_loop, poisson
from .requests import CACHE_SETTINGS, call, calls, prompts_of
from .trace import Trace, read_trace

SETTINGS = CACHE_SETTINGS | {
    "streams",
    "clients",
    "stagger_us",
    "rate_per_s",
    "requests",
    "max_in_flight",
    "trace",
    "trace_speed",
    "prompts",
    "max_tokens",
}
"""What shapes the requests and when they are made; the engine's start does not hear of it."""

OPEN = {"rate_per_s", "trace"}
"""Either makes the loop an open one."""

Ask = Callable[[Call], Awaitable[Request]]


def engine_settings(settings: Mapping[str, Value]) -> dict[str, Value]:
    """``settings`` without those of the load."""
    return {name: value for name, value in settings.items() if name not in SETTINGS}


async def drive(spec: RunSpec, ask: Ask) -> None:
    """Asks every request of the run. Raises ``EngineFailed`` for a setting that makes no load."""
    if OPEN & spec.settings.keys():
        await _open(spec, ask)
    else:
        streams = [list(calls(spec, k)) for k in range(_count(spec, "streams", 1))]
        await closed_loop(ask, streams, _count(spec, "stagger_us", 0) * 1000)


async def _open(spec: RunSpec, ask: Ask) -> None:
    chosen = prompts_of(spec)
    offsets = _arrivals(spec, len(chosen))
    before = [c for c in calls(spec) if c.phase is not Phase.MEASURED]
    await closed_loop(ask, [before])
    prompts = itertools.islice(itertools.cycle(chosen), len(offsets))
    arriving = [call(spec, len(before) + k, Phase.MEASURED, prompt) for k, prompt in enumerate(prompts)]
    await open_loop(ask, arriving, offsets, _count(spec, "max_in_flight", 0) or None)


def _arrivals(spec: RunSpec, prompts: int) -> tuple[int, ...]:
    """The planned starts of an open loop, in nanoseconds after its own."""
    asked = spec.settings
    try:
        if "trace" in asked:
            found = _trace(asked).offsets_ns
            return found[: _count(spec, "requests", len(found))]
        n = _count(spec, "requests", prompts)
        return poisson(float(asked["rate_per_s"]), n, spec.workload.seed + spec.replicate)
    except (UsageError, ValueError, ArithmeticError) as error:
        raise EngineFailed(failed(Code.SETTING_REJECTED, str(error))) from None


def clients(spec: RunSpec) -> int:
    """How many client processes share the streams. Raises ``EngineFailed`` where they cannot."""
    wanted, streams = _count(spec, "clients", 1), _count(spec, "streams", 1)
    if wanted > 1 and (OPEN & spec.settings.keys() or wanted > streams):
        detail = f"clients is {wanted}; clients share the streams of a closed loop, and there are {streams}"
        raise EngineFailed(failed(Code.SETTING_REJECTED, detail))
    return wanted


async def drive_share(spec: RunSpec, ask: Ask, streams: Sequence[int], start_ns: int) -> None:
    """Asks the requests of some of the streams; stream *k* begins ``stagger_us * k`` after ``start_ns``."""
    stagger_ns = _count(spec, "stagger_us", 0) * 1000
    asked = [list(calls(spec, k)) for k in streams]
    await closed_loop(ask, asked, begins_ns=[start_ns + k * stagger_ns for k in streams])


def load_facts(settings: Mapping[str, Value]) -> dict[str, Scalar]:
    """What must be recorded of a load beside its settings: the hash of the trace that was replayed."""
    try:
        return {"trace_sha256": _trace(settings).sha256} if "trace" in settings else {}
    except (UsageError, ValueError, ArithmeticError):
        return {}


def _trace(settings: Mapping[str, Value]) -> Trace:
    return read_trace(Path(str(settings["trace"])), float(settings.get("trace_speed", 1.0)))


def _count(spec: RunSpec, name: str, default: int) -> int:
    value = spec.settings.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0 or (value == 0 and default > 0):
        raise EngineFailed(failed(Code.SETTING_REJECTED, f"{name} is {value!r}; it must be a whole number"))
    return value
