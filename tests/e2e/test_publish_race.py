"""Writers that race to publish: always one winner, never litter, never a mixture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.datasets.catalog import catalog
from harness.datasets.read import Dataset
from tests.support.journals import write_journal
from tests.support.zygote import Zygote, zygote

ROUNDS = 1000
SEALED, REFUSED = 0, 3


@pytest.fixture(scope="module")
def children() -> Iterator[Zygote]:
    with zygote() as started:
        yield started


def test_a_thousand_races_for_a_version_have_one_winner_each(tmp_path: Path, children: Zygote) -> None:
    slots, folder = tmp_path / "slots", tmp_path / "data" / "tr108"
    slots.write_bytes(bytes(16))
    racers = [children.start("race", str(folder), ROUNDS, who, str(slots)) for who in (0, 1)]
    assert [children.wait(racer) for racer in racers] == [0, 0]
    winners = {}
    for who in (0, 1):
        won = [int(line) for line in (folder.parent / f"won-{who}").read_text().split()]
        assert not winners.keys() & set(won)
        winners |= dict.fromkeys(won, who)
    assert sorted(winners) == list(range(1, ROUNDS + 1))
    assert len(set(winners.values())) == 2
    assert {path.name: (path / "writer").read_text() for path in folder.iterdir()} == {
        f"v{number}": str(who) for number, who in winners.items()
    }


@pytest.mark.parametrize("attempt", range(5))
def test_sealing_one_journal_from_many_processes_makes_one_version(
    tmp_path: Path, children: Zygote, attempt: int
) -> None:
    journal, root = write_journal(tmp_path / "journal"), tmp_path / "data"
    pids = [children.start("seal_journal", str(journal), str(root)) for _ in range(4)]
    assert Counter(children.wait(pid) for pid in pids) == {SEALED: 1, REFUSED: 3}
    assert [ref.label for ref in catalog(root)] == ["tr108/v1"]
    assert [path.name for path in (root / "tr108").iterdir()] == ["v1"]


def test_sealing_many_journals_at_once_gives_each_a_version_of_its_own(tmp_path: Path, children: Zygote) -> None:
    root = tmp_path / "data"
    journals = [write_journal(tmp_path / f"journal-{seed}", seed) for seed in range(6)]
    pids = [children.start("seal_journal", str(journal), str(root)) for journal in journals]
    assert [children.wait(pid) for pid in pids] == [SEALED] * 6
    refs = catalog(root)
    assert [ref.version for ref in refs] == [1, 2, 3, 4, 5, 6]
    assert len({Dataset.open(ref.path).manifest.journal_id for ref in refs}) == 6


@pytest.mark.parametrize("attempt", range(5))
def test_two_journals_for_one_version_have_one_winner(tmp_path: Path, children: Zygote, attempt: int) -> None:
    root = tmp_path / "data"
    journals = [write_journal(tmp_path / f"journal-{seed}", seed) for seed in range(2)]
    pids = [children.start("seal_journal", str(journal), str(root), 7) for journal in journals]
    assert sorted(children.wait(pid) for pid in pids) == [SEALED, REFUSED]
    assert [path.name for path in (root / "tr108").iterdir()] == ["v7"]
    Dataset.open(root / "tr108" / "v7")
