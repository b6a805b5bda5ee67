"""Flags of one run, from what was observed while it ran."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..events import Phase, Reading, Request, Scalar
from ..outcomes import Code
from ..protocols.envelope import Envelope
from .bursts import AT_ONCE_NS, BURSTS, share_together
from .flags import Flag


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits beyond which a flag is raised.

    Shares are of the median gap between chunks, and that of the clock of no gap shorter than ``AT_ONCE_NS``: chunks
    that arrive at once have no time between them that a clock could miss. ``foreign_cpu`` and ``steal`` are
    processors, means of the run; ``warm_up`` is the ratio of the first measured request's time per token to the median
    of those after it. A stall is a gap between two chunks of at least ``stall_ns`` and of ``stall_ratio`` times the
    median gap.
    """

    clock_share: float = 0.01
    loop_lag_share: float = 0.05
    foreign_cpu: float = 0.10
    steal: float = 0.05
    warm_up: float = 1.25
    stall_ns: float = 1e9
    stall_ratio: float = 10.0


CLOCK_STEP = "before.clock_resolution_ns"
"""The fact of a run that says how far apart the stamps of its clock are."""

RELOAD_MS, RELOAD_RATIO = 150.0, 3.0
"""A server that says so spent longer than both (milliseconds, times the median) on loading has loaded again."""

_HARMLESS_THROTTLE = 0x1 | 0x2
"""NVML's bits for an idle device and for clocks that somebody set: neither is throttling."""


def run_flags(
    requests: Sequence[Request],
    facts: Mapping[str, Scalar],
    readings: Sequence[Reading] = (),
    *,
    caching: bool = False,
    envelope: Envelope | None = None,
    limits: Thresholds = Thresholds(),
) -> dict[str, str]:
    """Flag name → evidence. ``facts`` are the run's (``before.*``, ``after.*``, ``loop_lag_*``).

    ``caching`` tells that prompt caching is the factor; ``envelope`` is what the calibration found, without which
    ``client_bound`` is not judged; nor is it, or the clock, where chunks came in bursts, whose gaps are not those of
    tokens. A fact that is missing raises no flag. The client's loop and its calibration are
    judged only where it received the tokens over a connection: an engine in this process stamps its own, and an agent
    is another client.
    """
    measured = [r for r in requests if r.phase is Phase.MEASURED and r.outcome.usable]
    gap_ns = median_gap_ns(measured)
    over_a_wire = any(r.connect_ns is not None and r.task is None for r in measured)
    bursts = tuple(_bursts(measured)) if over_a_wire else ()
    if bursts:
        gap_ns = None
    found = itertools.chain(
        bursts,
        _reload(measured),
        _timing(facts, gap_ns, limits, over_a_wire=over_a_wire),
        _machine(facts, readings, limits),
        () if caching else _cache(requests),
        _warm_up(measured, limits),
        _stall(measured, limits),
        _client_bound(measured, gap_ns, envelope, _number(facts, "client_processes") or 1) if over_a_wire else (),
    )
    return {flag.value: evidence for flag, evidence in found}


def median_gap_ns(requests: Sequence[Request]) -> float | None:
    """The median over requests of their mean gap between chunks, or ``None`` where none has two chunks.

    A mean within a request, because chunks that arrive together have gaps of nought.
    """
    gaps = [
        (r.arrivals_ns[-1] - r.arrivals_ns[0]) / (len(r.arrivals_ns) - 1) for r in requests if len(r.arrivals_ns) > 1
    ]
    return statistics.median(gaps) if gaps else None


_Found = Iterator[tuple[Flag, str]]


def _number(facts: Mapping[str, Scalar], key: str) -> float | None:
    value = facts.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _timing(facts: Mapping[str, Scalar], gap_ns: float | None, limits: Thresholds, *, over_a_wire: bool) -> _Found:
    if gap_ns is None:
        return
    step, late = _number(facts, CLOCK_STEP), _number(facts, "loop_lag_p99_ns")
    if step is not None and step > limits.clock_share * gap_ns and not clock_is_fine(facts, limits):
        yield Flag.CLOCK_RESOLUTION, _too_long("clock step", step, limits.clock_share, gap_ns)
    if over_a_wire and late is not None and late > limits.loop_lag_share * gap_ns:
        yield Flag.LOOP_LAG, _too_long("p99 loop lag", late, limits.loop_lag_share, gap_ns)


def _too_long(what: str, value: float, share: float, gap_ns: float) -> str:
    return f"{what} {value / 1e6:.3f} ms > {share:.0%} of the median gap {gap_ns / 1e6:.3f} ms"


def clock_is_fine(facts: Mapping[str, Scalar], limits: Thresholds = Thresholds()) -> bool:
    """Whether the clock of a run tells apart tokens of any engine: those that it does not arrived at once."""
    step = _number(facts, CLOCK_STEP)
    return step is not None and step <= limits.clock_share * AT_ONCE_NS


def _machine(facts: Mapping[str, Scalar], readings: Sequence[Reading], limits: Thresholds) -> _Found:
    foreign, steal = _number(facts, "after.foreign_cpu"), _number(facts, "after.steal")
    loads = (("other programs", foreign, limits.foreign_cpu), ("the hypervisor", steal, limits.steal))
    elsewhere = _number(facts, "after.elsewhere_cpu")
    which = "" if elsewhere is None else f" of those that the run may use ({elsewhere:.2f} were busy elsewhere)"
    said = [
        f"{who} took {v:.2f} processors{which}, limit {limit}" for who, v, limit in loads if v is not None and v > limit
    ]
    if said:
        yield Flag.FOREIGN_LOAD, "; ".join(said)
    before, after = _number(facts, "before.throttle_count"), _number(facts, "after.throttle_count")
    if before is not None and after is not None and after > before:
        yield Flag.THROTTLING, f"{after - before:.0f} thermal events counted by the processor"
    reasons = 0
    for reading in readings:
        if reading.quantity.endswith(".throttle_reasons") and reading.value is not None:
            reasons |= int(reading.value) & ~_HARMLESS_THROTTLE
    if reasons:
        yield Flag.THROTTLING, f"device throttle reasons {reasons:#x}"


def _cache(requests: Sequence[Request]) -> _Found:
    hits = [r for r in requests if r.phase is Phase.MEASURED and r.counters.cache_n]
    if hits:
        most = max(r.counters.cache_n or 0 for r in hits)
        yield Flag.PROMPT_CACHE_HITS, f"{len(hits)} of {len(requests)} requests reused up to {most} prompt tokens"


def _warm_up(measured: Sequence[Request], limits: Thresholds) -> _Found:
    """Compares time per token, which hardly depends on the prompt; needs three requests to say anything."""
    times = [t for r in measured if (t := _time_per_token_ns(r)) is not None]
    if len(times) < 3:
        return
    later = statistics.median(times[1:])
    if times[0] > limits.warm_up * later:
        yield (
            Flag.WARM_UP_NOT_REACHED,
            f"first measured request {times[0] / 1e6:.2f} ms a token, later ones {later / 1e6:.2f} ms",
        )


def _stall(measured: Sequence[Request], limits: Thresholds) -> _Found:
    gaps = [(later - earlier, r.index) for r in measured for earlier, later in itertools.pairwise(r.arrivals_ns)]
    if not gaps:
        return
    gap_ns = statistics.median(gap for gap, _ in gaps)
    least = max(limits.stall_ns, limits.stall_ratio * gap_ns)
    stalls = [(gap, index) for gap, index in gaps if gap >= least]
    if stalls:
        longest, index = max(stalls)
        yield (
            Flag.STALL,
            (
                f"request {index} stood still for {longest / 1e9:.2f} s, the median gap is {gap_ns / 1e6:.3f} ms; "
                f"{len(stalls)} such gaps"
            ),
        )


def _bursts(measured: Sequence[Request]) -> _Found:
    """Chunks that came together with the one before, over all requests that have enough to tell."""
    shares = [share for r in measured if (share := share_together(r.arrivals_ns)) is not None]
    in_bursts = [share for share in shares if share > BURSTS]
    held_back = [r for r in measured if r.outcome.code is Code.BUFFERED]
    if len(in_bursts) * 2 > len(shares) or held_back:
        of = f"{len(in_bursts)} of {len(shares)} requests"
        together = f"{statistics.median(in_bursts or [1.0]):.0%} of chunks came together with the one before"
        yield Flag.BURSTS, f"in {of} {together}: a proxy holds them back, or the engine sends several at once"


def _reload(measured: Sequence[Request]) -> _Found:
    """A request in which the server loaded its model, by the server's own account, that others did not need."""
    loads = [(load, r.index) for r in measured if (load := _number(r.effective, "load_ms")) is not None]
    if not loads:
        return
    usual = statistics.median(load for load, _ in loads)
    longest, index = max(loads)
    if longest > max(RELOAD_MS, RELOAD_RATIO * usual):
        yield Flag.RELOAD, f"request {index} waited {longest:.0f} ms for the model to load, others {usual:.0f} ms"


def _time_per_token_ns(request: Request) -> float | None:
    count = sum(request.tokens)
    if len(request.arrivals_ns) < 2 or count < 2:
        return None
    return (request.arrivals_ns[-1] - request.arrivals_ns[0]) / (count - 1)


def _client_bound(
    measured: Sequence[Request], gap_ns: float | None, envelope: Envelope | None, processes: float
) -> _Found:
    """Each client process has its share of the streams, and the calibration is of one process."""
    if envelope is None or gap_ns is None:
        return
    streams = math.ceil(len({r.stream for r in measured}) / processes)
    verdict = envelope.judge(streams, gap_ns / 1e6)
    if verdict is not None:
        yield Flag.CLIENT_BOUND, verdict
