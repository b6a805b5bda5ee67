"""The vocabulary of doubt: every flag that a run or a dataset can carry."""

from __future__ import annotations

from enum import StrEnum


class Flag(StrEnum):
    """A reason not to take a measurement at face value. Stored by name, beside a sentence of evidence."""

    CLOCK_RESOLUTION = "clock_resolution"
    CLIENT_BOUND = "client_bound"
    LOOP_LAG = "loop_lag"
    FOREIGN_LOAD = "foreign_load"
    THROTTLING = "throttling"
    PROMPT_CACHE_HITS = "prompt_cache_hits"
    WARM_UP_NOT_REACHED = "warm_up_not_reached"
    STALL = "stall"
    BURSTS = "bursts"
    RELOAD = "reload"
    DRIFT = "drift"
    OUTPUT_LENGTH_IMBALANCE = "output_length_imbalance"
    ORDER_NOT_BLOCKED = "order_not_blocked"


MEANINGS: dict[Flag, str] = {
    Flag.CLOCK_RESOLUTION: "the clock's smallest step is not small beside the time between tokens",
    Flag.CLIENT_BOUND: "at this load the client's own error, measured by calibration, exceeds its limit",
    Flag.LOOP_LAG: "the client's event loop ran late by more than a small share of the time between tokens",
    Flag.FOREIGN_LOAD: "other programs, or the hypervisor, took time of the processors that the run may use",
    Flag.THROTTLING: "the processor or the device slowed itself down during the run",
    Flag.PROMPT_CACHE_HITS: "the engine reused a cached prompt although caching was not under study",
    Flag.WARM_UP_NOT_REACHED: "the first measured request was still slower than those after it",
    Flag.STALL: "a stream stood still in the middle for far longer than its tokens usually take",
    Flag.BURSTS: "chunks arrived in bursts, so the gaps between them are those of a proxy or of how an engine sends",
    Flag.RELOAD: "the server loaded its model again inside a measured request",
    Flag.DRIFT: "the metric moved with time over the session",
    Flag.OUTPUT_LENGTH_IMBALANCE: "compared arms produced outputs of different length",
    Flag.ORDER_NOT_BLOCKED: "runs were not in randomised blocks, so time and treatment may be confounded",
}
"""What each flag says, for a page."""
