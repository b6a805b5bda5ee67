"""Rates of prefill and decode from the engine's own counters; never mixed with the client's.

Prefill: ``prompt_n`` counts the prompt tokens that were evaluated, not those reused from a cache, and ``prompt_ms`` is
their time, sampling of the first token included. Where nothing was evaluated there is no rate. With a cached prompt it
is the rate of a few tokens and mostly overhead: look at ``cache_hit_tokens`` beside it.

Decode: llama.cpp's ``predicted_ms`` and Ollama's ``eval_duration`` start at the first token, while ``predicted_n`` and
``eval_count`` include it. So n − 1 tokens fall into the window. llama.cpp's own ``predicted_per_second`` and the usual
``eval_count / eval_duration`` divide n by it and are too high by n / (n − 1): 7 % for 16 tokens.
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


def server_decode_tps(batch: Batch) -> Ratio:
    """Tokens per second: (predicted_n − 1) / predicted_ms."""
    reason = reasons(
        len(batch),
        *counter_rules(batch.usable, batch.predicted_n, batch.predicted_ms),
        (batch.predicted_n == 0, Missing.NO_TOKENS),
        (batch.predicted_n == 1, Missing.ONE_TOKEN),
        no_time(batch.predicted_ms),
    )
    return Ratio(batch.predicted_n - 1.0, batch.predicted_ms, reason, 1e3)


SERVER_PREFILL_TPS = RateMetric(
    id="server_prefill_tps",
    name="prefill rate by the engine's counters",
    unit=TOK_PER_S,
    formula="prompt_n / prompt_ms",
    applicability="engines that report their own counters; prompts of which some tokens were not cached",
    higher_is_better=True,
    parts=server_prefill_tps,
)
SERVER_DECODE_TPS = RateMetric(
    id="server_decode_tps",
    name="decode rate by the engine's counters",
    unit=TOK_PER_S,
    formula="(predicted_n − 1) / predicted_ms",
    applicability="engines that report their own token counts and durations; at least two tokens",
    higher_is_better=True,
    parts=server_decode_tps,
)
