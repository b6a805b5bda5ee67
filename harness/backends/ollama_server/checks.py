"""Where a stream of Ollama says other than its counters: the client's window is compared with the engine's.

Seen on real servers: v0.12.11 drops the record of the last token at the limit, and, of two streams at once, begins one
with a token that its prompt cannot have brought about yet; a runner that was unloaded or killed loads inside a request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...events import Request
from ...outcomes import OK, Code, Outcome, degraded

RELOAD_MS, RELOAD_RATIO = 150.0, 5.0
"""A request that spent longer than both on loading (milliseconds, times the shortest so far) has loaded a model."""

_LEAST_NS = 50_000_000
_LOOP = 30


def checked(request: Request, warm_ms: float | None) -> Request:
    """``request``, degraded by the first thing that is wrong with it; ``warm_ms`` is the shortest load so far."""
    if request.outcome is not OK:
        return request
    outcome = _stray(request) or _lost(request) or _reloaded(request, warm_ms)
    return request if outcome is None else replace(request, outcome=outcome)


def load_ms(request: Request) -> float | None:
    """What the server says that it spent on loading."""
    value = request.effective.get("load_ms")
    return float(value) if isinstance(value, int | float) else None


def _stray(request: Request) -> Outcome | None:
    """The engine's time of generating reaches back from the end to its first token; none can come before.

    A stray token is one that the next follows late. Where it does not, the end was read late, and nothing is wrong.
    """
    counters, arrivals = request.counters, request.arrivals_ns
    if request.end_ns is None or counters.predicted_ms is None or len(arrivals) < 2:
        return None
    window = int(counters.predicted_ms * 1e6)
    gap = window // max(1, (counters.predicted_n or 1) - 1)
    early = request.end_ns - window - arrivals[0]
    if early <= max(gap, _LEAST_NS) or arrivals[1] - arrivals[0] < early / 2:
        return None
    return degraded(
        Code.STRAY_TOKEN, f"the first token came {early / 1e6:.0f} ms before the engine had begun to generate any"
    )


def _lost(request: Request) -> Outcome | None:
    """At the limit no end-of-sequence token explains a record less than there are tokens."""
    counted, seen = request.counters.predicted_n, sum(request.tokens)
    if request.finish_reason != "length" or counted is None or seen != counted - 1:
        return None
    return degraded(Code.LOST_TOKEN, f"{seen} tokens arrived, the engine counted {counted} and ended at the limit")


def _reloaded(request: Request, warm_ms: float | None) -> Outcome | None:
    spent = load_ms(request)
    if spent is None or warm_ms is None or spent <= max(RELOAD_MS, RELOAD_RATIO * warm_ms):
        return None
    return degraded(Code.RELOADED, f"the model was loaded inside this request: {spent:.0f} ms, before {warm_ms:.0f} ms")


def silence(contents: Sequence[str]) -> str:
    """Why Ollama ends a stream without a word: it stops a model that repeats one token thirty times."""
    last = contents[-_LOOP:]
    if len(last) == _LOOP and len(set(last)) == 1:
        return f"Ollama stops a model that says {last[0][:20]!r} {_LOOP} times in a row"
    return ""
