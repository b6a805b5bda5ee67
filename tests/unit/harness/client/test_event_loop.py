"""The loop, with and without uvloop, and what it does not collect while it measures."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Iterator

import pytest

from harness.client import event_loop


def kind() -> str:
    loop = event_loop.new_event_loop()
    try:
        return type(loop).__module__.partition(".")[0]
    finally:
        loop.close()


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop has no Windows version")
def test_uvloop_where_it_is_installed() -> None:
    assert kind() == "uvloop"


def test_asyncio_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_loop, "find_spec", lambda _: None)
    assert kind() == asyncio.__name__


@pytest.fixture
def collected() -> Iterator[list[int]]:
    """The generations that are collected from now on."""
    found: list[int] = []

    def note(phase: str, told: dict[str, int]) -> None:
        found.extend([told["generation"]] if phase == "start" else [])

    kept = gc.get_threshold()
    gc.callbacks.append(note)
    yield found
    gc.callbacks.remove(note)
    gc.set_threshold(*kept)
    gc.unfreeze()


def test_settled_memory_is_not_looked_through(collected: list[int]) -> None:
    before = gc.get_freeze_count()
    event_loop.settle_memory()
    assert gc.get_freeze_count() > before
    assert 2 in collected, "what is of no use goes first"


def test_answers_that_stay_are_not_looked_through_again(collected: list[int]) -> None:
    event_loop.settle_memory()
    collected.clear()
    answers = [{"answer": [number]} for number in range(200_000)]
    assert len(answers) == 200_000
    assert collected, "young objects are"
    assert 2 not in collected
