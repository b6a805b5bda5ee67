"""Deadlines of a request in this process, judged after the fact: a thread that computes cannot be interrupted.

What never returns is for the run's own limit, which ends the worker. Compiling is no silence of the model and is
counted by itself, so its seconds are added to what the first token and each later one may take, and not to the total.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...outcomes import Code, Outcome, failed
from ...protocols import Deadlines


def late(
    deadlines: Deadlines, sent_ns: int, arrivals_ns: Sequence[int], compiled_s: Callable[[], float]
) -> Outcome | None:
    """The outcome of a request whose newest token came too late; times are absolute.

    ``compiled_s`` is asked only where it matters: the seconds that the request has spent compiling.
    """
    if len(arrivals_ns) == 1:
        since, allowed, code, missed = sent_ns, deadlines.first_byte_s, Code.FIRST_BYTE_TIMEOUT, "no content within"
    else:
        since, allowed, code, missed = arrivals_ns[-2], deadlines.gap_s, Code.GAP_TIMEOUT, "nothing more within"
    waited = (arrivals_ns[-1] - since) / 1e9
    if waited > allowed and waited - compiled_s() > allowed:
        return failed(code, f"{missed} {allowed:g} s: token {len(arrivals_ns)} took {waited:.3g} s")
    if arrivals_ns[-1] - sent_ns > deadlines.total_s * 1e9:
        return failed(Code.TOTAL_TIMEOUT, f"not finished within {deadlines.total_s:g} s: {len(arrivals_ns)} tokens")
    return None
