"""Graphs that were made: each step apart, nothing read that was altered, no text that judges what it calibrated."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from harness.backends.in_process.onnx import calibration, export, session_graph
from harness.backends.in_process.onnx.engine import OnnxEngine
from harness.backends.in_process.onnx.export import exported
from harness.backends.in_process.onnx.exported_graph import GRAPH
from harness.backends.in_process.onnx.made_graph import ABOUT
from harness.backends.in_process.onnx.placement import counted
from harness.backends.in_process.onnx.session_graph import Graph, SessionSettings
from harness.backends.onnx_runtime import OnnxRuntime
from harness.design import Value
from harness.models import MODELS
from harness.outcomes import Code, Outcome, Status
from harness.protocols import EngineFailed
from harness.texts import test_text as judged_text
from harness.weights.checkpoints import load

TINY = MODELS["gpt2-0.1m"]
TOKENS = [5, 9, 12, 80]


def opened(**settings: Value) -> tuple[OnnxEngine, dict[str, object]]:
    engine = OnnxEngine()
    engine.prepare(TINY, {"threads": 1, **settings})
    return engine, dict(engine.open(TINY))


def outcome(**settings: Value) -> Outcome:
    """How a start with ``settings`` ends."""

    async def main() -> None:
        backend = OnnxRuntime()
        try:
            await backend.start(TINY, {"threads": 1, **settings})
        finally:
            await backend.stop()

    with pytest.raises(EngineFailed) as caught:
        asyncio.run(main())
    return caught.value.outcome


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache with a copy of the exported graph, so that a test may spoil it."""
    source = Path(exported(TINY).folder)
    monkeypatch.setenv("BINDERY_CACHE", str(tmp_path))
    place = tmp_path / "onnx" / source.name
    place.mkdir(parents=True)
    for path in source.iterdir():
        (place / path.name).write_bytes(path.read_bytes())
    return place


def test_every_level_of_optimisation_computes_the_same_and_only_some_are_made_apart() -> None:
    plain = opened()[0].logits(TOKENS)
    for level in ("none", "basic", "extended", "all"):
        engine, effective = opened(optimisation=level)
        assert np.abs(engine.logits(TOKENS) - plain).max() < 1e-5
        assert effective["optimisation"] == level
        assert (float(str(effective["optimise_s"])) > 0) if level != "none" else ("optimise_s" not in effective)
        assert int(str(effective["disk_bytes"])) > 4 * 50_000
    assert opened()[1]["optimisation"] is None


def test_a_graph_for_four_rows_says_of_each_what_a_graph_for_one_says() -> None:
    one, four = opened()[0], opened(batch=4)[0]
    ours, theirs = four.prefill(TOKENS), one.prefill(TOKENS)
    for token in (7, 300):
        assert np.abs(ours.logits - theirs.logits).max() < 1e-5
        ours.step(token)
        theirs.step(token)
    assert exported(TINY, rows=4).key != exported(TINY).key


def test_a_cache_that_stays_on_its_device_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = opened()[0].prefill(TOKENS)
    monkeypatch.setitem(session_graph.CACHE_ON, "cpu", "cpu")
    kept = opened()[0].prefill(TOKENS)
    for token in (7, 300):
        assert np.array_equal(kept.logits, usual.logits)
        kept.step(token)
        usual.step(token)


def test_static_quantisation_is_of_weights_and_activations() -> None:
    engine, effective = opened(precision="int8-static", optimisation="all")
    assert "int8" in str(effective["weights_dtype"])
    assert float(str(effective["quantise_s"])) > 0
    assert np.isfinite(engine.logits(TOKENS)).all()


def test_an_export_anew_leaves_nothing_and_is_timed_each_time(own_cache: Path) -> None:
    kept = exported(TINY).export_s
    engine, effective = opened(export_cache=False)
    assert float(str(effective["export_s"])) != kept
    assert len(list(own_cache.parent.parent.glob("export-*"))) == 1
    engine.close()
    assert not list(own_cache.parent.parent.glob("export-*"))


@pytest.mark.parametrize("name", [GRAPH, f"{GRAPH}.data"])
def test_a_graph_that_was_altered_on_disk_does_not_run(own_cache: Path, name: str) -> None:
    assert opened()[1]["provider"] == "CPUExecutionProvider"
    path = own_cache / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    found = outcome()
    assert (found.status, found.code) == (Status.FAILED, Code.MODEL_DIGEST)
    assert "SHA-256" in found.detail
    assert "delete the folder" in found.detail


def test_a_graph_with_a_file_missing_or_without_digests_does_not_run(own_cache: Path) -> None:
    (own_cache / GRAPH).rename(own_cache / "elsewhere.onnx")
    assert outcome().code is Code.MODEL_DIGEST
    (own_cache / ABOUT).write_text(json.dumps({"layers": 2}))
    assert outcome().code is Code.MODEL_DIGEST


def test_an_operator_that_cannot_be_exported_is_unsupported_with_its_name(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    class Unexportable(torch.nn.Module):  # type: ignore[misc] # torch has no types here
        """A model whose logits pass through an operator that ONNX has not."""

        def __init__(self, inner: torch.nn.Module) -> None:
            super().__init__()
            self.inner, self.config = inner, inner.config

        def forward(self, **asked: object) -> object:
            out = self.inner(**asked)
            out.logits = torch.special.airy_ai(out.logits)
            return out

    monkeypatch.setattr(export, "load", lambda model: Unexportable(load(model)).eval())
    (own_cache / ABOUT).unlink()
    own_cache.rename(own_cache.parent / "other")
    found = outcome()
    assert (found.status, found.code) == (Status.UNSUPPORTED, Code.ENGINE_REFUSED)
    assert "torch.onnx cannot export gpt2-0.1m" in found.detail
    assert not own_cache.exists()


def test_an_exporter_that_fails_says_what_failed_and_not_which_step_it_was(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> object:
        try:
            raise ValueError("no rule for \x1b[96maten::lgamma\x1b[0m\nand more")
        except ValueError as error:
            raise RuntimeError("\x1b[96mThis is step 1/3\x1b[0m. Next steps:") from error

    monkeypatch.setattr(export, "_with_past", refuse)
    (own_cache / ABOUT).unlink()
    own_cache.rename(own_cache.parent / "other")
    assert outcome().detail.endswith("cannot export gpt2-0.1m: ValueError: no rule for aten::lgamma")


def test_calibrating_on_the_text_that_judges_is_refused(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "calibration_text", lambda: f"Something else. {judged_text()[:400]}")
    found = outcome(precision="int8-static")
    assert (found.status, found.code) == (Status.FAILED, Code.TEXTS_OVERLAP)
    assert "SHA-256" in found.detail
    assert not [path for path in own_cache.parent.iterdir() if "static" in path.name]


def test_a_provider_that_falls_back_silently_is_no_session_of_it() -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    made = exported(TINY)
    with pytest.raises(EngineFailed) as caught:
        Graph(made, made.graph, SessionSettings(provider="cuda"))
    assert caught.value.outcome.code is Code.DEVICE_MISSING
    assert "fell back from CUDAExecutionProvider to CPUExecutionProvider" in caught.value.outcome.detail


def test_every_node_that_ran_is_placed() -> None:
    found = opened()[0].placement()
    assert int(str(found["placement.nodes"])) > 10
    assert found["placement.fallback_nodes"] == 0
    assert found["placement.providers"] == f"CPUExecutionProvider {found['placement.nodes']}"


def test_nodes_on_another_provider_are_counted_once_each() -> None:
    def ran(name: str, provider: str) -> dict[str, object]:
        return {"cat": "Node", "name": f"{name}_kernel_time", "args": {"provider": provider}}

    events: list[dict[str, object]] = [
        ran("MatMul_1", "CUDAExecutionProvider"),
        ran("MatMul_1", "CUDAExecutionProvider"),
        ran("Gather_2", "CPUExecutionProvider"),
        {"cat": "Session", "name": "model_run", "args": {}},
        {"cat": "Node", "name": "Gather_2_fence_before", "args": {"provider": "CPUExecutionProvider"}},
    ]
    assert counted(events, "CUDAExecutionProvider") == {
        "placement.nodes": 2,
        "placement.fallback_nodes": 1,
        "placement.providers": "CPUExecutionProvider 1, CUDAExecutionProvider 1",
    }


def test_a_graph_that_was_replaced_by_one_of_the_same_size_and_age_does_not_run(own_cache: Path) -> None:
    assert opened()[1]["provider"] == "CPUExecutionProvider"
    path = own_cache / f"{GRAPH}.data"
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert outcome().code is Code.MODEL_DIGEST


@pytest.mark.parametrize(
    "about",
    [
        "",
        "[]",
        "7",
        "null",
        '{"files": []}',
        '{"files": {}, "seconds": 1, "layers": 2, "heads": 2, "width": 2, "export_s": 1, "parity": 0}',
        '{"seconds": 1, "files": null}',
        "[" * 100_000,
    ],
)
def test_a_note_that_says_something_else_is_no_note(own_cache: Path, about: str) -> None:
    (own_cache / ABOUT).write_text(about)
    found = outcome()
    assert found.code is Code.MODEL_DIGEST
    assert "delete the folder" in found.detail


@pytest.mark.parametrize(("name", "value"), [("layers", None), ("export_s", -1), ("parity", "small"), ("heads", True)])
def test_a_number_of_a_note_that_is_none_is_refused(own_cache: Path, name: str, value: object) -> None:
    told = json.loads((own_cache / ABOUT).read_text())
    (own_cache / ABOUT).write_text(json.dumps(told | {name: value}))
    assert outcome().code is Code.MODEL_DIGEST


def test_a_file_that_nobody_wrote_there_is_refused(own_cache: Path) -> None:
    (own_cache / "other.onnx").write_bytes(b"x")
    found = outcome()
    assert found.code is Code.MODEL_DIGEST
    assert "holds other.onnx, which nobody wrote there" in found.detail


def test_a_folder_in_the_place_of_a_file_is_refused(own_cache: Path) -> None:
    (own_cache / GRAPH).unlink()
    (own_cache / GRAPH).mkdir()
    assert "cannot be read: Is a directory" in outcome().detail


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda text: text[:300].upper(),
        lambda text: " ".join(text[:300].split()).replace(" ", "\n\n "),
        lambda text: " ".join(text.split()[3:14]),
        lambda text: text[:300].replace(",", ";").replace(".", "!"),
        lambda text: text[:300].replace("i", "\uff49"),
    ],
)
def test_texts_that_overlap_are_found_whatever_their_spaces_case_and_marks(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch, spoiled: Callable[[str], str]
) -> None:
    monkeypatch.setattr(calibration, "calibration_text", lambda: f"Something else. {spoiled(judged_text())}")
    assert outcome(precision="int8-static").code is Code.TEXTS_OVERLAP


def test_a_graph_calibrated_on_another_text_is_made_anew(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for word in ("granite", "marble"):
        text = " ".join(f"{word} {place}" for place in range(200))
        monkeypatch.setattr(calibration, "calibration_text", lambda text=text: text)
        opened(precision="int8-static")
        made.append({path.name for path in own_cache.parent.iterdir() if "static" in path.name and path.is_dir()})
    assert [len(one) for one in made] == [1, 2]


def test_a_calibration_text_without_an_example_is_typed(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "calibration_text", lambda: "Too short.")
    found = outcome(precision="int8-static")
    assert found.status is Status.FAILED
    assert not [path for path in own_cache.parent.iterdir() if "static" in path.name and path.is_dir()]


def test_a_pass_that_fails_on_its_provider_is_not_tried_on_another() -> None:
    made = exported(TINY)
    graph = Graph(made, made.graph)
    assert graph._session._enable_fallback is False
