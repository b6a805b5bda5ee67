from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.errors import UsageError
from hooks.claims import review
from hooks.claims.claim import Claim
from hooks.claims.review import (
    ClaimChanged,
    Kind,
    changes,
    demand_reviewed,
    note_html,
    read_review,
    review_of,
    review_text,
)
from hooks.commands import review as command
from hooks.content.blocks import Content

from .test_claim import SLOWER, estimate

DIGEST = "a" * 64


def with_delta(number: float, low: float, high: float) -> Claim:
    return replace(SLOWER, values={**SLOWER.values, "delta": estimate(number, low, high, name="delta")})


READ = review_of([SLOWER], "tr900/v1", DIGEST)


def test_a_review_survives_its_file(tmp_path: Path) -> None:
    path = review.review_path(tmp_path, "tr900")
    path.parent.mkdir()
    assert read_review(path) is None
    path.write_text(review_text("tr900", READ), encoding="utf-8")
    assert read_review(path) == READ
    assert "reports review tr900" in path.read_text().splitlines()[1]


@pytest.mark.parametrize("text", ["- 1", "dataset: x\ndigest: y\nclaims: {c: {state: perhaps}}", "{"])
def test_a_damaged_review_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tr900.claims.yml"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"tr900\.claims\.yml"):
        read_review(path)


def test_unchanged_claims_pass() -> None:
    demand_reviewed("tr900", review_of([SLOWER], "tr900/v2", "b" * 64), READ)


def test_the_last_bits_of_a_number_do_not_matter() -> None:
    moved = with_delta(9.1 * (1 + 1e-13), 8.0, 10.0)
    assert changes(review_of([moved], "tr900/v1", DIGEST), READ) == ()


def test_a_flipped_verdict_is_a_decision_error() -> None:
    now = review_of([with_delta(-9.1, -10.0, -8.0)], "tr900/v2", "b" * 64)
    with pytest.raises(ClaimChanged) as raised:
        demand_reviewed("tr900", now, READ)
    message = str(raised.value)
    assert "claim cold-slower: decision error, the verdict was “holds” and is “does not hold”" in message
    assert "was  A cold request takes 21.3\u00a0ms [20.1, 22.5], longer than a warm one" in message
    assert "now  A cold request takes 21.3\u00a0ms [20.1, 22.5], shorter than a warm one" in message
    assert "delta: 9.1\u00a0ms [8.0, 10.0] → −9.1\u00a0ms [−10.0, −8.0]" in message
    assert "cold:" not in message
    assert "reports review tr900" in message


def test_a_moved_figure_is_an_inconsistency() -> None:
    (change,) = changes(review_of([with_delta(9.6, 8.0, 10.0)], "tr900/v1", DIGEST), READ)
    assert change.kind is Kind.FIGURE
    lines = list(change.lines("tr900"))
    assert lines[0] == "claim cold-slower: inconsistency, the verdict is still “holds”"
    assert "  delta: 9.1\u00a0ms [8.0, 10.0] → 9.6\u00a0ms [8.0, 10.0]" in lines


def test_a_difference_too_small_to_see_is_shown_in_full() -> None:
    (change,) = changes(review_of([with_delta(9.1001, 8.0, 10.0)], "tr900/v1", DIGEST), READ)
    assert any("(9.1, 8.0, 10.0) → " in line and "(9.1001, 8.0, 10.0)" in line for line in change.lines("tr900"))


def test_claims_that_nobody_read_and_claims_that_are_gone() -> None:
    other = replace(SLOWER, id="other")
    kinds = {change.claim_id: change.kind for change in changes(review_of([other], "tr900/v1", DIGEST), READ)}
    assert kinds == {"other": Kind.UNREVIEWED, "cold-slower": Kind.GONE}
    with pytest.raises(ClaimChanged, match="cold-slower: unreviewed"):
        demand_reviewed("tr900", READ, None)


def test_other_data_get_a_note_and_the_reviewed_data_none() -> None:
    assert note_html(SLOWER, READ, DIGEST) == ""
    assert note_html(SLOWER, None, DIGEST) == ""
    note = note_html(SLOWER, READ, "b" * 64)
    assert "re-evaluated on this recording" in note
    assert 'data-lit="identifier">tr900/v1</span>' in note
    assert "where it held" in note
    assert "where it" not in note_html(replace(SLOWER, id="new"), READ, "b" * 64)


def written(docs: Path) -> Path:
    path = review.review_path(docs, "tr900")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(review_text("tr900", READ), encoding="utf-8")
    return docs


def test_published_data_must_bear_their_review(tmp_path: Path) -> None:
    docs = written(tmp_path)
    assert review.judge("tr900", [SLOWER], docs, dataset="tr900/v1", digest=DIGEST, local=False) == {}
    flipped = with_delta(-9.1, -10.0, -8.0)
    with pytest.raises(ClaimChanged, match="decision error"):
        review.judge("tr900", [flipped], docs, dataset="tr900/v1", digest=DIGEST, local=False)
    with pytest.raises(ClaimChanged, match="unreviewed"):
        review.judge("tr900", [SLOWER], tmp_path / "without", dataset="tr900/v1", digest=DIGEST, local=False)


def test_a_local_recording_never_fails_and_says_what_was_written_for_which_data(tmp_path: Path) -> None:
    flipped = with_delta(-9.1, -10.0, -8.0)
    notes = review.judge("tr900", [flipped], written(tmp_path), dataset="tr900/v1", digest="b" * 64, local=True)
    assert "where it held" in notes["cold-slower"]
    without = review.judge("tr900", [flipped], tmp_path / "x", dataset="tr900/v1", digest="b" * 64, local=True)
    assert without == {"cold-slower": ""}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose tr900 publishes v1, with one claim."""
    (tmp_path / "docs" / "reports").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "mkdocs.yml").touch()
    (tmp_path / "docs" / "reports" / "tr900.md").write_text("---\ntitle: x\ndataset: v1\n---\n")
    folder = tmp_path / "data" / "tr900" / "v1"
    (tmp_path / "data").mkdir()
    edition = SimpleNamespace(label="tr900/v1", digest=DIGEST, folder=folder)
    monkeypatch.setattr(command, "datasets_of", lambda *_: (SimpleNamespace(edition=edition, name=""),))
    monkeypatch.setattr(command, "content", lambda *_: Content(claims={SLOWER.id: SLOWER}))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_shows_what_differs_and_writes_what_was_read(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.review("tr900", yes=True)
    assert "claim cold-slower: unreviewed" in capsys.readouterr().out
    assert read_review(review.review_path(project / "docs", "tr900")) == READ
    command.review("tr900", yes=True)
    assert capsys.readouterr().out == "Claims: 1, none differs from its review.\n"


def test_nothing_is_written_without_consent(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command.typer, "confirm", lambda _: False)
    with pytest.raises(command.typer.Abort):
        command.review("tr900")
    assert read_review(review.review_path(project / "docs", "tr900")) is None
