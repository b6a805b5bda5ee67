"""Time to the first token of the answer, and what a server that reasons made before it.

TTFT is that of the first token of any kind, because that is when a server begins to answer and when its prefill ends.
A person who waits for the answer waits longer: both are shown, and of a server that does not reason both are one.
"""

from __future__ import annotations

import numpy as np

from ...outcomes import FIRST_ANSWER_MS, PLANNED_UNKNOWN, REASONING_TOKENS, Missing
from ...units import MS, TOKENS
from ..batch import Batch
from ..definition import Evaluated, RequestMetric, evaluated


def time_to_first_answer(batch: Batch) -> Evaluated:
    """Milliseconds from the planned start to the first token that is no reasoning, shape ``(n,)``."""
    reasons = batch.extra.has(FIRST_ANSWER_MS)
    values = np.where(reasons, batch.extra.plain(FIRST_ANSWER_MS), batch.first_ns / 1e6)
    return evaluated(
        values,
        (~batch.usable, Missing.REQUEST_FAILED),
        (batch.unseen, Missing.NOT_REPORTED),
        (batch.token_n == 0, Missing.NO_TOKENS),
        (reasons & np.isnan(values), Missing.NO_TOKENS),
        (batch.extra.has(PLANNED_UNKNOWN), Missing.NOT_REPORTED),
    )


def reasoning_tokens(batch: Batch) -> Evaluated:
    """Content tokens that came before the answer, shape ``(n,)``; zero is a value."""
    counts = batch.extra.plain(REASONING_TOKENS)
    return evaluated(np.where(np.isnan(counts), 0.0, counts), (~batch.usable, Missing.REQUEST_FAILED))


TIME_TO_FIRST_ANSWER = RequestMetric(
    id="time_to_first_answer",
    name="time to first token of the answer",
    unit=MS,
    formula="arrival of the first content token that is no reasoning − planned start",
    applicability="requests that ended usably with an answer; one that failed counts as the longest",
    higher_is_better=False,
    failed_is_longest=True,
    compute=time_to_first_answer,
    in_other_tools=(
        ("vLLM", "has none: its TTFT is that of the first chunk"),
        ("guidellm", "its time_to_first_output_token_ms, from writing the request"),
        ("AIPerf", "its time_to_first_output_token, connecting included"),
        ("MLPerf", "has none"),
    ),
)
REASONING = RequestMetric(
    id="reasoning_tokens",
    name="reasoning tokens",
    unit=TOKENS,
    formula="content tokens before the first one of the answer",
    applicability="requests that ended usably",
    higher_is_better=None,
    compute=reasoning_tokens,
)
