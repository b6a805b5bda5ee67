"""What a report says of its design, whatever its subject."""

from __future__ import annotations

import pytest

from harness.design import Load
from harness.design.load import AgentTasks, ClosedLoop, Offline, OpenLoop, Replay
from hooks.recipes.standard_tables import loops


@pytest.mark.parametrize(
    ("loads", "kinds"),
    [
        ([ClosedLoop(), ClosedLoop(4), AgentTasks(2)], ["closed"]),
        ([OpenLoop(4.0), Replay("trace.csv"), Offline(offline=True)], ["open"]),
        ([ClosedLoop(), OpenLoop(4.0)], ["closed", "open"]),
        ([], []),
    ],
)
def test_the_kind_of_loop_follows_the_loads(loads: list[Load], kinds: list[str]) -> None:
    assert [words.partition(" loop")[0] for words in loops(loads)] == kinds
