"""Speed of the requests during which nothing was compiled: what is left when stalls are reported as stalls.

The compiler's counters tell which requests those are, not their times. An engine that names no such counter compiles
nothing. One that names it and has no number, because two requests ran at once, leaves it open: such a request is in
none of these.
"""

from __future__ import annotations

import numpy as np

from ...outcomes import Missing
from ...units import MS, TOK_PER_S
from ..batch import Batch
from ..definition import PRESENT, Codes, Evaluated, RateMetric, Ratio, RequestMetric, code_of, evaluated
from .compiling import GRAPHS, compiled_meanwhile
from .counters import counter_rules
from .decode_tps import decode_tps
from .phases import decode_step


def e2e_settled(batch: Batch) -> Evaluated:
    """``e2e_kv`` of the requests during which nothing was compiled, shape ``(n,)``, milliseconds."""
    return evaluated(
        batch.prompt_ms + batch.predicted_ms,
        *counter_rules(batch.usable, batch.extra[GRAPHS], batch.prompt_ms, batch.predicted_ms),
        (compiled_meanwhile(batch), Missing.NOT_APPLICABLE),
    )


def settled_decode_tps(batch: Batch) -> Ratio:
    """``decode_tps`` of the requests during which nothing was compiled."""
    return _settled(batch, decode_tps(batch))


def settled_decode_step(batch: Batch) -> Ratio:
    """``decode_step`` of the requests during which nothing was compiled."""
    return _settled(batch, decode_step(batch))


def _settled(batch: Batch, rate: Ratio) -> Ratio:
    unknown = batch.extra.named(GRAPHS) & np.isnan(batch.extra[GRAPHS])
    reason: Codes = rate.reason.copy()
    reason[(reason == PRESENT) & unknown] = code_of(Missing.NOT_REPORTED)
    reason[(reason == PRESENT) & compiled_meanwhile(batch)] = code_of(Missing.NOT_APPLICABLE)
    return Ratio(rate.numerator, rate.denominator, reason, rate.scale)


_SETTLED = "no graph was compiled meanwhile"

E2E_SETTLED = RequestMetric(
    id="e2e_settled",
    name="prefill and decode, nothing compiled",
    unit=MS,
    formula="prompt_ms + predicted_ms where no graph was compiled",
    applicability=f"requests that ended usably, on engines whose compiler counts its graphs; {_SETTLED}",
    higher_is_better=False,
    compute=e2e_settled,
)
SETTLED_DECODE_TPS = RateMetric(
    id="settled_decode_tps",
    name="decode rate, nothing compiled",
    unit=TOK_PER_S,
    formula="decode_tps where no graph was compiled",
    applicability=f"requests that have a decode rate; {_SETTLED}, or the engine compiles nothing",
    higher_is_better=True,
    parts=settled_decode_tps,
)
SETTLED_DECODE_STEP = RateMetric(
    id="settled_decode_step",
    name="decode step, nothing compiled",
    unit=MS,
    formula="decode_step where no graph was compiled",
    applicability=f"requests that have a decode step; {_SETTLED}, or the engine compiles nothing",
    higher_is_better=False,
    parts=settled_decode_step,
)
