"""What a value speaks of: which limit belongs to which comparison, and which amounts may be supposed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.errors import UsageError
from harness.units import RATIO, TOK_PER_S, TOKENS
from hooks.claims.subjects import demand_alike, demand_plain_constants, is_power_of
from hooks.values.evidence import Strength
from hooks.values.questions import Contrasted, Detectable
from hooks.values.value import Value, constant

ASKED: dict[str, Any] = {"dataset": "tr900/v1", "digest": "0" * 64, "metric": "ttft", "version": 1}
PAIR: dict[str, Any] = {"factor": "threads", "level": 2, "reference": 1}
EFFECT = Value(0.5, RATIO, Strength.MEASURED, question=Contrasted(**ASKED, **PAIR))
LIMIT = Value(1.2, RATIO, Strength.MEASURED, question=Detectable(**ASKED, **PAIR))


def test_a_limit_belongs_to_the_comparison_that_it_was_computed_for() -> None:
    assert is_power_of(LIMIT, EFFECT)
    assert not is_power_of(EFFECT, EFFECT)
    assert not is_power_of(EFFECT, LIMIT)


@pytest.mark.parametrize(
    "other", [{"level": 4}, {"reference": 4}, {"metric": "tpot"}, {"within": "mean"}, {"dataset": "tr900/v2"}]
)
def test_a_limit_of_another_comparison_says_nothing_of_this_one(other: dict[str, Any]) -> None:
    question = Detectable(**{**ASKED, **PAIR, **other})
    assert not is_power_of(replace(LIMIT, question=question), EFFECT)


def test_a_supposed_amount_is_shown_with_its_definition_and_never_claimed() -> None:
    supposed = constant(1e9, TOKENS, "tokens in a month")
    demand_alike(supposed)
    with pytest.raises(UsageError, match="is no constant of a formula"):
        demand_plain_constants(supposed)
    with pytest.raises(UsageError, match="is no constant of a formula"):
        demand_alike(constant(9000.0, TOK_PER_S))
