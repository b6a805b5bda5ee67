"""Work that waits is made ahead by several processes, and only that."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from hooks.caching.ahead import Ahead
from hooks.caching.job import Job
from hooks.caching.store import Store

HERE = __name__


def process(number: int) -> dict[str, int]:
    """Which process made this."""
    if number < -1:
        os._exit(9)
    if number < 0:
        raise ValueError("no such thing")
    return {"number": number, "process": os.getpid()}


def text(number: int) -> bytes:
    return str(number).encode()


def job(number: int) -> Job:
    return Job("process", f"k{number}", f"{HERE}:process", (number,))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def made(store: Store, *jobs: Job, processes: int = 2) -> None:
    ahead = Ahead(store, processes)
    ahead.begin(jobs)
    ahead.finish()


def test_several_jobs_are_made_elsewhere_and_found_here(store: Store) -> None:
    made(store, job(1), job(2), job(1), Job("text", "k", f"{HERE}:text", (7,), ".txt"))
    assert sorted(store.misses) == ["process", "process", "text"]
    found = [job(number).data(store) for number in (1, 2)]
    assert [one["number"] for one in found] == [1, 2]
    assert os.getpid() not in {one["process"] for one in found}
    assert store.path("text", "k", ".txt").read_bytes() == b"7"
    assert store.hits == 2


def test_what_is_begun_later_goes_on_meanwhile(store: Store) -> None:
    ahead = Ahead(store, 2)
    ahead.begin([job(1), job(2)])
    ahead.wait()
    assert store.misses == ["process", "process"]
    ahead.begin([job(3), job(-1)])
    ahead.finish()
    assert store.misses == ["process"] * 3
    assert os.getpid() != job(3).data(store)["process"]
    assert job(-1).waits(store)


def test_a_process_that_dies_takes_no_other_job_with_it(store: Store) -> None:
    ahead = Ahead(store, 2)
    ahead.begin([job(-9), job(1)])
    ahead.wait()
    ahead.begin([job(2), job(3)])
    ahead.finish()
    assert [job(number).data(store)["number"] for number in (1, 2, 3)] == [1, 2, 3]


def test_one_job_or_one_processor_starts_no_process(store: Store) -> None:
    made(store, job(1))
    made(store, job(1), job(2), processes=1)
    assert store.misses == []
    assert job(1).data(store)["process"] == os.getpid()


def test_what_is_kept_is_not_made_again(store: Store) -> None:
    kept = [job(number).data(store) for number in (1, 2)]
    store.misses.clear()
    made(store, job(1), job(2), job(3))
    assert store.misses == []
    assert [job(number).data(store) for number in (1, 2)] == kept


def test_a_job_that_fails_fails_where_it_is_asked_for(store: Store) -> None:
    made(store, job(1), job(-1))
    assert store.misses == ["process"]
    with pytest.raises(ValueError, match="no such thing"):
        job(-1).data(store)
    assert json.loads(store.path("process", "k1").read_bytes())["number"] == 1


def test_short_jobs_start_no_process(store: Store) -> None:
    made(store, *(replace(job(number), short=True) for number in range(4)), job(5))
    assert store.misses == []
