"""Which calls were slow because code was compiled while they ran: told by the compiler's counters, not by the times.

Such a call is a stall. It is counted, with its seconds and its share of all calls, and is no decode speed.
"""

from __future__ import annotations

import numpy as np

from ...outcomes import Missing
from ...units import MS, ONE, PERCENT, S
from ..batch import Batch, Bools, Floats
from ..definition import Evaluated, RequestMetric, evaluated
from .counters import counter_rules

GRAPHS = "graphs"


def compiled_graphs(batch: Batch) -> Evaluated:
    """Graphs compiled while the request ran, shape ``(n,)``; zero is a value."""
    return _counter(batch, GRAPHS)


def eager_passes(batch: Batch) -> Evaluated:
    """Forward passes that ran uncompiled although compiling was asked for, shape ``(n,)``; zero is a value."""
    return _counter(batch, "eager_passes")


def e2e_compiling(batch: Batch) -> Evaluated:
    """``e2e_kv`` of the requests during which a graph was compiled, shape ``(n,)``, milliseconds."""
    return evaluated(
        batch.prompt_ms + batch.predicted_ms,
        *counter_rules(batch.usable, batch.extra[GRAPHS], batch.prompt_ms, batch.predicted_ms),
        (batch.extra[GRAPHS] == 0, Missing.NOT_APPLICABLE),
    )


def compile_stalls(batch: Batch) -> Evaluated:
    """One for each request during which a graph was compiled, zero for the others, shape ``(n,)``."""
    return _told(batch, compiled_meanwhile(batch).astype(np.float64))


def stall_share(batch: Batch) -> Evaluated:
    """The same in percent, shape ``(n,)``: its mean is the share of requests."""
    return _told(batch, 100 * compiled_meanwhile(batch).astype(np.float64))


def stall_time(batch: Batch) -> Evaluated:
    """Seconds that the compiler reports for the time of each request, shape ``(n,)``; zero is a value."""
    return _counter(batch, "compile_s")


def compiled_meanwhile(batch: Batch) -> Bools:
    """The requests during which a graph was compiled, as far as that is counted, shape ``(n,)``."""
    return batch.extra[GRAPHS] > 0


def _counter(batch: Batch, name: str) -> Evaluated:
    return evaluated(batch.extra[name], *counter_rules(batch.usable, batch.extra[name]))


def _told(batch: Batch, values: Floats) -> Evaluated:
    return evaluated(values, *counter_rules(batch.usable, batch.extra[GRAPHS]))


_COUNTED = "requests that ended usably, on engines whose compiler counts its graphs"

COMPILED_GRAPHS = RequestMetric(
    id="compiled_graphs",
    name="graphs compiled during a request",
    unit=ONE,
    formula="unique graphs of the compiler after the request − before it",
    applicability=_COUNTED,
    higher_is_better=None,
    compute=compiled_graphs,
)
EAGER_PASSES = RequestMetric(
    id="eager_passes",
    name="passes of a request that ran uncompiled",
    unit=ONE,
    formula="forward passes under a way of compiling that no compiled code took",
    applicability="requests that ended usably, on engines that count such passes",
    higher_is_better=False,
    compute=eager_passes,
)
E2E_COMPILING = RequestMetric(
    id="e2e_compiling",
    name="prefill and cached decode of requests that compiled",
    unit=MS,
    formula="prompt_ms + predicted_ms where graphs were compiled",
    applicability=f"{_COUNTED}; a graph was compiled meanwhile",
    higher_is_better=False,
    compute=e2e_compiling,
)
COMPILE_STALLS = RequestMetric(
    id="compile_stalls",
    name="requests that a compilation stalled",
    unit=ONE,
    formula="one where a graph was compiled while the request ran, zero where none was",
    applicability=_COUNTED,
    higher_is_better=False,
    compute=compile_stalls,
)
STALL_SHARE = RequestMetric(
    id="stall_share",
    name="share of requests that a compilation stalled",
    unit=PERCENT,
    formula="requests during which a graph was compiled ÷ requests",
    applicability=_COUNTED,
    higher_is_better=False,
    compute=stall_share,
)
STALL_TIME = RequestMetric(
    id="stall_time",
    name="time that compiling took during a request",
    unit=S,
    formula="seconds that the compiler reports for its work while the request ran",
    applicability=f"{_COUNTED} and its seconds",
    higher_is_better=False,
    compute=stall_time,
)
