"""What a server says of its own work while it is measured: vLLM's and llama.cpp's ``/metrics``, polled each second.

A server that other clients use too counts their requests with ours.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from ...outcomes import Missing
from ...units import ONE, PERCENT, TOK_PER_S, Unit
from ..definition import PRESENT, REASONS, Evaluated, ReadingMetric, evaluated
from ..readings import MEASURED, Readings
from ..windowed import largest, mean, rate, rise

QUERIES, HITS = "server.prefix_cache_queries", "server.prefix_cache_hits"
_READ = "runs of a server that tells it; what happens between two readings is unseen"
_ROSE = f"{_READ}; readings around both ends that lie no farther apart than the window is long"


def prefix_hits(readings: Readings) -> Evaluated:
    """The share of looked-up prompt tokens that were found, shape ``(runs,)``, percent."""
    asked, found = rise(readings, QUERIES), rise(readings, HITS)
    share = np.divide(found.values, asked.values, out=np.full(len(readings), np.nan), where=asked.values > 0)
    rules = [
        (one.reason == code, reason)
        for one in (asked, found)
        for code, reason in enumerate(REASONS)
        if code != PRESENT and reason
    ]
    return evaluated(share / PERCENT.scale, *rules, (asked.values == 0, Missing.NOT_APPLICABLE))


def _metric(
    name: str,
    said: str,
    unit: Unit,
    formula: str,
    quantity: str,
    compute: Callable[[Readings, str], Evaluated],
) -> ReadingMetric:
    counter = compute in (rate, rise)
    return ReadingMetric(
        id=name,
        name=said,
        unit=unit,
        formula=formula.format(f"{quantity} over {MEASURED.words}"),
        applicability=_ROSE if counter else _READ,
        higher_is_better=None,
        quantities=(quantity,),
        window=MEASURED,
        compute=partial(_of, compute, quantity),
    )


def _of(compute: Callable[[Readings, str], Evaluated], quantity: str, readings: Readings) -> Evaluated:
    return compute(readings, quantity)


SERVER_RUNNING = _metric(
    "server_running",
    "requests that the server worked on",
    ONE,
    "mean reading of {}",
    "server.requests_running",
    mean,
)
SERVER_WAITING = _metric(
    "server_waiting",
    "longest queue of the server",
    ONE,
    "largest reading of {}",
    "server.requests_waiting",
    largest,
)
SERVER_CACHE_USED = _metric(
    "server_cache_used",
    "peak share of the key-value cache in use",
    PERCENT,
    "largest reading of {}",
    "server.kv_cache_used",
    largest,
)
SERVER_PROMPT_RATE = _metric(
    "server_prompt_rate",
    "prompt tokens that the server processed each second",
    TOK_PER_S,
    "rise of {} ÷ their duration",
    "server.prompt_tokens",
    rate,
)
SERVER_OUTPUT_RATE = _metric(
    "server_output_rate",
    "tokens that the server generated each second",
    TOK_PER_S,
    "rise of {} ÷ their duration",
    "server.output_tokens",
    rate,
)
SERVER_PREEMPTIONS = _metric(
    "server_preemptions",
    "requests that the server put off",
    ONE,
    "rise of {}",
    "server.preemptions",
    rise,
)
SERVER_PREFIX_HITS = ReadingMetric(
    id="server_prefix_hits",
    name="share of prompt tokens found in the server's prefix cache",
    unit=PERCENT,
    formula=f"rise of {HITS} ÷ rise of {QUERIES}, both over {MEASURED.words}",
    applicability=_ROSE,
    higher_is_better=None,
    quantities=(QUERIES, HITS),
    window=MEASURED,
    compute=prefix_hits,
)
OF_SERVERS = (
    SERVER_RUNNING,
    SERVER_WAITING,
    SERVER_CACHE_USED,
    SERVER_PROMPT_RATE,
    SERVER_OUTPUT_RATE,
    SERVER_PREEMPTIONS,
    SERVER_PREFIX_HITS,
)
"""All of them, in the order in which a page shows them."""
