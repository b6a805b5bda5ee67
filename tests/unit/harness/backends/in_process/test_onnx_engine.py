"""ONNX Runtime as an engine: the graph agrees with PyTorch in every phase, and its files are whole or absent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from harness.backends.in_process.onnx import export as onnx_export
from harness.backends.in_process.onnx.engine import OnnxEngine
from harness.backends.in_process.onnx.export import PARITY, exported, key
from harness.backends.in_process.onnx.exported_graph import GRAPH
from harness.backends.in_process.onnx.made_graph import ABOUT
from harness.backends.in_process.torch.engine import TorchEngine
from harness.design import Value
from harness.models import MODELS
from harness.outcomes import Code, Status
from harness.protocols import EngineFailed
from harness.weights.made_once import publish
from tests.support.greedy import greedy

SMALL = MODELS["gpt2-25m"]
PROMPT = "The ferry leaves at seven."


@pytest.fixture(scope="module")
def torch_engine() -> Iterator[TorchEngine]:
    engine = TorchEngine()
    engine.prepare(SMALL, {"threads": 1})
    engine.open(SMALL)
    yield engine
    engine.close()


def opened(**settings: Value) -> tuple[OnnxEngine, dict[str, object]]:
    engine = OnnxEngine()
    engine.prepare(SMALL, {"threads": 1, **settings})
    return engine, dict(engine.open(SMALL))


def test_prefill_and_every_step_agree_with_pytorch(torch_engine: TorchEngine) -> None:
    engine, effective = opened()
    tokens = engine.encode(PROMPT)
    ours, theirs = engine.prefill(tokens), torch_engine.prefill(tokens)
    for token in (7, 300, 12, 50_000, 3, 99, 1, 2):
        assert np.abs(ours.logits - theirs.logits).max() <= PARITY
        ours.step(token)
        theirs.step(token)
    assert np.abs(engine.logits(tokens) - torch_engine.logits(tokens)).max() <= PARITY
    assert greedy(engine, PROMPT) == greedy(torch_engine, PROMPT)
    assert effective["provider"] == "CPUExecutionProvider"
    assert effective["weights_dtype"] == "float32 100%"
    assert effective["threads"] == 1
    assert 0 <= float(str(effective["parity_max_abs"])) <= PARITY
    assert float(str(effective["export_s"])) > 0


def test_int8_is_int8(torch_engine: TorchEngine) -> None:
    engine, effective = opened(precision="int8")
    assert "int8" in str(effective["weights_dtype"])
    assert not np.array_equal(engine.logits([1, 2, 3]), torch_engine.logits([1, 2, 3]))


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"provider": "cuda"}, Code.DEVICE_MISSING),
        ({"provider": "tensorrt"}, Code.DEVICE_MISSING),
        ({"precision": "fp16"}, Code.SETTING_REJECTED),
        ({"graphs": 2}, Code.SETTING_REJECTED),
    ],
)
def test_what_cannot_be_is_unsupported_before_anything_is_exported(settings: dict[str, Value], code: Code) -> None:
    import torch

    if "provider" in settings and torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    with pytest.raises(EngineFailed) as caught:
        opened(**settings)
    assert (caught.value.outcome.status, caught.value.outcome.code) == (Status.UNSUPPORTED, code)


def test_the_key_names_what_an_export_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    base = key(SMALL)
    assert key(replace(SMALL, sha256="0" * 64)) != base != key(MODELS["gpt2-0.1m"])
    assert key(SMALL, rows=4) != base
    monkeypatch.setattr(onnx_export, "FORMAT", 3)
    assert key(SMALL) != base


def test_a_killed_export_leaves_nothing(tmp_path: Path) -> None:
    def half(fresh: Path) -> None:
        (fresh / GRAPH).write_bytes(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(tmp_path / "graph", half)
    assert list(tmp_path.iterdir()) == []
    publish(tmp_path / "graph", lambda fresh: (fresh / ABOUT).write_text("{}"))
    assert [path.name for path in tmp_path.iterdir()] == ["graph"]


def test_an_export_is_made_once_and_says_how_long_it_took() -> None:
    first, second = exported(SMALL), exported(SMALL)
    assert first == second
    told = json.loads((Path(first.folder) / ABOUT).read_text())
    assert told["export_s"] == first.export_s
