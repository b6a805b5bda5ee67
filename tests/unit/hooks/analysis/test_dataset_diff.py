from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from hooks.analysis.dataset_diff import Difference, Moved, diff
from hooks.commands.diff import diff_versions
from tests.support.datasets import make_dataset


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """v1; v2 with faster runs on two threads; v3 like v1, but with failed runs and another seed."""
    made = tmp_path_factory.mktemp("data")
    make_dataset(made, runs=7)
    make_dataset(made, runs=7, seed=1, effect={"threads=2": 1.4}, supersedes_reason="a test")
    make_dataset(made, runs=7, seed=2, failures=10, supersedes_reason="a test")
    return made


def versions(root: Path, first: int, second: int) -> Difference:
    return diff(*(Dataset.open(root / "tr108" / f"v{number}") for number in (first, second)))


def levels(moved: Moved) -> dict[str, object]:
    return dict(moved.cell)


def test_a_real_change_is_found_in_its_cells_and_only_there(root: Path) -> None:
    found = versions(root, 1, 2)
    speed = [moved for moved in found.numbers if moved.metric == "decode_tps"]
    assert len(speed) == 8
    assert {moved.found for moved in speed if levels(moved)["threads"] == 2} == {"higher"}
    assert all(moved.confirmed for moved in speed if levels(moved)["threads"] == 2)
    assert not any(moved.confirmed for moved in speed if levels(moved)["threads"] == 1)
    first = next(moved for moved in speed if levels(moved)["threads"] == 2)
    assert first.difference is not None
    assert first.first is not None
    assert first.second is not None
    assert first.difference.value == pytest.approx((first.second.number or 0) - (first.first.number or 0), rel=0.2)


def test_a_dataset_does_not_differ_from_itself(root: Path) -> None:
    found = versions(root, 1, 1)
    assert found.changed == ()
    assert found.facts == {}
    assert {moved.found for moved in found.numbers} == {"no change found"}


def test_the_manifests_are_compared(root: Path) -> None:
    facts = versions(root, 1, 3).facts
    assert facts["outcomes"] == ({"ok": 56}, {"failed": 10, "ok": 46})
    assert not any(name.startswith("environment") for name in facts)


def test_cells_of_one_version_only_are_named(root: Path, tmp_path: Path) -> None:
    make_dataset(tmp_path, runs=1)
    found = diff(Dataset.open(root / "tr108" / "v1"), Dataset.open(tmp_path / "tr108" / "v1"))
    assert {moved.found for moved in found.numbers} == {"too few runs"}
    make_dataset(tmp_path, runs=1, failures=7, seed=3, supersedes_reason="a test")
    failed = diff(Dataset.open(root / "tr108" / "v1"), Dataset.open(tmp_path / "tr108" / "v2"))
    alone = [moved for moved in failed.numbers if moved.found == "only in the first"]
    assert len(alone) == len(failed.numbers) * 7 / 8
    assert all(moved.second is None for moved in alone)


def test_the_command_prints_what_moved(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "templates").mkdir()
    monkeypatch.chdir(tmp_path)
    diff_versions("tr108", "v1", "v2", data=root)
    shown = capsys.readouterr().out
    assert "threads=2" in shown
    assert "numbers moved beyond the interval of their difference" in shown
    diff_versions("tr108", "v1", "v2", data=root, as_json=True)
    assert '"found": "higher"' in capsys.readouterr().out
