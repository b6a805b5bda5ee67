"""A server that goes away while it is measured: wait for it, within a bound, and tell that from a refusal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..design.settings import ServerSettings
from ..errors import Unavailable
from ..events import Run
from ..outcomes import Code, Outcome, Status
from ..preflight import reachable

PATIENCE_S = 300.0
"""Seconds for which a session waits for a server that went away, all its waits together."""

MOST_REFUSALS = 3
"""Runs in a row of which a server refused every request, after which a session stops."""

MOST_OUTAGES = 5
"""How often one run is made again after its server was away."""

_FIRST_S, _LONGEST_S = 0.5, 15.0
_AWAY = frozenset({Code.CONNECT_REFUSED, Code.CONNECT_TIMEOUT, Code.ENGINE_REFUSED, Code.ENGINE_MISSING})
_REFUSED = frozenset({Code.HTTP_STATUS, Code.REDIRECT, Code.NOT_STREAMED, Code.ERROR_IN_STREAM})


@dataclass(slots=True)
class Patience:
    """What is left of the seconds for which a session waits."""

    left_s: float = PATIENCE_S

    def wait(self, servers: Iterable[ServerSettings], sleep: Callable[[float], None] = time.sleep) -> float:
        """Returns when all ``servers`` answer, with the seconds it took. Raises ``Unavailable`` after the bound."""
        began = time.monotonic()
        for pause in _pauses():
            away = next((why for server in servers if (why := reachable(server.backend, server.engine))), "")
            if not away:
                break
            if self.left_s < pause:
                raise Unavailable(away)
            self.left_s -= pause
            sleep(pause)
        return time.monotonic() - began


def _pauses() -> Iterator[float]:
    pause = _FIRST_S
    while True:
        yield pause
        pause = min(2 * pause, _LONGEST_S)


def is_outage(run: Run) -> bool:
    """Whether nothing was measured because nobody answered."""
    if run.outcome.usable:
        return False
    return all(code in _AWAY for code in _codes(run))


def is_refusal(run: Run) -> bool:
    """Whether every request was answered with a refusal."""
    return run.outcome.status is Status.FAILED and bool(run.requests) and all(code in _REFUSED for code in _codes(run))


def is_retried(run: Run) -> bool:
    """Whether a run is made again where failed ones are: it failed, or its server, model or agent was not there."""
    return run.outcome.status is Status.FAILED or run.outcome.code in _AWAY | {Code.MODEL_MISSING, Code.AGENT_MISSING}


def _codes(run: Run) -> list[Code | None]:
    outcomes: list[Outcome] = [request.outcome for request in run.requests] or [run.outcome]
    return [outcome.code for outcome in outcomes]
