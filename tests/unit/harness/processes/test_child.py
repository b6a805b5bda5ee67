"""An engine's process: ready or refused, reaped, and never left behind."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from harness.backends.llama_cpp import LlamaCpp
from harness.models import SMOLLM2_135M
from harness.outcomes import Code
from harness.processes import child
from harness.processes.child import Child
from harness.protocols import EngineFailed


@dataclass(frozen=True)
class Nothing:
    """What these stand-ins are launched with."""

    word: str = "hello"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Makes ``stand_in`` importable by a child; its behaviour is the environment's ``MODE``."""
    (tmp_path / "stand_in.py").write_text(
        textwrap.dedent(
            """
            import json, os, sys, time
            launch = json.loads(sys.stdin.readline())
            mode = os.environ["MODE"]
            if mode == "dies":
                print("0.01 E cannot load model", file=sys.stderr)
                print("some more words", file=sys.stderr)
                sys.exit(3)
            if mode == "silent":
                time.sleep(60)
            print(json.dumps({"word": launch["word"]}), flush=True)
            sys.stdin.read()
            """
        )
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "stand_in"


def test_it_says_when_it_is_ready_and_ends_when_told(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODE", "fine")

    async def main() -> None:
        process = Child("engine", engine, tmp_path / "log")
        assert await process.start(Nothing()) == {"word": "hello"}
        assert process.pid is not None
        pid = process.pid
        await process.stop()
        assert process.pid is None
        assert not psutil.pid_exists(pid)
        await process.stop()
        assert (tmp_path / "log").exists()

    asyncio.run(main())


def test_a_log_that_nobody_asked_for_is_deleted(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODE", "fine")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    async def main() -> None:
        process = Child("engine", engine)
        await process.start(Nothing())
        assert len(logs(tmp_path)) == 1
        await process.stop()
        assert logs(tmp_path) == []

    asyncio.run(main())


def logs(folder: Path) -> list[Path]:
    return list(folder.glob("*.log"))


def test_one_that_dies_says_its_last_error(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODE", "dies")

    async def main() -> None:
        process = Child("engine", engine, tmp_path / "log")
        with pytest.raises(EngineFailed, match="exit status 3: cannot load model") as caught:
            await process.start(Nothing())
        assert caught.value.outcome.code is Code.ENGINE_REFUSED
        await process.stop()

    asyncio.run(main())


def test_one_that_never_gets_ready_is_refused(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODE", "silent")
    monkeypatch.setattr(child, "READY_S", 0.3)

    async def main() -> None:
        process = Child("engine", engine, tmp_path / "log")
        with pytest.raises(EngineFailed, match="not ready"):
            await process.start(Nothing())
        await process.stop()

    asyncio.run(main())


@pytest.mark.engine
def test_a_file_that_is_no_model_is_refused_with_the_engines_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"GGUF" + bytes(100))
    monkeypatch.setattr("harness.backends.llama_cpp.locate", lambda _: bad)

    async def main() -> None:
        backend = LlamaCpp()
        with pytest.raises(EngineFailed, match="ended with") as caught:
            await backend.start(SMOLLM2_135M, {"engine_log": str(tmp_path / "log")})
        assert caught.value.outcome.code is Code.ENGINE_REFUSED
        assert backend.engine_pid is None
        await backend.stop()

    asyncio.run(main())


@pytest.mark.engine
@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_the_engine_dies_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = f"""
import asyncio
from harness.backends.llama_cpp import LlamaCpp
from harness.models import SMOLLM2_135M

async def main():
    backend = LlamaCpp()
    await backend.start(SMOLLM2_135M, {{"threads": 1, "num_ctx": 256, "engine_log": {str(tmp_path / "log")!r}}})
    print(backend.engine_pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert psutil.pid_exists(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 300
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.engine
def test_requested_and_effective_settings_of_the_real_engine(tmp_path: Path) -> None:
    async def main() -> None:
        backend = LlamaCpp()
        settings = {"num_gpu": 999, "num_ctx": 300, "threads": 1, "parallel": 2, "engine_log": str(tmp_path / "log")}
        try:
            started = await backend.start(SMOLLM2_135M, settings)
            assert backend.engine_pid is not None
            assert len(os.sched_getaffinity(backend.engine_pid)) == 1
        finally:
            await backend.stop()
        effective = started.effective
        assert effective["num_ctx"] >= 300
        assert (effective["threads"], effective["slots"]) == (1, 2)
        assert effective["model_layers"] == SMOLLM2_135M.layers
        assert effective["n_params"] == SMOLLM2_135M.parameters
        if effective["gpu_devices"] == 0:
            assert effective["layers_offloaded"] == 0
        assert effective["cpu_features"]

    asyncio.run(main())
