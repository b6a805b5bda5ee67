"""The loop, with and without uvloop."""

from __future__ import annotations

import asyncio
import gc
import sys

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


def test_settled_memory_is_not_looked_through() -> None:
    before = gc.get_freeze_count()
    event_loop.settle_memory()
    try:
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
