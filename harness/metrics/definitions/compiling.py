"""Which calls were slow because code was compiled while they ran: told by the compiler's counters, not by the times."""

from __future__ import annotations

import numpy as np

from ...outcomes import Missing
from ...units import MS, ONE
from ..batch import Batch, Bools
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
    return _e2e(batch, batch.extra[GRAPHS] > 0)


def e2e_settled(batch: Batch) -> Evaluated:
    """``e2e_kv`` of the requests during which nothing was compiled, shape ``(n,)``, milliseconds."""
    return _e2e(batch, batch.extra[GRAPHS] == 0)


def _counter(batch: Batch, name: str) -> Evaluated:
    return evaluated(batch.extra[name], *counter_rules(batch.usable, batch.extra[name]))


def _e2e(batch: Batch, kept: Bools) -> Evaluated:
    return evaluated(
        batch.prompt_ms + batch.predicted_ms,
        *counter_rules(batch.usable, batch.extra[GRAPHS], batch.prompt_ms, batch.predicted_ms),
        (~kept & ~np.isnan(batch.extra[GRAPHS]), Missing.NOT_APPLICABLE),
    )


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
E2E_SETTLED = RequestMetric(
    id="e2e_settled",
    name="prefill and cached decode of requests that compiled nothing",
    unit=MS,
    formula="prompt_ms + predicted_ms where no graph was compiled",
    applicability=f"{_COUNTED}; no graph was compiled meanwhile",
    higher_is_better=False,
    compute=e2e_settled,
)
