"""The time of layers: every part has some, the parts add up to the clock, and other engines are silent."""

from __future__ import annotations

import asyncio

import pytest

from harness.backends.in_process.torch import layers
from harness.backends.in_process.torch.engine import TorchEngine
from harness.backends.onnx_runtime import OnnxRuntime
from harness.models import MODELS


def test_the_parts_add_up_to_the_time_of_our_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "PROMPT", 24)
    monkeypatch.setattr(layers, "STEPS", 3)
    monkeypatch.setattr(layers, "ROUNDS", 1)
    engine = TorchEngine()
    engine.prepare(MODELS["gpt2-5m"], {"threads": 1, "num_ctx": 64})
    engine.open(MODELS["gpt2-5m"])
    found = engine.layers()
    for phase in ("prefill", "decode"):
        times = {part: float(found[f"{phase}.{part}"] or 0.0) for part in layers.PARTS}
        assert all(time > 0 for time in times.values()), times
        told, profiled = (float(found[f"{phase}.{name}"] or 0.0) for name in ("told", "profiled"))
        assert sum(times.values()) == pytest.approx(told, rel=1e-6)
        assert told == pytest.approx(profiled, rel=0.05)
        assert float(found[f"{phase}.plain"] or 0.0) > 0


def test_no_range_is_left_on_the_model() -> None:
    engine = TorchEngine()
    engine.prepare(MODELS["gpt2-0.1m"], {"threads": 1, "num_ctx": 64})
    engine.open(MODELS["gpt2-0.1m"])
    module = engine._module
    assert module is not None
    with layers._ranges(module):
        assert any(part._forward_hooks for part in module.modules())
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in module.modules())


def test_an_engine_without_a_profiler_tells_nothing() -> None:
    assert asyncio.run(OnnxRuntime().layers()) == {}
