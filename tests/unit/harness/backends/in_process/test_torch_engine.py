"""PyTorch as an engine: what it says of itself is what the tensors say, and no shape changes a token."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.backends.in_process.torch import compile as compiled
from harness.backends.in_process.torch.engine import TorchEngine
from harness.design import Value
from harness.events import Settings
from harness.models import GPT2_SHAPES, MODELS
from harness.outcomes import Code, Status
from harness.protocols import EngineFailed
from harness.weights.gpt2 import build
from tests.support.greedy import greedy

SMALL = MODELS["gpt2-5m"]
PROMPT = "The ferry leaves at seven."


def opened(**settings: Value) -> tuple[TorchEngine, Settings]:
    engine = TorchEngine()
    asked: dict[str, Value] = {"threads": 1, "num_ctx": 64, **settings}
    engine.prepare(SMALL, asked)
    return engine, engine.open(SMALL)


def test_the_family_has_the_sizes_that_it_declares() -> None:
    import torch

    for name in GPT2_SHAPES:
        with torch.device("meta"):
            assert build(MODELS[name]).num_parameters() == MODELS[name].parameters, name


def test_a_seed_makes_the_weights() -> None:
    import torch

    first, second = build(MODELS["gpt2-0.1m"]), build(MODELS["gpt2-0.1m"])
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), second.parameters(), strict=True))


@pytest.mark.parametrize("shapes", ["natural", "padded", "bucketed"])
def test_shapes_and_caches_change_no_token(shapes: str) -> None:
    engine, effective = opened(shapes=shapes)
    assert effective["shapes"] == shapes
    tokens = engine.encode(PROMPT)
    expected = []
    for _ in range(16):
        expected.append(int(engine.logits([*tokens, *expected])[-1].argmax()))
    assert greedy(engine, PROMPT) == tuple(expected)
    assert greedy(engine, PROMPT) == tuple(expected), "a cache that is used again remembers"


@pytest.mark.parametrize(
    ("precision", "found"), [("fp32", "float32 100%"), ("bf16", "bfloat16 100%"), ("int8", "qint8")]
)
def test_the_evidence_of_a_precision_is_in_the_tensors(precision: str, found: str) -> None:
    _, effective = opened(precision=precision)
    assert found in str(effective["weights_dtype"])


def test_eager_execution_compiles_nothing() -> None:
    engine, _ = opened()
    greedy(engine, PROMPT)
    assert engine.evidence() == dict.fromkeys(engine.evidence(), 0)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"device": "cuda"}, Code.DEVICE_MISSING),
        ({"precision": "fp8"}, Code.SETTING_REJECTED),
        ({"compile": "fast"}, Code.SETTING_REJECTED),
        ({"layers": 2}, Code.SETTING_REJECTED),
    ],
)
def test_what_cannot_be_is_unsupported(settings: dict[str, Value], code: Code) -> None:
    import torch

    if settings == {"device": "cuda"} and torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    with pytest.raises(EngineFailed) as caught:
        opened(**settings)
    assert (caught.value.outcome.status, caught.value.outcome.code) == (Status.UNSUPPORTED, code)


def test_compiling_needs_a_compiler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", "")
    with pytest.raises(EngineFailed, match="needs a C\\+\\+ compiler") as caught:
        compiled.prepare("default", cached=True)
    assert caught.value.outcome.code is Code.ENGINE_MISSING


def test_a_prompt_beyond_the_context_is_refused_in_one_line() -> None:
    engine, _ = opened(shapes="padded")
    with pytest.raises(EngineFailed, match="does not fit num_ctx 64"):
        engine.prefill(list(range(80)))
