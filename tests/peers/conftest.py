"""What the tests against servers of other projects share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from harness.bench.destination import read_destination
from harness.bench.first_contact import Contact, contact
from harness.bench.lengths import Lengths
from harness.bench.load_plan import PROFILE, Load, LoadPlan, bench_study
from harness.bench.prompt_count import PromptCount
from harness.bench.prompts import drawn_prompts
from harness.events import Phase, Request, Run
from harness.execution.executor import perform
from harness.execution.preflights import preflights
from harness.execution.recording_session import Session
from tests.support.peers import PYTHON, absent
from tests.support.tap import Passed, tapped

TRIES = 10
"""Another process may take the processor between a server and its client; an error of ours stays."""


@pytest.fixture(scope="session")
def peers() -> str:
    """The interpreter of the environment that has the servers of other projects."""
    why = absent()
    if why:
        pytest.skip(why)
    return str(PYTHON)


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of one stream as `harness bench` makes it, what was found before it, and what passed a tap meanwhile."""

    found: Contact
    run: Run
    passed: tuple[Passed, ...]

    @property
    def requests(self) -> list[Request]:
        return [request for request in self.run.requests if request.phase is Phase.MEASURED]

    @property
    def ttft_ms(self) -> float:
        """Median from the planned start."""
        return median(request.arrivals_ns[0] / 1e6 for request in self.requests)

    @property
    def tpot_ms(self) -> float:
        """Median over requests."""
        return median(tpot_ms(request) for request in self.requests)

    def beside_the_tap(self) -> dict[str, tuple[float, float]]:
        """Ours and what passed: medians over the same streams, in ms."""
        assert [sum(request.tokens) for request in self.requests] == [len(one.pieces_ns) for one in self.passed]
        return {
            "ttft": (self.ttft_ms, median(one.ttft_ms for one in self.passed)),
            "tpot": (self.tpot_ms, median(one.tpot_ms for one in self.passed)),
        }


def tpot_ms(request: Request) -> float:
    return (request.arrivals_ns[-1] - request.arrivals_ns[0]) / 1e6 / (sum(request.tokens) - 1)


def measure(
    url: str, folder: Path, *, prompts: int = 4, words: int = 16, tokens: int = 16, model: str = ""
) -> Measured:
    """Measures the server at ``url`` through a tap; every request of the run must end usably."""
    asked = drawn_prompts(prompts, Lengths(words, words), Lengths(tokens, tokens), PromptCount(), 42)
    with tapped(url) as tap:
        found = contact(read_destination(tap.url, model))
        study = bench_study(LoadPlan(Load((1,)), asked, runs=1, warmup=0), found.destination, "peer")
        models = {found.destination.model.name: found.destination.model}
        session = Session(study, study.profile(PROFILE), {}, folder, models=models)
        session.folder.mkdir(parents=True, exist_ok=True)
        run = perform(session, session.planned[0], preflights(study, session.planned))
        passed = tuple(tap.taken()[-prompts:])
    assert run.outcome.usable, run.outcome
    assert all(request.outcome.usable for request in run.requests), [request.outcome for request in run.requests]
    return Measured(found, run, passed)


def agree(ours: float, truth: float) -> bool:
    """Within 2 % or 1 ms."""
    return abs(ours - truth) <= max(1.0, 0.02 * truth)


def agreed(attempt: Callable[[], dict[str, tuple[float, float]]]) -> dict[str, tuple[float, float]]:
    """What ``attempt`` measured, by name: ours and the truth, in ms. Fails where none of ``TRIES`` agrees in all."""
    seen = []
    for _ in range(TRIES):
        found = attempt()
        print("ours and the truth, ms:", found)
        if all(agree(*pair) for pair in found.values()):
            return found
        seen.append(found)
    pytest.fail(f"ours and the truth, ms: {seen}")
