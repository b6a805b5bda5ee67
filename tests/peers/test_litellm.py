"""LiteLLM's proxy in front of the pacer: what the proxy adds is stated, the rest is the pacer's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from harness.backends.openai.address import KEY as KEY_VARIABLE
from harness.calibration.pacer.truth import GroundTruth, Pace
from harness.calibration.written import Written
from tests.peers.conftest import agreed, measure
from tests.support.peers import serving
from tests.support.ports import steady_port

PACE = Pace("", ttft_ms=120.0, itl_ms=25.0, tokens=16)
MODEL, KEY = "paced", "sk-of-the-proxy-42"
_CONFIG = """\
model_list:
  - model_name: {model}
    litellm_params: {{model: text-completion-openai/pacer, api_base: "{base}", api_key: none}}
litellm_settings: {{drop_params: true}}
"""

pytestmark = pytest.mark.peers


@dataclass(frozen=True, slots=True)
class Proxied:
    """A proxy at ``url`` and the pacer behind it."""

    url: str
    pacer: GroundTruth

    def written(self) -> list[Written]:
        """The streams that ended since this was asked last."""
        return list(self.pacer.take_log().values())


@pytest.fixture(scope="module")
def proxied(peers: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder, port = tmp_path_factory.mktemp("litellm"), steady_port()
    with GroundTruth(unasked=PACE) as pacer:
        config = folder / "config.yaml"
        base = f"http://{pacer.host}:{pacer.port}/v1"
        config.write_text(_CONFIG.format(model=MODEL, base=base), encoding="utf-8")
        command = [str(Path(peers).with_name("litellm")), "--config", str(config), "--port", str(port)]
        settings = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MASTER_KEY": KEY, "NO_PROXY": "127.0.0.1"}
        with serving([*command, "--host", "127.0.0.1"], port, folder, settings, KEY) as url:
            yield Proxied(url, pacer)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key that the proxy wants, where workers look for it."""
    monkeypatch.setenv(KEY_VARIABLE, KEY)


def test_the_model_is_what_the_proxy_calls_it(proxied: Proxied, tmp_path: Path) -> None:
    found = measure(proxied.url, tmp_path, prompts=1).found
    assert found.destination.model.name == MODEL
    assert (found.destination.model.sha256, found.destination.model.layers) == (None, None)


def test_our_times_are_the_pacers_and_what_the_proxy_adds(
    proxied: Proxied, tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    """All three clocks are one: the proxy's own delay is what passed the tap less what the pacer wrote."""

    def attempt() -> dict[str, tuple[float, float]]:
        proxied.written()
        measured = measure(proxied.url, tmp_path)
        wrote = sorted(proxied.written(), key=lambda one: one.seen_ns)[-len(measured.requests) :]
        delays = [passed.ttft_ms - ttft_ms(one) for passed, one in zip(measured.passed, wrote, strict=True)]
        assert min(delays) > 0
        record_property("the proxy adds to the time to first token, ms", round(median(delays), 2))
        print("the proxy adds, ms:", delays)
        return {
            "ttft": (measured.ttft_ms, median(ttft_ms(one) + by for one, by in zip(wrote, delays, strict=True))),
            "tpot": (measured.tpot_ms, median(tpot_ms(one) for one in wrote)),
        }

    agreed(attempt)


def ttft_ms(written: Written) -> float:
    """From the request's arrival at the pacer to its first write."""
    return (written.writes_ns[0] - written.seen_ns) / 1e6


def tpot_ms(written: Written) -> float:
    return (written.writes_ns[-1] - written.writes_ns[0]) / 1e6 / (len(written.writes_ns) - 1)
