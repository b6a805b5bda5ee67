"""llama.cpp's own server behind its OpenAI endpoint: our numbers are those of its timings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from harness.backends.llama_cpp import LlamaCpp
from harness.models import SMOLLM2_135M
from tests.peers.conftest import agreed, measure

pytestmark = [pytest.mark.peers, pytest.mark.engine]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    engine = LlamaCpp()
    try:
        asyncio.run(engine.start(SMOLLM2_135M, {"num_ctx": 1024, "threads": 1}))
        yield f"{engine.address}/v1"
    finally:
        asyncio.run(engine.stop())


def test_our_times_are_those_of_its_timings(server: str, tmp_path: Path) -> None:
    """It counts a prompt until its last token is computed, and the answer from there to its last token."""

    def attempt() -> dict[str, tuple[float, float]]:
        measured = measure(server, tmp_path, prompts=3, words=96, tokens=24)
        counted = [request.counters for request in measured.requests]
        assert all(one.predicted_n == 24 for one in counted)
        prompt = median(one.prompt_ms or 0.0 for one in counted)
        each = median((one.predicted_ms or 0.0) / 23 for one in counted)
        return {"ttft": (measured.ttft_ms, prompt), "tpot": (measured.tpot_ms, each)}

    agreed(attempt)
