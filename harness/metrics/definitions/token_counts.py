"""Token counts of a request: what the client saw, and what the engine says it evaluated and generated.

The client's count and the engine's may differ without an error: an end-of-sequence token or half a character has no
text, so the client never sees it. They are two metrics.
"""

from __future__ import annotations

import numpy as np

from ...outcomes import PROMPT_TOTAL, Missing
from ...units import TOKENS
from ..batch import Batch, Floats
from ..definition import Evaluated, RequestMetric, evaluated
from .counters import counter_rules


def output_tokens(batch: Batch) -> Evaluated:
    """Content tokens that arrived, shape ``(n,)``; zero is a value."""
    return evaluated(
        batch.token_n.astype(float), (~batch.usable, Missing.REQUEST_FAILED), (batch.uncounted, Missing.NOT_REPORTED)
    )


def server_output_tokens(batch: Batch) -> Evaluated:
    """Tokens that the engine says it generated, shape ``(n,)``."""
    return _counter(batch, batch.predicted_n)


def prompt_tokens(batch: Batch) -> Evaluated:
    """Prompt tokens, evaluated and cached, shape ``(n,)``. Where neither is told apart, the engine may tell both."""
    both = batch.prompt_n + batch.cache_n
    total = np.where(np.isnan(both), batch.extra.plain(PROMPT_TOTAL), both)
    return evaluated(total, *counter_rules(batch.usable, total))


def cache_hit_tokens(batch: Batch) -> Evaluated:
    """Prompt tokens that the engine took from its cache, shape ``(n,)``."""
    return _counter(batch, batch.cache_n)


def _counter(batch: Batch, counter: Floats) -> Evaluated:
    return evaluated(counter, *counter_rules(batch.usable, counter))


_REPORTED = "requests that ended usably, on engines that report the counter"

OUTPUT_TOKENS = RequestMetric(
    id="output_tokens",
    name="output tokens",
    unit=TOKENS,
    formula="content tokens that the client received",
    applicability="requests that ended usably",
    higher_is_better=None,
    compute=output_tokens,
    in_other_tools=(
        ("vLLM", "the server's completion tokens, or the generated text through the client's tokenizer"),
        ("guidellm", "the server's completion tokens, or else the chunks that arrived"),
        ("AIPerf", "counted by the client's tokenizer, or by the server where asked to"),
        ("MLPerf", "counted by the system under test, which reports them with each response"),
    ),
)
SERVER_OUTPUT_TOKENS = RequestMetric(
    id="server_output_tokens",
    name="output tokens by the engine's counters",
    unit=TOKENS,
    formula="predicted_n",
    applicability=_REPORTED,
    higher_is_better=None,
    compute=server_output_tokens,
)
PROMPT_TOKENS = RequestMetric(
    id="prompt_tokens",
    name="prompt tokens",
    unit=TOKENS,
    formula="prompt_n + cache_n, or the engine's one count of both",
    applicability=_REPORTED,
    higher_is_better=None,
    compute=prompt_tokens,
)
CACHE_HIT_TOKENS = RequestMetric(
    id="cache_hit_tokens",
    name="prompt tokens from the cache",
    unit=TOKENS,
    formula="cache_n",
    applicability=_REPORTED,
    higher_is_better=None,
    compute=cache_hit_tokens,
)
