"""The phases of generation by the engine's own counters: prefill, decode with a key-value cache, both, and neither.

``prompt_ms`` ends when the first token is decided, ``predicted_ms`` runs from there to the last token, so n − 1 steps
fall into it. An engine in the worker's process that generates without a cache reports no prefill: all its time is
``predicted_ms`` and all its tokens fall into it, so it has a metric of its own that is never compared with the others.

``kv_decode_latency`` is the whole loop, as the earlier series defines the words; its first version was the time of one
step, which is ``decode_step`` now. Datasets hold the counters and not the metrics: both are known of all of them.
"""

from __future__ import annotations

import numpy as np

from ...outcomes import Missing
from ...units import MS
from ..batch import Batch
from ..definition import Evaluated, RateMetric, Ratio, RequestMetric, Rule, evaluated, reasons
from .counters import counter_rules, no_time


def prefill_latency(batch: Batch) -> Evaluated:
    """Milliseconds until the first token is decided, shape ``(n,)``."""
    return evaluated(
        batch.prompt_ms,
        *counter_rules(batch.usable, batch.prompt_n, batch.prompt_ms),
        (batch.prompt_n == 0, Missing.NOT_APPLICABLE),
        no_time(batch.prompt_ms),
    )


def kv_decode_latency(batch: Batch) -> Evaluated:
    """Milliseconds of all decode steps of a request together, shape ``(n,)``."""
    return evaluated(batch.predicted_ms, *_decoding(batch))


def decode_step(batch: Batch) -> Ratio:
    """Milliseconds per decode step: predicted_ms / (predicted_n − 1)."""
    return Ratio(batch.predicted_ms, batch.predicted_n - 1.0, reasons(len(batch), *_decoding(batch)), 1.0)


def _decoding(batch: Batch) -> tuple[Rule, ...]:
    """Why a request has no decode steps with a cache."""
    return (
        *counter_rules(batch.usable, batch.predicted_n, batch.predicted_ms),
        (np.isnan(batch.prompt_ms), Missing.NOT_APPLICABLE),
        (batch.predicted_n == 0, Missing.NO_TOKENS),
        (batch.predicted_n == 1, Missing.ONE_TOKEN),
        no_time(batch.predicted_ms),
    )


def e2e_kv(batch: Batch) -> Evaluated:
    """Milliseconds of prefill and all decode steps, shape ``(n,)``."""
    return evaluated(
        batch.prompt_ms + batch.predicted_ms,
        *counter_rules(batch.usable, batch.prompt_ms, batch.predicted_ms),
        no_time(batch.prompt_ms + batch.predicted_ms),
    )


def uncached_generate(batch: Batch) -> Evaluated:
    """Milliseconds to generate all tokens, each by a forward pass over the whole sequence, shape ``(n,)``."""
    cached = ~np.isnan(batch.prompt_ms) | ~np.isnan(batch.connect_ns)
    return evaluated(
        batch.predicted_ms,
        *counter_rules(batch.usable, batch.predicted_ms),
        (cached, Missing.NOT_APPLICABLE),
        no_time(batch.predicted_ms),
    )


_COUNTED = "requests that ended usably, on engines that report the duration of each phase"
_DECODING = f"{_COUNTED}; generation with a key-value cache; at least two tokens"

PREFILL_LATENCY = RequestMetric(
    id="prefill_latency",
    name="prefill latency by the engine's counters",
    unit=MS,
    formula="prompt_ms",
    applicability=f"{_COUNTED}; prompts of which some tokens were not cached",
    higher_is_better=False,
    compute=prefill_latency,
)
KV_DECODE_LATENCY = RequestMetric(
    id="kv_decode_latency",
    name="cached decode of a request by the engine's counters",
    unit=MS,
    formula="predicted_ms: all decode steps together, prefill excluded",
    applicability=_DECODING,
    higher_is_better=False,
    version=2,
    compute=kv_decode_latency,
)
DECODE_STEP = RateMetric(
    id="decode_step",
    name="time per cached decode step by the engine's counters",
    unit=MS,
    formula="predicted_ms / (predicted_n − 1)",
    applicability=_DECODING,
    higher_is_better=False,
    parts=decode_step,
)
E2E_KV = RequestMetric(
    id="e2e_kv",
    name="prefill and cached decode by the engine's counters",
    unit=MS,
    formula="prompt_ms + predicted_ms",
    applicability=f"{_COUNTED}; generation with a key-value cache",
    higher_is_better=False,
    compute=e2e_kv,
)
UNCACHED_GENERATE = RequestMetric(
    id="uncached_generate",
    name="generation without a cache",
    unit=MS,
    formula="predicted_ms, prefill included",
    applicability="engines in the worker's process that were asked to generate without a key-value cache",
    higher_is_better=False,
    compute=uncached_generate,
)
