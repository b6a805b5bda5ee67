"""Prefill rate from the engine's own counters.

``prompt_n`` counts the prompt tokens that were evaluated, not those reused from a cache, and ``prompt_ms``
is their time, sampling of the first token included. Where nothing was evaluated there is no rate. With a
cached prompt it is the rate of a few tokens and mostly overhead: look at ``cache_hit_tokens`` beside it.
"""

from __future__ import annotations

from ...outcomes import Missing
from ...units import TOK_PER_S
from ..batch import Batch
from ..definition import RateMetric, Ratio, reasons
from .counters import counter_rules, no_time


def server_prefill_tps(batch: Batch) -> Ratio:
    """Tokens per second: prompt_n / prompt_ms."""
    reason = reasons(
        len(batch),
        *counter_rules(batch.usable, batch.prompt_n, batch.prompt_ms),
        (batch.prompt_n == 0, Missing.NOT_APPLICABLE),
        no_time(batch.prompt_ms),
    )
    return Ratio(batch.prompt_n, batch.prompt_ms, reason, 1e3)


SERVER_PREFILL_TPS = RateMetric(
    id="server_prefill_tps",
    name="prefill rate by the engine's counters",
    unit=TOK_PER_S,
    formula="prompt_n / prompt_ms",
    applicability="engines that report their own counters; prompts of which some tokens were not cached",
    higher_is_better=True,
    parts=server_prefill_tps,
)
