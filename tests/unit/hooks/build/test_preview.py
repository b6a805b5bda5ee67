"""What another dataset version would change, on a report of the test's own."""

from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.errors import UnknownName, UsageError
from hooks.analysis.measurements import Measurements
from hooks.build import compute
from hooks.build.preview import preview
from hooks.claims.evaluate import State
from hooks.commands.preview import lines
from hooks.content.blocks import Column, Lit, Table, content_record
from hooks.project import Project
from hooks.recipes.report_builder import Draft
from tests.support.datasets import make_dataset, synthetic_study

PROSE = """---
title: A report
dataset: {version}
---
Nothing measured here.

Two threads decode {{{{ v.fast }}}}, which is {{{{ v.ratio }}}} of one; see {{{{ v["fast"] }}}}.

There were {{{{ v.runs }}}} runs.
"""


def small_report(_report: str, folder: Path, _other_recording: bool, _inputs: Path) -> object:
    """A computation as report modules are written: two findings, a claim and a table."""
    draft = Draft(Measurements(Dataset.open(folder)), synthetic_study())
    fast, slow = (draft.data.value("decode_tps", {"threads": level}) for level in (2, 1))
    draft.finding("fast", fast)
    draft.finding("runs", draft.data.count())
    ratio = draft.finding("ratio", fast / slow)
    draft.claim("threads", "Two threads are {r} as fast.", {"r": ratio}, "r.low > 1.2")
    rows = ((Lit("1", "setting"), slow), (Lit("2", "setting"), fast))
    draft.table(Table("speed", "Speed", (Column("threads"), Column("decode", slow.unit)), rows))
    draft.flag("scales", (ratio.number or 0) > 1.2)
    return content_record(draft.content())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    make_dataset(root, runs=6)
    make_dataset(root, runs=6, seed=1, effect={"threads=2": 1.5}, supersedes_reason="a test")
    return root


@pytest.fixture
def project(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(compute, "compute_content", small_report)
    (tmp_path / "docs" / "reports").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "docs" / "reports" / "tr108.md").write_text(PROSE.format(version="v1"))
    return Project.at(tmp_path, data)


def test_what_would_change_is_listed(project: Project) -> None:
    found = preview(project, "tr108", "v2")
    (sentence,) = found.sentences
    assert sentence.line == 7
    assert [shift.name for shift in sentence.shifts] == ["fast", "ratio"]
    (change,) = found.claims
    assert change.then is not None
    assert change.now is not None
    assert (change.then.state, change.now.state) == (State.FAILS, State.HOLDS)
    assert [shift.name for shift in found.tables["speed"]] == ["1: decode", "2: decode"]
    assert found.facts == {"scales": (False, True)}


def test_tables_without_values_are_compared_by_their_first_cell(project: Project) -> None:
    assert "files" in preview(project, "tr108", "v2").tables
    assert "models" not in preview(project, "tr108", "v2").tables


def test_the_same_version_changes_nothing(project: Project) -> None:
    found = preview(project, "tr108", "v1")
    assert found.empty
    assert list(lines(found)) == ["Nothing on the page of tr108 would change."]


def test_the_lines_show_old_and_new(project: Project) -> None:
    shown = "\n".join(lines(preview(project, "tr108", "v2")))
    assert "tr108: from tr108/v1 to tr108/v2" in shown
    assert "claim threads: decision error, the verdict was “does not hold” and is “holds”" in shown
    assert "tr108.md:7: Two threads decode" in shown
    assert "table speed: 2 cells" in shown
    assert "fact scales: False → True" in shown


def test_a_report_that_is_not_there_or_no_text_is_one_line(project: Project) -> None:
    with pytest.raises(UsageError, match=r"^there is no report 'tr999'; write docs/reports/tr999\.md first$"):
        preview(project, "tr999", "v1")
    (project.docs / "reports" / "tr999.md").write_bytes(b"---\ntitle: \xff\n---\n")
    with pytest.raises(UsageError, match=r"^tr999\.md:2: it is no UTF-8; save it as UTF-8$"):
        preview(project, "tr999", "v1")


def test_an_unknown_version_and_an_unpinned_report(project: Project) -> None:
    with pytest.raises(UnknownName, match="unknown dataset version 'v9'; choose one of: v1, v2"):
        preview(project, "tr108", "v9")
    path = project.docs / "reports" / "tr108.md"
    path.write_text(PROSE.format(version="v1").replace("dataset: v1\n", ""))
    with pytest.raises(UsageError, match="publishes no dataset yet"):
        preview(project, "tr108", "v2")
