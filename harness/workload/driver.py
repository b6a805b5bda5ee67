"""Which requests a run makes, and when: its load chooses the loop, and its servers share the requests.

In a closed loop stream *k* asks server *k* (modulo their number). In an open one the arrivals go round the servers,
after the cold and the warm-up requests of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..design import Load
from ..design.load import ClosedLoop, Offline, Open, OpenLoop, Replay
from ..errors import UsageError
from ..events import Scalar
from ..outcomes import Code, failed
from ..protocols import EngineFailed
from ..protocols.run_spec import RunSpec
from . import closed_loop, open_loop, poisson
from .loops import Ask
from .requests import arriving, calls, opening, prompts_of
from .trace import read_trace


async def drive(spec: RunSpec, load: ClosedLoop | Open, ask: Ask) -> None:
    """Asks every request of the run. Raises ``EngineFailed`` for a load that cannot be made here."""
    if isinstance(load, ClosedLoop):
        streams = [list(calls(spec, k)) for k in range(load.streams)]
        await closed_loop(ask, streams, load.stagger_us * 1000)
    else:
        offsets = arrivals(load, len(prompts_of(spec)), spec.workload.seed + spec.replicate)
        await closed_loop(ask, opening(spec))
        await open_loop(ask, arriving(spec, len(offsets)), offsets, load.max_in_flight or None)


def arrivals(load: Open, prompts: int, seed: int) -> tuple[int, ...]:
    """The planned starts of an open loop, in nanoseconds after its own. Raises ``EngineFailed``."""
    try:
        match load:
            case OpenLoop():
                return poisson(load.rate_per_s, load.requests or prompts, seed)
            case Replay():
                return read_trace(Path(load.trace), load.trace_speed).offsets_ns[: load.requests]
            case Offline():
                return (0,) * (load.requests or prompts)
    except (UsageError, ValueError, ArithmeticError) as error:
        raise EngineFailed(failed(Code.SETTING_REJECTED, str(error))) from None


async def drive_share(spec: RunSpec, load: ClosedLoop, ask: Ask, streams: Sequence[int], start_ns: int) -> None:
    """Asks the requests of some of the streams; stream *k* begins ``stagger_us * k`` after ``start_ns``."""
    asked = [list(calls(spec, k)) for k in streams]
    await closed_loop(ask, asked, begins_ns=[start_ns + k * load.stagger_us * 1000 for k in streams])


def load_facts(load: Load) -> dict[str, Scalar]:
    """What must be recorded of a load beside its settings: the hash of the trace that was replayed."""
    try:
        return {"trace_sha256": read_trace(Path(load.trace)).sha256} if isinstance(load, Replay) else {}
    except (UsageError, ValueError):
        return {}
