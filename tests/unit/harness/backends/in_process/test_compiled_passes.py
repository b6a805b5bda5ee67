"""Compiling really happens where its label says so, and where it stops, each pass says that it ran without it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import pytest

from harness.backends.in_process.backend import InProcess
from harness.backends.in_process.phase_counters import Counting
from harness.backends.in_process.torch.engine import TorchEngine
from harness.design import Value
from harness.events import Phase, Scalar
from harness.models import MODELS
from harness.outcomes import OK
from harness.protocols import Call
from tests.support.greedy import greedy

pytestmark = pytest.mark.usefixtures("one_processor")
"""With more of them torch would start processes that compile, each of which imports it."""

T = TypeVar("T")

TINY = MODELS["gpt2-0.1m"]
TEXT = "The ferry leaves at seven."


@pytest.fixture(autouse=True)
def _nothing_compiled() -> Iterator[None]:
    import torch

    torch._dynamo.reset()
    yield
    torch._dynamo.reset()


def opened(way: str) -> TorchEngine:
    engine = TorchEngine()
    engine.prepare(TINY, {"threads": 1, "compile": way})
    engine.open(TINY)
    return engine


def started(body: Callable[[InProcess], Awaitable[T]], **settings: Value) -> T:
    async def main() -> T:
        backend = InProcess(TorchEngine())
        await backend.start(TINY, {"threads": 1, **settings})
        try:
            return await body(backend)
        finally:
            await backend.stop()

    return asyncio.run(main())


def test_the_accuracy_of_a_compiled_engine_is_that_of_compiled_code() -> None:
    eager, compiled = (started(InProcess.score, compile=way) for way in ("none", "default"))
    assert eager.greedy == compiled.greedy
    assert set(eager.evidence.values()) == {0}
    counted = {key.removeprefix("scoring."): value for key, value in compiled.evidence.items()}
    assert (counted["graphs"], counted["recompiles"], counted["limits"], counted["eager_passes"]) == (1, 0, 0, 0)
    assert float(counted["compile_s"] or 0) > 0


def test_without_a_cache_too_the_passes_are_compiled() -> None:
    asked = Call(0, Phase.MEASURED, "p", TEXT, 5, 1, 0.0)
    found = started(lambda backend: backend.request(asked), compile="dynamic", generation="uncached")
    assert found.outcome is OK
    assert [found.effective[f"uncached.{counter}"] for counter in ("graphs", "limits", "eager_passes")] == [1, 0, 0]


def test_each_pass_after_the_limit_of_graphs_is_counted_where_it_ran() -> None:
    import torch

    expected = greedy(opened("none"), TEXT, 5)
    engine = opened("default")
    counting = Counting(engine)
    counted: dict[str, Scalar] = {}
    with torch._dynamo.config.patch(recompile_limit=1):
        with counting.phase("prefill", counted):
            decoding = engine.prefill(engine.encode(TEXT))
        found = [int(decoding.logits.argmax())]
        with counting.phase("decode", counted):
            while len(found) < len(expected):
                decoding.step(found[-1])
                found.append(int(decoding.logits.argmax()))
    assert tuple(found) == expected
    counters = ("graphs", "recompiles", "limits", "fallbacks", "eager_passes")
    assert [counted[f"prefill.{counter}"] for counter in counters] == [1, 0, 0, 0, 0]
    assert [counted[f"decode.{counter}"] for counter in counters] == [0, 0, 1, 1, 4]
