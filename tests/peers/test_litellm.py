"""LiteLLM's proxy in front of the pacer: what the proxy adds is a bare socket's to say, the rest is the pacer's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from harness.calibration.pacer.truth import GroundTruth, Pace
from harness.calibration.written import Written
from tests.peers.conftest import agreed, measure
from tests.support.peers import free_port, serving, witness

PACE = Pace("", ttft_ms=120.0, itl_ms=25.0, tokens=16)
MODEL = "paced"
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
    folder, port = tmp_path_factory.mktemp("litellm"), free_port()
    with GroundTruth(unasked=PACE) as pacer:
        config = folder / "config.yaml"
        base = f"http://{pacer.host}:{pacer.port}/v1"
        config.write_text(_CONFIG.format(model=MODEL, base=base), encoding="utf-8")
        command = [str(Path(peers).with_name("litellm")), "--config", str(config), "--port", str(port)]
        quiet = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False", "NO_PROXY": "127.0.0.1"}
        with serving([*command, "--host", "127.0.0.1"], port, folder, quiet) as url:
            yield Proxied(url, pacer)


def test_the_model_is_what_the_proxy_calls_it(proxied: Proxied, tmp_path: Path) -> None:
    found = measure(proxied.url, tmp_path, prompts=1).found
    assert found.destination.model.name == MODEL
    assert (found.destination.model.sha256, found.destination.model.layers) == (None, None)


def test_our_times_are_the_pacers_and_what_the_proxy_adds(
    proxied: Proxied, tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    """The proxy needs time of its own before it asks and before it passes on: a bare socket, which asks in turn with
    us, sees it too."""

    def attempt() -> dict[str, tuple[float, float]]:
        measured = measure(proxied.url, tmp_path)
        written = proxied.written()[-len(measured.requests) :]
        body = {"model": MODEL, "messages": [{"role": "user", "content": "Say tok."}], "stream": True}
        seen = [witness(proxied.url, "/chat/completions", body) for _ in measured.requests]
        assert {one.pieces for one in seen} == {PACE.tokens}
        added = median(one.ttft_ms for one in seen) - ttft_ms(proxied.written())
        record_property("the proxy adds to the time to first token, ms", round(added, 2))
        return {
            "ttft": (measured.ttft_ms, ttft_ms(written) + added),
            "tpot": (measured.tpot_ms, median((w.writes_ns[-1] - w.writes_ns[0]) / 1e6 / 15 for w in written)),
        }

    agreed(attempt)


def ttft_ms(written: Sequence[Written]) -> float:
    """Median from the request's arrival at the pacer to its first write."""
    return median((one.writes_ns[0] - one.seen_ns) / 1e6 for one in written)
