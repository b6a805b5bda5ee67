"""Only a supported claim recommends, and it recommends the side that its metric calls better."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.units import RATIO
from hooks.analysis.contrasts import contrasts
from hooks.claims.claim import AnyClaim, Claim
from hooks.claims.ranking import Ranking
from hooks.claims.verdict import Verdict
from hooks.content.blocks import Content
from hooks.editions.edition import Edition
from hooks.pages.results.advice import OTHERS, Advice, advice
from hooks.pages.results.advisor import by_turns
from hooks.pages.results.published_values import Source
from hooks.recipes.claims import FASTER, TIMES
from hooks.recipes.report_builder import Draft
from hooks.values.evidence import Interval, Strength
from hooks.values.questions import Contrasted
from hooks.values.value import Value
from tests.support.datasets import synthetic_study

SENTENCE = f"It is {FASTER} one thread: {TIMES}."
GEMMA = "gemma-3-270m-q4_k_m"


class _Report:
    """As much of a report as advice asks of one."""

    def __init__(self, edition: Edition, *claims: AnyClaim, values: tuple[Value, ...] = ()) -> None:
        self.id = "tr108"
        self.editions = (edition,)
        findings = {f"finding-{number}": value for number, value in enumerate(values)}
        self.content = Content(findings, {claim.id: claim for claim in claims})


@pytest.fixture
def edition(recorded: Path) -> Edition:
    from harness.datasets.recordings import read_manifest

    manifest = read_manifest(recorded / "tr108" / "v1")
    return Edition(recorded / "tr108" / "v1", manifest, manifest.digest, local=True)


def given(edition: Edition, *claims: AnyClaim, values: tuple[Value, ...] = ()) -> tuple[Advice, ...]:
    report: Any = _Report(edition, *claims, values=values)
    stated = frozenset(value.id for value in report.content.values())
    return advice([Source(report, stated)])


def ratio(edition: Edition, low: float, high: float, metric: str = "ttft") -> Value:
    asked = Contrasted(
        dataset=edition.label,
        digest=edition.digest,
        where=(("model", (GEMMA,)),),
        metric=metric,
        version=1,
        phase="measured",
        within="median",
        factor="threads",
        level=2,
        reference=1,
    )
    middle = (low * high) ** 0.5
    return Value(middle, RATIO, Strength.DERIVED, Interval(low, high, 0.95, "t"), 6, question=asked)


def effect(edition: Edition, low: float, high: float, metric: str = "ttft", predicate: str = "ratio.high < 1") -> Claim:
    return Claim("threads", SENTENCE, {"ratio": ratio(edition, low, high, metric)}, predicate, in_session=True)


def test_the_faster_side_of_a_supported_contrast_is_recommended(edition: Edition) -> None:
    (one,) = given(edition, effect(edition, 0.5, 0.6))
    assert one.claim.verdict is Verdict.SUPPORTED
    assert one.best is not None
    assert one.best.where == (("model", (GEMMA,)), ("threads", (2,)))
    assert (one.over, one.ranked, one.metric_name) == ("threads 1", False, "time to first token")


def test_a_sentence_that_says_slower_recommends_the_reference(edition: Edition) -> None:
    (one,) = given(edition, effect(edition, 1.5, 1.6))
    assert one.claim.verdict is Verdict.SUPPORTED
    assert one.best is not None
    assert one.best.where == (("model", (GEMMA,)), ("threads", (1,)))
    assert one.over == "threads 2"


def test_of_a_rate_the_higher_side_is_better(edition: Edition) -> None:
    (one,) = given(edition, effect(edition, 1.5, 1.6, "decode_tps", "ratio.low > 1"))
    assert one.best is not None
    assert one.best.where[-1] == ("threads", (2,))


def test_what_is_not_settled_recommends_nothing(edition: Edition) -> None:
    (one,) = given(edition, effect(edition, 0.9, 1.1))
    assert one.claim.verdict is Verdict.OPEN
    assert (one.best, one.over, one.expected) == (None, "", None)


def test_equivalence_is_no_advice(edition: Edition) -> None:
    sentence = "A second thread leaves the first token within {5|threshold} %: {ratio} {ratio.interval}."
    values = {"ratio": ratio(edition, 1.01, 1.03)}
    alike = Claim("alike", sentence, values, "ratio.low > 0.952 and ratio.high < 1.05", in_session=True)
    assert alike.verdict is Verdict.SUPPORTED
    assert given(edition, alike) == ()


def test_a_ranking_recommends_its_winner_and_its_number(draft: Draft, edition: Edition) -> None:
    cells = {f"{threads}": draft.ask("decode_tps", {"model": GEMMA, "threads": threads}) for threads in (1, 2)}
    ranking = Ranking("best", "decode speed", cells, higher_is_better=True, best=("2",), in_session=True)
    tied = Ranking("tied", "decode speed", cells, higher_is_better=True, best=("2", "1"), in_session=True)
    first, second = given(edition, tied, ranking)
    assert first.claim is ranking, "what is recommended stands first"
    assert first.best is not None
    assert first.best.words == "threads 2; pooled over layers for a GPU"
    assert (first.over, first.expected) == (OTHERS, cells["2"])
    assert first.about.words == "as declared; pooled over layers for a GPU and threads"
    assert (second.best, second.expected) == (None, None)


def test_the_published_number_of_the_recommended_side_stands_beside_it(draft: Draft, edition: Edition) -> None:
    (contrast,) = contrasts(draft.data, "decode_tps", "threads", {"model": GEMMA})
    sentence = "Two threads decode {ratio~1:faster|slower|not shown faster}: {ratio} {ratio.interval}."
    claim = Claim("more", sentence, {"ratio": contrast.ratio}, "ratio.low > 1", in_session=True)
    there = draft.ask("decode_tps", {"model": GEMMA, "threads": 2})
    other = draft.ask("ttft", {"model": GEMMA, "threads": 2})
    (one,) = given(edition, claim, values=(other, there))
    assert one.expected == there
    (alone,) = given(edition, claim, values=(other,))
    assert alone.expected is None


@pytest.fixture
def draft(measured: Any) -> Draft:
    return Draft(measured, synthetic_study())


def test_advice_of_different_metrics_comes_by_turns_and_what_settles_nothing_last(edition: Edition) -> None:
    settled = [
        effect(edition, 0.5, 0.6),
        replace(effect(edition, 0.5, 0.6), id="again"),
        replace(effect(edition, 1.5, 1.6, "decode_tps"), id="rate"),
    ]
    unsettled = replace(effect(edition, 0.9, 1.1, "e2e_latency"), id="none")
    rows = by_turns(given(edition, unsettled, *settled))
    assert [one.claim.id for one in rows] == ["threads", "rate", "again", "none"]
