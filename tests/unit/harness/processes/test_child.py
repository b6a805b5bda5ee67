"""A child process: it hears, answers, says how it ended, and is never left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from harness.backends.llama_cpp import LlamaCpp
from harness.errors import ChildFailed
from harness.models import SMOLLM2_135M
from harness.outcomes import Code
from harness.processes.child import Child, Ended
from harness.protocols import EngineFailed


@dataclass(frozen=True)
class Word:
    """What these children hear and say."""

    word: str


ECHO = (
    "from dataclasses import dataclass\n"
    "from harness.processes.parent import Parent\n"
    "@dataclass\n"
    "class Word:\n"
    "    word: str\n"
    "parent = Parent()\n"
    "print('what a library prints', flush=True)\n"
    "while True:\n"
    "    parent.say(parent.hear(Word))\n"
)


def child(code: str, log: Path | None = None, **options: object) -> Child:
    return Child("engine", (sys.executable, "-c", code), log, **options)  # type: ignore[arg-type]


def test_it_hears_answers_and_ends_when_told(tmp_path: Path) -> None:
    process = child(ECHO, tmp_path / "log")
    pid = process.pid
    assert pid is not None
    for word in ("hello", "<&>\n\u00fc"):
        process.send(Word(word))
        assert process.expect(Word, 60) == Word(word)
    assert process.log_text() == "what a library prints\n"
    process.stop()
    assert process.pid is None
    assert not psutil.pid_exists(pid)
    process.stop()
    assert (tmp_path / "log").read_text() == "what a library prints\n"


def test_messages_larger_than_a_pipe_go_both_ways() -> None:
    with child(ECHO) as process:
        large = Word("x" * (1 << 20))
        process.send(large)
        process.send(Word("after it"))
        assert process.expect(Word, 60) == large
        assert process.expect(Word, 60) == Word("after it")


def test_a_child_that_never_reads_does_not_hold_its_parent_for_longer_than_allowed() -> None:
    with child("import time; time.sleep(600)") as process:
        process.send(Word("x" * (1 << 20)))
        with pytest.raises(ChildFailed, match=r"not ready in 0\.3 s"):
            process.expect(Word, 0.3)
        assert process.ended(0.0) is None


def test_a_log_that_nobody_asked_for_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with child(ECHO) as process:
        process.send(Word("hello"))
        process.expect(Word, 60)
        assert process.log_text()
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; print('0.01 E no model', file=sys.stderr); sys.exit('more words')", "exit status 1: no model"),
        ("import sys; sys.exit('the last line')", "exit status 1: the last line"),
        ("import os; os.kill(os.getpid(), 9)", "SIGKILL"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGRTMIN + 1)", f"signal {signal.SIGRTMIN + 1}"),
        ("print('{\"word\": 3}')", "said what cannot be read"),
        ("print('{', end='')", "ended with exit status 0"),
        ("import os, time; os.close(1); time.sleep(600)", "closed its output"),
    ],
)
def test_one_that_gives_no_answer_says_why(code: str, said: str) -> None:
    with child(code, error_mark=" E ") as process, pytest.raises(ChildFailed) as caught:
        process.expect(Word, 60)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_words_of_a_long_log_are_its_last() -> None:
    with child("import sys; sys.stderr.write('early\\n' * 100000); sys.exit('last')") as process:
        assert process.ended(60) == Ended(1, "last")


def test_one_that_is_gone_may_be_sent_to() -> None:
    with child("pass") as process:
        assert process.ended(60) == Ended(0, "")
        process.send(Word("anybody?"))
        assert process.line(60) == b""


def test_a_group_of_its_own_ends_with_it() -> None:
    code = (
        "import subprocess, sys, time\n"
        "from harness.processes.parent import Parent\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "Parent().say(child.pid)\n"
        "time.sleep(600)"
    )
    with child(code, own_group=True) as process:
        pid = process.expect(int, 60)
        assert _alive(pid)
    assert _gone(pid)


@pytest.mark.engine
def test_a_file_that_is_no_model_is_refused_with_the_engines_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"GGUF" + bytes(100))
    monkeypatch.setattr("harness.backends.llama_cpp.gguf_file", lambda _: bad)

    async def main() -> None:
        backend = LlamaCpp()
        with pytest.raises(EngineFailed, match="ended with") as caught:
            await backend.start(SMOLLM2_135M, {})
        assert caught.value.outcome.code is Code.ENGINE_REFUSED
        assert backend.engine_pid is None
        await backend.stop()

    asyncio.run(main())


@pytest.mark.engine
@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_the_engine_dies_with_a_parent_that_was_killed() -> None:
    script = """
import asyncio
from harness.backends.llama_cpp import LlamaCpp
from harness.models import SMOLLM2_135M

async def main():
    backend = LlamaCpp()
    await backend.start(SMOLLM2_135M, {"threads": 1, "num_ctx": 256})
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
    assert _gone(pid)


def _gone(pid: int, within_s: float = 300.0) -> bool:
    deadline = time.monotonic() + within_s
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.engine
def test_requested_and_effective_settings_of_the_real_engine(tmp_path: Path) -> None:
    async def main() -> None:
        backend = LlamaCpp()
        backend.log = tmp_path / "log"
        settings = {"num_gpu": 999, "num_ctx": 300, "threads": 1, "parallel": 2}
        try:
            started = await backend.start(SMOLLM2_135M, settings)
            assert backend.engine_pid is not None
            assert len(os.sched_getaffinity(backend.engine_pid)) == 1
        finally:
            await backend.stop()
        assert "n_layer" in (tmp_path / "log").read_text(errors="replace")
        effective = started.effective
        assert effective["num_ctx"] >= 300
        assert (effective["threads"], effective["slots"]) == (1, 2)
        assert effective["model_layers"] == SMOLLM2_135M.layers
        assert effective["n_params"] == SMOLLM2_135M.parameters
        if effective["gpu_devices"] == 0:
            assert effective["layers_offloaded"] == 0
        assert effective["cpu_features"]

    asyncio.run(main())
