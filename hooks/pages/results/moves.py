"""The marked changes of all studies with their size: what a metric was in the session before, and what it is then."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...content.blocks import Figure, Lit
from ...values.value import Value
from .sessions import Followed

FIRST = 10
"""Changes that the overview begins with."""


@dataclass(frozen=True, slots=True)
class Move:
    """A session marked in the chart of a metric; ``before`` is the number of the session before it on its machine."""

    study: str
    figure: Figure
    session: str
    before: Value
    then: Value

    @property
    def ratio(self) -> Value:
        """How many times what it was before."""
        return self.then / self.before

    @property
    def is_share(self) -> bool:
        """Whether it is in per cent: near zero a large ratio of shares is a small change."""
        return self.then.unit.symbol == "%"

    @property
    def size(self) -> float:
        """How far the numbers lie apart, as a factor of either direction."""
        return abs(math.log((self.then.number or 1.0) / (self.before.number or 1.0)))


def largest(marked: Iterable[tuple[Followed, Figure, str]]) -> list[Move]:
    """The first changes by their size, shares last, of the charts with marks and what each says of them."""
    moves = [move for one in marked for move in _of(*one)]
    return sorted(moves, key=lambda move: (move.is_share, -move.size))[:FIRST]


def _of(one: Followed, figure: Figure, said: str) -> Iterator[Move]:
    """The changes that ``said`` names; a chart has a row for each session, its name first and its number last."""
    hosts = {session.name: session.host for session in one.sessions}
    marked = {words.partition(" in ")[2] for words in said.split("; ")}
    last: dict[str, Value] = {}
    for label, *_, value in figure.table.rows:
        name = label.text if isinstance(label, Lit) else str(label)
        host = hosts[name.partition(", ")[0]]
        if isinstance(value, Value):
            if name in marked and host in last:
                yield Move(one.study, figure, name, last[host], value)
            last[host] = value
