"""Every block goes to its own host until it has arrived once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from harness.cluster.hosts import Ended
from harness.cluster.order import Answer, Order
from harness.cluster.schedule import MOST_LOSSES, Schedule
from harness.errors import DatasetCorrupt
from tests.support.recorded_study import STUDY

SHIPPED = Answer("pack")


class Hosts:
    """Hosts that answer what a test says, in turn; those that are ``there`` alone."""

    def __init__(self, answers: dict[str, list[Ended]], there: Sequence[str] = ("gpu-a", "gpu-b")) -> None:
        self.answers = answers
        self.there = frozenset(there)
        self.waiting: deque[str] = deque()
        self.withdrawn: list[str] = []

    def labelled(self) -> frozenset[str]:
        return self.there

    def place(self, order: Order) -> None:
        self.waiting.append(order.block)

    def ended(self, within_s: float) -> Sequence[Ended]:
        for _ in range(len(self.waiting)):
            block = self.waiting.popleft()
            if self.answers.get(block):
                return [self.answers[block].pop(0)]
            self.waiting.append(block)
        return ()

    def withdraw(self, block: str) -> None:
        self.withdrawn.append(block)


def order(block: str, host: str) -> Order:
    return Order(block, host, STUDY, STUDY.fingerprint(), "quick", 1)


def schedule(hosts: Hosts, arrive: Callable[[Order, bytes], None], said: list[str], *orders: Order) -> dict[str, str]:
    return Schedule(orders, hosts, arrive, said.append, patience_s=0.0).run()


def test_a_lost_block_goes_on_and_arrives_once() -> None:
    lost, shipped = Ended("1", lost="NodeDiedError"), Ended("1", SHIPPED, b"pack")
    arrived: list[tuple[str, bytes]] = []
    said: list[str] = []
    hosts = Hosts({"1": [lost, lost, shipped]})
    failures = schedule(hosts, lambda one, pack: arrived.append((one.block, pack)), said, order("1", "gpu-a"))
    assert (failures, arrived) == ({}, [("1", b"pack")])
    assert said == ["gpu-a: lost for NodeDiedError; its block goes on there where its journal ends."] * 2


def test_a_block_that_is_always_lost_is_given_up() -> None:
    hosts = Hosts({"1": [Ended("1", lost="WorkerCrashedError")] * (MOST_LOSSES + 1)})
    failures = schedule(hosts, lambda *_: None, [], order("1", "gpu-a"))
    assert failures == {"1": "gpu-a: lost 21 times, the last time for WorkerCrashedError"}


def test_a_host_that_is_away_stops_no_other() -> None:
    hosts = Hosts({"2": [Ended("2", SHIPPED)]}, there=["gpu-b"])
    arrived: list[str] = []
    failures = schedule(
        hosts, lambda one, _: arrived.append(one.block), [], order("1", "gpu-a"), order("2", "gpu-b"),
    )  # fmt: skip
    assert failures == {"1": "gpu-a: no host with this label for 0 s"}
    assert (arrived, hosts.withdrawn) == (["2"], ["1"])


def test_what_a_host_refuses_and_what_is_not_proven_are_said() -> None:
    def refuse(*_: object) -> None:
        raise DatasetCorrupt("it is damaged")

    hosts = Hosts({"1": [Ended("1", Answer(notes=("a note",), refused="wait 3 min"))], "2": [Ended("2", SHIPPED)]})
    said: list[str] = []
    failures = schedule(hosts, refuse, said, order("1", "gpu-a"), order("2", "gpu-b"))
    assert failures == {"1": "gpu-a: wait 3 min", "2": "gpu-b: it is damaged"}
    assert said == ["gpu-a: a note."]
