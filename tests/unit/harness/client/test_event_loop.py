"""No collection of all objects stops a run, however many answers it keeps."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from harness.client.event_loop import settle_memory


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


def test_answers_that_stay_are_not_looked_through_again(collected: list[int]) -> None:
    settle_memory()
    collected.clear()
    answers = [{"answer": [number]} for number in range(200_000)]
    assert len(answers) == 200_000
    assert collected, "young objects are"
    assert 2 not in collected
