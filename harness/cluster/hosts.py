"""What schedules blocks: Ray, or in a simulation a double of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .order import Answer, Order


@dataclass(frozen=True, slots=True)
class Ended:
    """A block that a host answered, with the bytes of its pack; or one that was ``lost`` with its host, and why."""

    block: str
    answer: Answer | None = None
    pack: bytes = b""
    lost: str = ""


class Hosts(Protocol):
    """The labelled hosts of a cluster. A host does one block at a time."""

    def labelled(self) -> frozenset[str]:
        """The labels of the hosts that are there now."""

    def place(self, order: Order) -> None:
        """Gives the block to its host, now or as soon as it is there and free."""

    def ended(self, within_s: float) -> Sequence[Ended]:
        """Blocks that ended since the last call; waits for one for at most ``within_s``."""

    def withdraw(self, block: str) -> None:
        """Forgets a block that was placed."""
