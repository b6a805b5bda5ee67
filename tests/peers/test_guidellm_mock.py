"""guidellm's mock server: it waits for what it was told, and our numbers are those."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.conftest import agreed, measure
from tests.support.peers import serving
from tests.support.ports import steady_port

TTFT_MS, ITL_MS = 120.0, 25.0
MODEL = "mock/of-guidellm"

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def mock(peers: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = steady_port()
    asked = {"port": port, "model": MODEL, "ttft-ms": TTFT_MS, "itl-ms": ITL_MS, "output-tokens": 64}
    options = [f"--{name}={value}" for name, value in asked.items()]
    with serving([peers, "-m", "guidellm", "mock-server", *options], port, tmp_path_factory.mktemp("mock")) as url:
        yield url


def test_it_is_known_by_what_it_calls_itself(mock: str, tmp_path: Path) -> None:
    found = measure(mock, tmp_path, prompts=1).found
    assert found.destination.model.name == MODEL
    assert found.answer.counters.predicted_n == sum(found.answer.tokens)


def test_our_times_are_those_that_pass_on_the_wire_and_never_shorter_than_declared(mock: str, tmp_path: Path) -> None:
    """It sleeps for what it declares and then has to wake up: how late it is, is not ours to say."""

    def attempt() -> dict[str, tuple[float, float]]:
        measured = measure(mock, tmp_path)
        assert measured.ttft_ms > TTFT_MS
        assert measured.tpot_ms > ITL_MS
        return measured.beside_the_tap()

    agreed(attempt)
