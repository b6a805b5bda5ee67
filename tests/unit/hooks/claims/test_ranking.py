from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from harness.errors import UsageError
from harness.units import TOK_PER_S
from hooks.claims.claim import claim_html, claims_of, claims_record
from hooks.claims.evaluate import State
from hooks.claims.ranking import Ranking, ranked
from hooks.claims.review import Kind, changes, review_of
from hooks.values.evidence import Sample, Strength
from hooks.values.value import Value
from tests.support.questions import of_metric


def cell(name: str, numbers: Sequence[float]) -> Value:
    question = of_metric("decode_tps", where=(("cell", (name,)),), within="pooled")
    runs = tuple(f"{name}-{index}" for index in range(len(numbers)))
    sample = Sample((name,) * len(numbers), runs, tuple(numbers), "median")
    middle = sorted(numbers)[len(numbers) // 2]
    return Value(middle, TOK_PER_S, Strength.MEASURED, n=len(numbers), question=question, sample=sample)


SLOW, ALSO_SLOW = cell("512", [10.0, 10.1, 9.9, 10.2, 9.8, 10.05]), cell("1024", [10.02, 10.1, 9.95, 10.2, 9.8, 10.0])
FAST = cell("2048", [20.0, 20.1, 19.9, 20.2, 19.8, 20.05])


def rank(**cells: Value) -> Ranking:
    return ranked("best-context", "decode speed", {**cells}, higher_is_better=True)


def test_optimal_is_said_of_a_cell_that_beats_every_other() -> None:
    ranking = rank(a=SLOW, b=FAST, c=ALSO_SLOW)
    assert ranking.best == ("b",)
    assert ranking.state is State.HOLDS
    assert ranking.text == (
        "Optimal for decode speed: b (20.1\u00a0tok/s), told apart from every other after correction for all pairs."
    )


def test_a_tie_is_shown_as_a_tie() -> None:
    ranking = rank(a=SLOW, c=ALSO_SLOW)
    assert set(ranking.best) == {"a", "c"}
    assert ranking.state is State.INCONCLUSIVE
    assert "None is shown to be the best for decode speed. These cannot be told apart from the best: " in ranking.text
    assert "optimal for" not in ranking.text.replace("None is shown to be the best for", "")


def test_a_tie_is_listed_by_what_it_shows() -> None:
    """The mean of the logarithms, by which cells are compared, may order them otherwise than the medians shown."""
    higher_mean, higher_median = cell("m", [9.0, 9.1, 9.2, 9.3, 15.0, 15.1]), cell("n", [8.0, 9.5, 9.6, 9.7, 9.8, 9.9])
    logs = [np.log([9.0, 9.1, 9.2, 9.3, 15.0, 15.1]).mean(), np.log([8.0, 9.5, 9.6, 9.7, 9.8, 9.9]).mean()]
    assert logs[0] > logs[1]
    assert rank(m=higher_mean, n=higher_median).best == ("n", "m")
    waits = {name: replace(one, question=of_metric("ttft")) for name, one in (("m", higher_mean), ("n", higher_median))}
    low = ranked("b", "waiting", waits, higher_is_better=False)
    assert low.best == ("m", "n")


def test_too_few_runs_rank_nothing() -> None:
    ranking = rank(a=cell("a", [1.0, 1.1]), b=cell("b", [2.0, 2.1]))
    assert ranking.best == ()
    assert ranking.text == "Too few runs to say what is optimal for decode speed."
    assert ranking.state is State.INCONCLUSIVE


def test_unlike_or_unmeasured_values_are_not_ranked() -> None:
    other = replace(FAST, question=of_metric(where=(("cell", ("2048",)),), within="pooled"))
    with pytest.raises(UsageError, match="needs measured values of one metric"):
        rank(a=SLOW, b=other)
    with pytest.raises(UsageError, match="needs measured values of one metric"):
        rank(a=SLOW, b=replace(FAST, sample=None))


def test_the_order_of_declaration_changes_nothing() -> None:
    assert rank(a=SLOW, b=FAST, c=ALSO_SLOW).best == rank(c=ALSO_SLOW, b=FAST, a=SLOW).best


def test_the_html_binds_numbers_and_declares_labels() -> None:
    html = claim_html(ranked("best", "speed <b>", {"2048 <i>": FAST, "512": SLOW}, higher_is_better=True))
    assert "<i>" not in html
    assert "<b>" not in html
    assert html.count("<data ") == 1
    assert 'data-lit="setting">2048' in html


def test_a_record_gives_the_same_ranking_back() -> None:
    ranking = rank(a=SLOW, b=FAST)
    values = {value.id: value for value in ranking.values.values()}
    assert claims_of(claims_record([ranking]), values) == {"best-context": ranking}


def test_another_winner_is_a_decision_error() -> None:
    then = review_of([rank(a=SLOW, b=FAST)], "tr900/v1", "a" * 64)
    now = review_of([rank(a=FAST, b=SLOW)], "tr900/v2", "b" * 64)
    (change,) = changes(now, then)
    assert change.kind is Kind.DECISION
    assert next(change.lines("tr900")) == "claim best-context: decision error, other cells are best"
