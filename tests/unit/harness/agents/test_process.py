"""Whatever an agent's process does wrong is a typed outcome of its task, soon, and nothing of it is left behind."""

from __future__ import annotations

import asyncio
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, monotonic_ns

import psutil
import pytest

from harness.agents import process as process_module
from harness.agents.destination import destination
from harness.agents.process import AgentProcess
from harness.agents.programs import AGENTS
from harness.backends.ollama_wire import Common
from harness.design import Value
from harness.design.settings import AgentSettings
from harness.events import Phase
from harness.outcomes import Code, Outcome, Status
from harness.protocols import Deadlines, EngineFailed
from harness.protocols.agent import Address, Called, Finished, TaskSpec
from harness.texts.agent_prompts import CORPUS
from tests.support.stream_server import HEAD, Script, http_chunk, llama_body, response, sends, serving, sse, token

BAD = Path(__file__).parents[3] / "support" / "bad_agent.py"
NOBODY = Address("", "llama_cpp", "m", {"address": "http://127.0.0.1:9"})
HANG_S = 60.0


def spec() -> TaskSpec:
    return TaskSpec(3, "analyst", Phase.MEASURED, monotonic_ns() + 50_000_000, 1, 8, 0.8, ignore_eos=True, settings={})


async def outcome_of(doer: AgentProcess, server: Address = NOBODY) -> tuple[list[Called], Outcome]:
    """The calls that the agent told of, and how its task ended."""
    calls: list[Called] = []
    try:
        await doer.start()
        async for event in doer.run(spec(), server, Deadlines()):
            match event:
                case Called():
                    calls.append(event)
                case Finished(outcome):
                    return calls, outcome
    except EngineFailed as error:
        return calls, error.outcome
    finally:
        await doer.stop()
    raise AssertionError("a task ends with an outcome")


def bad(fault: str) -> AgentProcess:
    return AgentProcess("the bad agent", (sys.executable, str(BAD), fault))


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        ("never ready", Code.AGENT_ENDED, "no such runtime"),
        ("mute", Code.AGENT_SILENT, "not ready in 3 s"),
        ("banner", Code.AGENT_GARBLED, "said what cannot be read: Invalid JSON"),
        ("endless banner", Code.AGENT_GARBLED, "a line of more than 1048576 bytes"),
        ("wrong clock at start", Code.AGENT_CLOCK, "the machine's clock"),
        ("other clock", Code.AGENT_CLOCK, "another clock"),
        ("early", Code.AGENT_CLOCK, "before its planned start"),
        ("killed", Code.AGENT_ENDED, "SIGKILL"),
        ("exit", Code.AGENT_ENDED, "exit status 1: out of luck"),
        ("garbage", Code.AGENT_GARBLED, "cannot be read"),
        ("another task", Code.AGENT_GARBLED, "an event of no task"),
        ("unknown event", Code.AGENT_GARBLED, "danced"),
        (
            "huge stamp",
            Code.AGENT_GARBLED,
            "said what cannot be read: began.at: Input should be less than 9223372036854775808",
        ),
        ("torn line", Code.AGENT_GARBLED, "a line without its end"),
        ("long line", Code.AGENT_GARBLED, "a line of more than 1048576 bytes"),
        ("outside a call", Code.AGENT_GARBLED, "outside a call"),
        ("no files", Code.CORPUS_CHANGED, "was not read"),
        ("at once", Code.AGENT_GARBLED, "after 0 of 2 calls"),
    ],
)
def test_each_fault_of_an_agent_has_its_outcome(
    monkeypatch: pytest.MonkeyPatch, fault: str, code: Code, words: str
) -> None:
    monkeypatch.setattr(process_module, "END_S", 0.2)
    if fault == "mute":
        monkeypatch.setattr(process_module, "READY_S", 3.0)
    began = monotonic()
    _, outcome = asyncio.run(outcome_of(bad(fault)))
    assert (outcome.status, outcome.code) == (Status.FAILED, code)
    assert words in outcome.detail
    assert monotonic() - began < HANG_S
    assert not [child for child in psutil.Process().children() if str(BAD) in child.cmdline()]


def test_a_hung_agent_is_ended_at_its_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_module, "GRACE_S", 0.3)
    monkeypatch.setattr(process_module, "END_S", 0.2)

    async def main() -> Outcome:
        doer = bad("hangs")
        try:
            await doer.start()
            short = Deadlines(connect_s=0.05, first_byte_s=0.1, gap_s=0.1, total_s=0.1)
            async for _ in doer.run(spec(), NOBODY, short):
                raise AssertionError("it says nothing")
        except EngineFailed as error:
            return error.outcome
        finally:
            await doer.stop()
        raise AssertionError("it ends")

    assert asyncio.run(main()).code is Code.AGENT_SILENT


def python_agent() -> AgentProcess:
    doer = AGENTS.load("python")(AgentSettings("a", "python", "analyst", ""))
    assert isinstance(doer, AgentProcess)
    return doer


def against(script: Script, doer: AgentProcess) -> tuple[list[Called], Outcome]:
    async def main() -> tuple[list[Called], Outcome]:
        async with serving(script) as target:
            server = Address("", "llama_cpp", "m", {"address": f"http://{target.host}:{target.port}"})
            return await outcome_of(doer, server)

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda path: path.write_bytes(path.read_bytes() + b"\n"), "has changed"),
        (lambda path: path.unlink(), "was not read"),
        (lambda path: shutil.copy(path, path.with_name("more.md")), "the file more.md of the corpus is new"),
    ],
)
def test_a_corpus_that_changed_is_not_measured(tmp_path: Path, change: Callable[[Path], object], words: str) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(CORPUS, corpus)
    change(next(corpus.glob("*.md")))
    doer = python_agent()
    doer.folder = corpus
    calls, outcome = against(sends(response(llama_body())), doer)
    assert (outcome.code, calls) == (Code.CORPUS_CHANGED, [])
    assert words in outcome.detail


def test_a_file_that_cannot_be_read_is_a_corpus_that_changed(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(CORPUS, corpus)
    next(corpus.glob("*.json")).write_text("{", encoding="utf-8")
    doer = python_agent()
    doer.folder = corpus
    calls, outcome = against(sends(response(llama_body())), doer)
    assert (outcome.code, calls) == (Code.CORPUS_CHANGED, [])


def test_the_call_of_an_agent_that_dies_is_a_request_that_failed() -> None:
    doer = python_agent()

    async def kills(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + http_chunk(sse(token(" one", 1))))
        await writer.drain()
        for child in psutil.Process().children():
            if "harness.agents.python" in child.cmdline():
                child.kill()

    calls, outcome = against(kills, doer)
    assert [call.request.outcome.code for call in calls] == [Code.AGENT_ENDED]
    assert outcome.code is Code.AGENT_ENDED


def test_a_program_of_another_machine_or_none_at_all_is_unsupported(tmp_path: Path) -> None:
    foreign = tmp_path / "agent"
    foreign.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(57))
    foreign.chmod(foreign.stat().st_mode | stat.S_IXUSR)
    for program in (foreign, tmp_path / "nothing"):
        calls, outcome = asyncio.run(outcome_of(AgentProcess("the agent", (str(program),))))
        assert (outcome.status, outcome.code, calls) == (Status.UNSUPPORTED, Code.AGENT_MISSING, [])
        assert outcome.detail.startswith("the agent does not run here: ")
        assert outcome.detail.endswith("; install Bindery again")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (("python", "trio", {}), "runs on asyncio, uvloop"),
        (("python", "", {"client": "curl"}), "needs client to be one of httpx, aiohttp, ours"),
        (("python", "uvloop", {"read_bytes": 1024}), "only the agent in Python with httpx"),
        (("python", "", {"client": "aiohttp", "read_bytes": 1024}), "only the agent in Python with httpx"),
        (("python", "", {"client": "ours", "parse": "each"}), "does not parse while it reads"),
        (("python", "", {"speed": 1}), "has no setting speed"),
        (("rust", "java", {}), "runs on async-std, smol, tokio, tokio-localset"),
        (("rust", "smol", {"client": "reqwest"}), "reqwest runs on tokio"),
    ],
)
def test_settings_that_an_agent_cannot_have_are_unsupported(
    settings: tuple[str, str, dict[str, Value]], words: str
) -> None:
    language, runtime, own = settings
    with pytest.raises(EngineFailed, match=words) as caught:
        AGENTS.load(language)(AgentSettings("a", language, "analyst", "", runtime, own))
    assert (caught.value.outcome.status, caught.value.outcome.code) == (Status.UNSUPPORTED, Code.SETTING_REJECTED)


def test_an_ollama_behind_tls_is_not_asked() -> None:
    handle = Common("gemma3:latest", {}).handle("https://box:11434")
    with pytest.raises(EngineFailed, match="without TLS") as caught:
        destination(Address("", "ollama", "gemma3:latest", handle), 8)
    assert caught.value.outcome.code is Code.SETTING_REJECTED


def test_stopping_twice_or_before_the_start_is_nothing() -> None:
    async def main() -> None:
        doer = python_agent()
        assert await doer.stop() is None
        await doer.start()
        assert await doer.stop() is not None
        assert await doer.stop() is None

    asyncio.run(main())
