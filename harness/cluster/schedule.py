"""Gives each block to its host until all have arrived; a block of a host that went away is given to it again.

A block is never given to another host: the host is what is measured, and its journal is there.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable

from ..errors import BinderyError
from .hosts import Ended, Hosts
from .order import Order

MOST_LOSSES = 20
"""How often one block is given again to a host that lost it."""

_LOOK_S = 0.5


class Schedule:
    """The blocks of ``orders`` on ``hosts``. ``arrive`` takes the pack of each, and ``say`` hears what happens.

    A host that is not there for ``patience_s`` is waited for no longer; the others go on.
    """

    def __init__(
        self,
        orders: Iterable[Order],
        hosts: Hosts,
        arrive: Callable[[Order, bytes], None],
        say: Callable[[str], None],
        patience_s: float,
    ) -> None:
        self._waiting = {order.block: order for order in orders}
        self._by_host: dict[str, set[str]] = {}
        for order in self._waiting.values():
            self._by_host.setdefault(order.host, set()).add(order.block)
        self._hosts = hosts
        self._arrive = arrive
        self._say = say
        self._patience_s = patience_s
        self._losses: Counter[str] = Counter()
        self._away: dict[str, float] = {}
        self.failures: dict[str, str] = {}

    def run(self) -> dict[str, str]:
        """Returns when every block has arrived or failed; what went wrong, by block."""
        for order in self._waiting.values():
            self._hosts.place(order)
        looked = float("-inf")
        while self._waiting:
            for ended in self._hosts.ended(_LOOK_S):
                if ended.block in self._waiting:
                    self._end(self._waiting[ended.block], ended)
            if time.monotonic() - looked >= _LOOK_S:
                self._look()
                looked = time.monotonic()
        return self.failures

    def _end(self, order: Order, ended: Ended) -> None:
        if ended.answer is None:
            self._lost(order, ended.lost)
            return
        for note in ended.answer.notes:
            self._say(f"{order.host}: {note}.")
        if ended.answer.refused:
            self._fail(order, ended.answer.refused)
            return
        try:
            self._arrive(order, ended.pack)
        except BinderyError as error:
            self._fail(order, str(error))
        else:
            self._forget(order)

    def _lost(self, order: Order, why: str) -> None:
        self._losses[order.block] += 1
        if self._losses[order.block] > MOST_LOSSES:
            self._fail(order, f"lost {MOST_LOSSES + 1} times, the last time for {why}")
            return
        self._say(f"{order.host}: lost for {why}; its block goes on there where its journal ends.")
        self._hosts.place(order)

    def _look(self) -> None:
        """Gives up the blocks of hosts that have been away for too long."""
        there, now = self._hosts.labelled(), time.monotonic()
        for host in [host for host in self._by_host if host not in there]:
            if now - self._away.setdefault(host, now) >= self._patience_s:
                for block in list(self._by_host[host]):
                    self._hosts.withdraw(block)
                    self._fail(self._waiting[block], f"no host with this label for {self._patience_s:g} s")
        for host in there & self._away.keys():
            del self._away[host]

    def _fail(self, order: Order, why: str) -> None:
        self.failures[order.block] = f"{order.host}: {why}"
        self._forget(order)

    def _forget(self, order: Order) -> None:
        del self._waiting[order.block]
        of_host = self._by_host[order.host]
        of_host.discard(order.block)
        if not of_host:
            del self._by_host[order.host]
