"""What a report says of itself: checked against the claims that it makes."""

from __future__ import annotations

import pytest

from harness.errors import UnknownName, UsageError
from hooks.content.blocks import content_of, content_record
from hooks.content.facts import Facts
from hooks.recipes.report_builder import Draft


def make(draft: Draft, *claims: str) -> None:
    for name in claims:
        draft.claim(name, "It takes {t}.", {"t": draft.ask("ttft")}, "t.low > 0 ms")


def test_the_headline_is_the_first_claim_that_is_made(draft: Draft) -> None:
    draft.headline("fastest", "faster", "fast")
    make(draft, "fast", "faster")
    assert draft.content().facts.headline == "faster"


def test_a_report_without_a_headline_names_none(draft: Draft) -> None:
    make(draft, "fast")
    assert draft.content().facts.headline == ""


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (("fastest", "fest"), "the headline is a claim that is not made: 'fastest' or 'fest'; the report makes: fast"),
        ((), "the headline is a claim that is not made: none; the report makes: fast"),
    ],
)
def test_a_headline_that_is_never_made_is_one_line(draft: Draft, named: tuple[str, ...], message: str) -> None:
    make(draft, "fast")
    draft.headline(*named)
    with pytest.raises(UsageError) as raised:
        draft.content()
    assert str(raised.value) == message


def test_a_factor_without_effect_is_one_of_the_study(draft: Draft) -> None:
    draft.no_effect("num_gpu")
    assert draft.content().facts.no_effect == ("num_gpu",)
    with pytest.raises(UnknownName, match="unknown factor 'num_cpu'"):
        draft.no_effect("num_cpu")


@pytest.mark.parametrize("said", [1, 0.5, None, ["a"]])
def test_a_flag_is_a_truth_or_words(draft: Draft, said: object) -> None:
    with pytest.raises(UsageError, match=r"flag 'scales' is .*; prose branches on true, false or words"):
        draft.flag("scales", said)  # type: ignore[arg-type]


def test_a_fact_is_declared_once(draft: Draft) -> None:
    draft.flag("scales", said=True)
    draft.headline("fast")
    with pytest.raises(UsageError, match="two flags are called 'scales'"):
        draft.flag("scales", "no")
    with pytest.raises(UsageError, match="a report has one headline"):
        draft.headline("fast")


def test_facts_and_levels_survive_the_cache(draft: Draft) -> None:
    make(draft, "fast")
    draft.headline("fast")
    draft.no_effect("num_gpu")
    draft.flag("scales", said=True)
    draft.flag("failing", "none, at all")
    content = draft.content()
    assert content.facts == Facts("fast", ("num_gpu",), {"scales": True, "failing": "none, at all"})
    assert content.levels == {
        "model": ("gemma-3-270m-q4_k_m", "smollm2-135m-q4_1"),
        "num_gpu": (0, 80),
        "threads": (1, 2),
    }
    kept = content_of(content_record(content))
    assert (kept.facts, kept.levels) == (content.facts, content.levels)
