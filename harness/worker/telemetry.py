"""Telemetry around what is measured and around nothing else: the whole run, or every other of its requests.

Watching every other request tells what telemetry costs. The two requests of a pair follow each other and have one
prompt; the order turns from pair to pair (on, off; off, on), so that a drifting machine favours neither. Probes are
then polled ``PACE`` times as often as in any other run: what that costs bounds what they cost there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from time import process_time_ns

from ..client.scheduler_slice import ask_for_short_slices
from ..events import Phase, Reading, Scalar
from ..probes.poller import Poller
from ..probes.server_metrics import ServerMetrics, Source
from ..protocols import Call
from ..protocols.probe import Engines

PACE = 4.0
WATCHED, PAIR, CPU = "watched", "pair", "client_cpu_ns"
"""Effective settings of a request: whether telemetry was on, which pair it belongs to, and the processor time of the
client's process, in which the probes are, from the first poll's bracket to the last's."""


class Telemetry:
    """The readings of a run, whose offsets count from ``began_ns``, and the facts of its probes.

    ``metered`` has the metrics that servers tell, by the name of the server.
    """

    def __init__(
        self, engines: Engines, metered: Mapping[str, Source], began_ns: int, *, alternating: bool = False
    ) -> None:
        self._engines = engines
        self._metered = metered
        self._began_ns = began_ns
        self._alternating = alternating
        self._asked = 0
        self.readings: tuple[Reading, ...] = ()
        self.facts: dict[str, Scalar] = {}

    @contextmanager
    def of_run(self) -> Iterator[None]:
        """Around everything that a run asks."""
        if self._alternating:
            yield
        else:
            with self._on():
                yield

    @contextmanager
    def of_request(self, call: Call) -> Iterator[dict[str, Scalar]]:
        """Around one request; what is to be noted of it."""
        if not self._alternating or call.phase is not Phase.MEASURED:
            yield {}
            return
        pair, second = divmod(self._asked, 2)
        watched, self._asked = pair % 2 == second, self._asked + 1
        noted: dict[str, Scalar] = {WATCHED: watched, PAIR: pair}
        with self._on(PACE) if watched else nullcontext():
            began = process_time_ns()
            yield noted
            noted[CPU] = process_time_ns() - began

    @contextmanager
    def _on(self, pace: float = 1.0) -> Iterator[None]:
        poller = Poller.named(prepare=ask_for_short_slices, pace=pace, further=[ServerMetrics(self._metered)])
        poller.start(self._engines, self._began_ns)
        try:
            yield
        finally:
            self.readings += poller.stop()
            self.facts.update(poller.facts())
