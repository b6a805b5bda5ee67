"""The reports about agents say of synthetic recordings what was put into them, and nothing of one session alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.execution.block import sessions as recorded
from harness.recorder.versions import publish_version
from harness.studies import STUDIES
from harness.units import MS, RATIO
from hooks.analysis.measurements import Measurements
from hooks.claims.evaluate import Bounds, State, decide
from hooks.claims.predicate import parse
from hooks.content.blocks import Cell, Content
from hooks.recipes.agents.knee import IN_TIME, LATE, LIMIT_MS, NOT_SHOWN, arrives
from hooks.recipes.agents.timeline import spread
from hooks.recipes.report_builder import Draft
from hooks.recipes.rows import Row
from hooks.recipes.sources import Source
from hooks.replication.corpus import AllReports
from hooks.replication.findings import Published
from hooks.replication.outcomes import Outcome
from hooks.reports import compute
from hooks.reports.tr116 import FARTHER
from hooks.values.evidence import Interval, Strength
from hooks.values.value import Value
from hooks.verify.reader.dataset import Sealed, sealed_datasets
from hooks.verify.reader.samples import Samples
from hooks.verify.recompute.questions import answer_of
from tests.support.agent_recordings import GAP_MS, PROMPT_MS, TOGETHER, TOKENS, USED, make_agents
from tests.support.datasets import make_dataset
from tests.support.questions import stated

REPORTS = ("tr109", "tr110", "tr111", "tr112", "tr113", "tr114", "tr115", "tr116", "tr117-agents")
OF_THIS_DATASET = {"reports-apart"}
"""Claims that count what a dataset holds, which one session is enough for."""
SESSIONS = 8
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("agents")


@cache
def dataset(root: Path, study: str, sessions: int) -> Path:
    """A recording of one session, or the version of several."""
    made = make_agents(root / str(sessions), study, sessions=sessions)
    if sessions == 1:
        return made
    folder = root / str(sessions)
    return publish_version(folder, recorded(STUDIES.load(study), folder)).path


@cache
def content(root: Path, report: str, sessions: int) -> Content:
    data = Measurements(Dataset.open(dataset(root, report, sessions)))
    if report == "tr117-agents":
        engines = Measurements(Dataset.open(make_dataset(root / f"engines-{sessions}", runs=8)))
        named = {"clients": Source(data, STUDIES.load(report)), "engines": Source(engines, STUDIES.load("tr108"))}
        draft = Draft.over(named)
    else:
        draft = Draft(data, STUDIES.load(report))
    compute(report)(draft)
    return draft.content()


def states(made: Content, begins: str) -> set[State]:
    return {claim.state for name, claim in made.claims.items() if name.startswith(begins)}


@pytest.mark.parametrize("report", REPORTS)
def test_one_session_settles_nothing(root: Path, report: str) -> None:
    made = content(root, report, 1)
    assert made.claims
    assert {claim.state for name, claim in made.claims.items() if name not in OF_THIS_DATASET} == {State.INCONCLUSIVE}
    assert not any("[—" in claim.text for claim in made.claims.values())
    assert made.facts.headline in made.claims


@pytest.mark.parametrize("report", ["tr110", "tr116"])
def test_two_servers_gain_what_was_put_in(root: Path, report: str) -> None:
    made = content(root, report, SESSIONS)
    assert states(made, "gain") == {State.HOLDS}
    assert states(made, "overlap-is-no-gain") == {State.HOLDS}
    gain = next(value for name, value in made.findings.items() if name.startswith("gain")).number
    assert gain == pytest.approx(2 / TOGETHER, rel=0.06)


def test_one_server_makes_the_second_agent_wait(root: Path) -> None:
    made = content(root, "tr113", SESSIONS)
    assert states(made, "gain") == {State.FAILS}
    assert states(made, "parallel-") == {State.INCONCLUSIVE}


def test_the_planned_comparison_answers_where_its_study_asks_one(root: Path) -> None:
    servers, slots = (content(root, report, SESSIONS) for report in ("tr114", "tr113"))
    assert servers.facts.headline == "second-server"
    assert "tasks per hour than one server of two threads" in servers.claims["second-server"].text
    assert slots.claims["slots"].text.startswith("Over all configurations, two slots ")


def test_a_model_that_is_not_shown_to_matter_more_is_not_said_to(root: Path) -> None:
    for sessions in (1, SESSIONS):
        for name, claim in content(root, "tr116", sessions).claims.items():
            if name.startswith("model-over-language"):
                open_ = claim.state is State.INCONCLUSIVE
                assert ("is not shown to change" in claim.text) is open_


@pytest.mark.parametrize(
    ("model", "language", "expected"),
    [
        ((0.77, 0.87), (1.001, 1.048), State.HOLDS),
        ((1.3, 1.6), (0.9, 0.95), State.HOLDS),
        ((0.96, 0.98), (1.01, 1.05), State.INCONCLUSIVE),
        ((0.99, 1.02), (1.2, 1.3), State.FAILS),
    ],
)
def test_one_ratio_is_farther_from_one_than_another(
    model: tuple[float, float], language: tuple[float, float], expected: State
) -> None:
    back = (1 / language[1], 1 / language[0])
    bounds = {
        name: Bounds(low, high, SESSIONS, RATIO)
        for name, (low, high) in (("other", model), ("language", language), ("back", back))
    }
    assert decide(parse(FARTHER), bounds) is expected


@pytest.mark.parametrize("report", ["tr109", "tr111"])
def test_the_planned_test_of_equivalence_is_said_where_it_finds_one(root: Path, report: str) -> None:
    made = content(root, report, SESSIONS)
    assert states(made, "tuned-") == {State.INCONCLUSIVE}
    assert states(made, "same-") == {State.HOLDS}
    assert "is within 5 % of that at the defaults, by the planned test" in made.claims["same-tuned"].text
    assert not states(content(root, report, 1), "same-")


def test_a_comparison_without_an_interval_says_why(root: Path) -> None:
    claims = content(root, "tr111", 1).claims
    told = [claim.text for name, claim in claims.items() if name.startswith("tuned-")]
    assert told
    assert all(text.endswith("(too few blocks of runs for an interval).") for text in told)


def test_a_language_costs_what_its_processes_used(root: Path) -> None:
    made = content(root, "tr112", SESSIONS)
    for place, metric in enumerate(("agent-startup", "agent-cpu-time", "agent-rss-peak")):
        name = f"rust-{metric}"
        assert made.claims[name].state is State.HOLDS
        expected = USED["rust"][place] / USED["python"][place]
        assert made.findings[name.replace("-", "_")].number == pytest.approx(expected, rel=0.03)
    assert set(made.figures) >= {"ratios", "duration"}


def test_a_client_is_set_against_an_engine(root: Path) -> None:
    made = content(root, "tr117-agents", SESSIONS)
    assert states(made, "engine-") == {State.HOLDS}
    python, rust = (made.findings[f"engine_{name}_1"].number for name in ("httpx", "tokio"))
    assert python is not None
    assert rust == pytest.approx(10 * python, rel=0.05)
    most = made.findings["most_httpx_1"]
    assert (most.unit.symbol, most.interval is not None) == ("tok/s", True)


def test_the_knee_of_a_client_lies_before_the_rate_at_which_its_tokens_are_late(root: Path) -> None:
    made = content(root, "tr117-agents", SESSIONS)
    assert states(made, "knee-") == {State.HOLDS}
    python, rust = made.claims["knee-httpx-1"], made.claims["knee-tokio-1"]
    assert {"kept", "early", "lost", "late"} == set(python.values)
    assert python.values["kept"].number == pytest.approx(1000, rel=0.01)
    late = python.values["late"].interval
    assert late is not None
    assert late.low > LIMIT_MS
    assert set(rust.values) == {"kept", "early"}
    assert rust.text.startswith("tokio × 1 keeps up with all that the server can offer to a stream")
    assert made.findings["knee_tokio_1"].number == rust.values["kept"].number


def test_one_session_shows_no_knee(root: Path) -> None:
    assert not states(content(root, "tr117-agents", 1), "knee-")


@pytest.mark.parametrize(
    ("ends", "said"), [((1, 19), IN_TIME), ((1, 21), NOT_SHOWN), ((21, 30), LATE), (None, NOT_SHOWN)]
)
def test_a_lag_is_in_time_where_its_whole_interval_is(ends: tuple[float, float] | None, said: str) -> None:
    interval = Interval(*ends, 0.95, "order statistics") if ends else None
    assert arrives(Value(10.0, MS, Strength.MEASURED, interval)) == said


@pytest.mark.parametrize("report", ["tr109", "tr110", "tr111", "tr112", "tr113"])
def test_one_report_in_all_tasks_says_nothing_of_the_score(root: Path, report: str) -> None:
    claim = content(root, report, SESSIONS).claims["reports-apart"]
    assert claim.state is State.HOLDS
    assert "nothing shows whether the quality score tells texts apart" in claim.text


@pytest.mark.parametrize(("most", "kept"), [(1, [0]), (2, [0, 6]), (4, [0, 2, 4, 6]), (9, list(range(7)))])
def test_timelines_are_of_rows_at_even_distances(most: int, kept: list[int]) -> None:
    every = [Row({"arm": number}, {}) for number in range(7)]
    assert spread(every, most) == [every[place] for place in kept]


def test_every_run_is_a_point_of_the_spread(root: Path) -> None:
    made = content(root, "tr115", SESSIONS)
    runs = Dataset.open(dataset(root, "tr115", SESSIONS)).runs.num_rows
    assert len(made.figures["spread"].table.rows) == runs


@pytest.mark.parametrize("report", ["tr110", "tr113"])
def test_the_timeline_is_what_the_referee_reads(root: Path, report: str) -> None:
    made = content(root, report, SESSIONS)
    folder = dataset(root, report, SESSIONS)
    found = [one for one in sealed_datasets(folder.parents[1]) if isinstance(one, Sealed)]
    (sealed,) = (one for one in found if one.folder == folder)
    samples = Samples(sealed)
    moments = [cell for row in made.figures["timeline-1"].table.rows for cell in row if isinstance(cell, Value)]
    assert len(moments) >= 8
    for value in moments:
        assert value.question is not None
        assert answer_of(samples, stated(value.question)).number == value.number


def test_the_timeline_shows_the_wait_in_the_queue_of_one_server(root: Path) -> None:
    made = content(root, "tr113", SESSIONS)
    chosen = sorted(name for name in made.figures if name.startswith("timeline-"))
    assert [name.replace("-", "_") for name in chosen] == sorted(
        n for n in made.facts.flags if n.startswith("timeline")
    )
    rows = made.figures[chosen[-1]].table.rows
    lengths = {what: _lengths(rows, what) for what in ("queue", "tokens")}
    assert max(lengths["queue"]) == pytest.approx(PROMPT_MS / 1e3, abs=0.002)
    assert lengths["tokens"] == [pytest.approx(GAP_MS * TOGETHER * (TOKENS - 1) / 1e3, rel=0.1)] * 4


def test_enough_sessions_test_what_was_published_earlier(root: Path) -> None:
    """Every figure of these reports is decided, or is untestable with what is missing."""
    found, reports = [], ("tr110", "tr112", "tr113")
    for report in reports:
        made, label = content(root, report, SESSIONS), f"{report}/v1"
        fields = {"findings": made.findings, "claims": made.claims, "facts": made.facts}
        found.append(Published(report, label, "2026-01-02", "quick", "some machine", "published", **fields))
    everything = AllReports.load(ROOT / "data" / "cited", ROOT / "docs" / "series", found)
    lines = {line.figure.id: line for line in everything.replications}
    untested = {name for name, line in lines.items() if line.outcome is Outcome.NOT_TESTED}
    assert not untested & {name for name, line in lines.items() if line.figure.report in reports}
    for ceiling in ("tr117-agents.python_ceiling", "tr117-agents.python_cap", "tr116.python_ceiling"):
        assert lines[ceiling].outcome is Outcome.NOT_REPLICATED
    assert [finding.id for finding in lines["tr113.contention"].findings] == ["tr113.contention"]


def _lengths(rows: Iterable[tuple[Cell, ...]], what: str) -> list[float]:
    """How long each span of a timeline is that is called so, seconds."""
    found = []
    for _, named, begin, end in rows:
        if named == what and isinstance(begin, Value) and isinstance(end, Value):
            found.append((end.number or 0.0) - (begin.number or 0.0))
    return found
