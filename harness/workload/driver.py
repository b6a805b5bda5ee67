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
from .requests import arriving, calls, opening, prompts_of, sized
from .trace import read_trace
from .trace_lines import Length


async def drive(spec: RunSpec, load: ClosedLoop | Open, ask: Ask) -> None:
    """Asks every request of the run. Raises ``EngineFailed`` for a load that cannot be made here."""
    if isinstance(load, ClosedLoop):
        streams = [list(calls(spec, k)) for k in range(load.streams)]
        await closed_loop(ask, streams, load.stagger_us * 1000)
    else:
        offsets, lengths = arrivals(load, len(prompts_of(spec)), spec.workload.seed + spec.replicate)
        asked = arriving(spec, len(offsets))
        if lengths:
            asked = [sized(call, length) for call, length in zip(asked, lengths, strict=True)]
        await closed_loop(ask, opening(spec))
        await open_loop(ask, asked, offsets, load.max_in_flight or None)


def arrivals(load: Open, prompts: int, seed: int) -> tuple[tuple[int, ...], tuple[Length, ...]]:
    """The planned starts of an open loop, in nanoseconds after its own, and the lengths of its requests where a trace
    gives them. Raises ``EngineFailed``."""
    try:
        match load:
            case OpenLoop():
                return poisson(load.rate_per_s, load.requests or prompts, seed), ()
            case Replay():
                return replay(load)
            case Offline():
                return (0,) * (load.requests or prompts), ()
    except (UsageError, ValueError, ArithmeticError) as error:
        raise EngineFailed(failed(Code.SETTING_REJECTED, str(error))) from None


def replay(load: Replay) -> tuple[tuple[int, ...], tuple[Length, ...]]:
    """The arrivals of a trace, and the lengths of its requests where the load asks for them. Raises ``UsageError``."""
    trace = read_trace(Path(load.trace), load.trace_speed)
    if load.trace_lengths and not trace.lengths:
        raise UsageError(f"{load.trace} tells no lengths; leave trace_lengths out")
    lengths = trace.lengths[: load.requests] if load.trace_lengths else ()
    return trace.offsets_ns[: load.requests], tuple(one.times(load.trace_scale) for one in lengths)


async def drive_share(spec: RunSpec, load: ClosedLoop, ask: Ask, streams: Sequence[int], start_ns: int) -> None:
    """Asks the requests of some of the streams; stream *k* begins ``stagger_us * k`` after ``start_ns``."""
    asked = [list(calls(spec, k)) for k in streams]
    await closed_loop(ask, asked, begins_ns=[start_ns + k * load.stagger_us * 1000 for k in streams])


def load_facts(load: Load) -> dict[str, Scalar]:
    """What must be recorded of a load beside its settings: which trace was replayed, and what of it was left out."""
    if not isinstance(load, Replay):
        return {}
    try:
        trace = read_trace(Path(load.trace))
    except (UsageError, ValueError):
        return {}
    return {"trace_sha256": trace.sha256, "trace_format": trace.kind, "trace_left_out": trace.left_out}
