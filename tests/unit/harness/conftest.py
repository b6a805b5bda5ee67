"""What tests of several rooms share."""

from __future__ import annotations

from typing import Any, Self

import pytest

from harness.recorder import unpack
from harness.recorder.prover import Order, Proof, proof


class _Here:
    """Answers as the process that proves a pack does, without its limits."""

    def __init__(self, *_: object, **__: Any) -> None:
        self._order: Order | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, order: Order) -> None:
        self._order = order

    def expect(self, _: type[Proof], __: float) -> Proof:
        assert self._order is not None
        return proof(self._order)


@pytest.fixture
def proven_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packs are proven in this process: another one imports everything anew, which takes longer than a small pack.

    `test_hostile_packs` and `test_zenodo` have theirs proven in a process of its own, with limits.
    """
    monkeypatch.setattr(unpack, "Child", _Here)
