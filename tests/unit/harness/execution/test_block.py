"""Sessions: apart in time or by a restart, continued only as themselves, sealed one block each."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.design import Study
from harness.errors import UsageError
from harness.events import Scalar
from harness.execution.block import block_session, may_continue, of_host, sessions, wait_s
from harness.execution.recording_session import Session
from harness.recorder.recorder import Recorder
from harness.recorder.seal import seal_recording
from tests.support.datasets import ENVIRONMENT, header, make_dataset, synthetic_study
from tests.support.runs import RunMaker

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HERE: dict[str, Scalar] = {**ENVIRONMENT, "boot_id": "b1"}


def study() -> Study:
    return replace(synthetic_study(), sessions=3)


def recorded(root: Path, ended: datetime, seed: int = 7, **environment: Scalar) -> Path:
    facts = {"boot_id": "b1", **environment}
    session = {"ended": ended.isoformat()}
    return make_dataset(root, study=study(), runs=1, requests=1, seed=seed, environment=facts, session=session)


@pytest.mark.parametrize(("minutes", "left"), [(0, 60), (23, 37), (59, 1), (60, 0), (600, 0)])
def test_two_sessions_of_one_host_lie_an_hour_apart(tmp_path: Path, minutes: int, left: int) -> None:
    recorded(tmp_path, NOW - timedelta(minutes=minutes))
    assert wait_s(study(), tmp_path, HERE, NOW) == left * 60


@pytest.mark.parametrize("changed", [{"boot_id": "b2"}, {"host_id": "another"}])
def test_a_restart_or_another_host_needs_no_wait(tmp_path: Path, changed: dict[str, Scalar]) -> None:
    recorded(tmp_path, NOW - timedelta(minutes=1))
    assert wait_s(study(), tmp_path, {**HERE, **changed}, NOW) == 0


def test_a_first_session_needs_no_wait(tmp_path: Path) -> None:
    assert wait_s(study(), tmp_path, HERE, NOW) == 0


def begin(session: Session, declared: Study, recorded_runs: int = 3, **environment: Scalar) -> Session:
    """A block of which some runs are in the journal, the last of them just now."""
    session.folder.mkdir(parents=True)
    planned = session.planned
    begun = replace(header(declared, planned), environment={**HERE, **environment}, order_seed=session.order_seed)
    maker = RunMaker(declared, requests=1, tokens=4, seed=1, effect={})
    with Recorder.create(session.journal, begun) as recorder:
        for item in planned[:recorded_runs]:
            recorder.append(maker.run(item))
    os.utime(session.journal, (NOW.timestamp(), NOW.timestamp()))
    return session


def test_a_block_has_each_cell_once_and_an_order_of_its_own(tmp_path: Path) -> None:
    one, other = (block_session(study(), tmp_path / name) for name in "ab")
    assert len(one.planned) == 8
    assert {item.cell for item in one.planned} == {item.cell for item in other.planned}
    assert one.order_seed != other.order_seed


def test_a_block_that_was_begun_goes_on_with_its_order(tmp_path: Path) -> None:
    begun = begin(block_session(study(), tmp_path), study())
    assert may_continue(begun, tmp_path / "data", HERE, NOW + timedelta(minutes=50)) == ""
    assert block_session(study(), tmp_path).planned == begun.planned


@pytest.mark.parametrize(
    ("facts", "later", "why"),
    [
        ({**HERE, "boot_id": "b2"}, timedelta(), "restarted"),
        ({**HERE, "host_id": "another"}, timedelta(), "another one"),
        ({**HERE, "python": "CPython 3.99"}, timedelta(), "environment has changed since (python: CPython 3.11.0 ≠"),
        (HERE, timedelta(hours=1, seconds=1), "more than an hour"),
    ],
)
def test_a_block_of_another_session_is_set_aside_and_never_mixed(
    tmp_path: Path, facts: dict[str, Scalar], later: timedelta, why: str
) -> None:
    begun = begin(block_session(study(), tmp_path), study())
    assert why in may_continue(begun, tmp_path / "data", facts, NOW + later)
    assert not begun.journal.exists()
    assert (begun.folder / "journal.1").exists()


def test_a_block_of_a_study_that_changed_is_set_aside(tmp_path: Path) -> None:
    begun = begin(block_session(study(), tmp_path), study())
    changed = replace(begun, study=replace(study(), sessions=4))
    assert "the study has changed" in may_continue(changed, tmp_path / "data", HERE, NOW)


def test_a_sealed_block_makes_room(tmp_path: Path) -> None:
    begun = begin(block_session(study(), tmp_path), study(), recorded_runs=8)
    seal_recording(begun.journal, tmp_path / "data", {"ended": NOW.isoformat()})
    assert may_continue(begun, tmp_path / "data", HERE, NOW) == ""
    assert not begun.journal.exists()


def test_sessions_of_another_declaration_do_not_count(tmp_path: Path) -> None:
    recorded(tmp_path, NOW)
    assert [ref.label for ref in sessions(study(), tmp_path)] == ["tr108/r0001"]
    assert sessions(replace(study(), order_seed=4), tmp_path) == ()


@pytest.fixture(scope="module")
def of_three_hosts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sessions of a host, of two whose ids begin alike, and of one that does not tell its id."""
    root = tmp_path_factory.mktemp("hosts")
    for number, host in enumerate(("aaaa1111", "bbbb1111", "aaaa1111", "bbbb2222", None)):
        recorded(root, NOW, number, host_id=host)
    return root


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("aaaa1111", ["r0001", "r0003"]),
        ("aaaa", ["r0001", "r0003"]),
        ("bbbb2", ["r0004"]),
        ("unknown", ["r0005"]),
    ],
)
def test_the_sessions_of_one_host(of_three_hosts: Path, host: str, names: list[str]) -> None:
    found = sessions(study(), of_three_hosts)
    assert [ref.name for ref in of_host(found, host)] == names


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("bbbb", "'bbbb' begins the ids of several hosts"),
        ("aaa", "no session is of host 'aaa'"),
        ("cccc", "no session is of host 'cccc'"),
    ],
)
def test_a_host_that_is_none_or_several_is_refused_with_those_there_are(
    of_three_hosts: Path, host: str, why: str
) -> None:
    there = "aaaa1111 (2 sessions), bbbb1111 (1 session), bbbb2222 (1 session), unknown (1 session)"
    with pytest.raises(UsageError) as refused:
        of_host(sessions(study(), of_three_hosts), host)
    assert str(refused.value) == f"{why}; name one by at least 4 characters of its id: {there}"


def test_an_id_that_begins_another_one_is_that_host(tmp_path: Path) -> None:
    for number, host in enumerate(("aaaa", "aaaabb")):
        recorded(tmp_path, NOW, number, host_id=host)
    assert [ref.name for ref in of_host(sessions(study(), tmp_path), "aaaa")] == ["r0001"]
