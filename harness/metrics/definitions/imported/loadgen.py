"""What MLPerf LoadGen says in its own definitions (6.0.17)."""

from __future__ import annotations

from ....units import MS, REQ_PER_S, TOK_PER_S
from .printed_by_tools import printed, statistics

_LATENCY = "completion − scheduled start of a sample; percentiles without interpolation"
_FIRST = "first token − scheduled start of a sample, in the process of the system under test"
_TPOT = "(latency − first token latency) / (tokens − 1), in whole nanoseconds"

METRICS = (
    *statistics("loadgen_latency", "LoadGen sample latency", MS, _LATENCY),
    *statistics("loadgen_first_token_latency", "LoadGen first_token_latency", MS, _FIRST),
    *statistics("loadgen_time_per_output_token", "LoadGen time_per_output_token", MS, _TPOT),
    printed(
        "loadgen_samples_per_second",
        "LoadGen samples per second",
        REQ_PER_S,
        "server: completed samples per second; offline: samples per second",
        better=True,
    ),
    printed(
        "loadgen_tokens_per_second",
        "LoadGen tokens per second",
        TOK_PER_S,
        "completed tokens over the whole time",
        better=True,
    ),
)
