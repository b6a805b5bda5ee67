"""Claims register their finding and declare their levels; rankings ask only what can be ranked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.errors import UsageError
from hooks.claims.claim import Claim
from hooks.claims.ranking import Ranking
from hooks.content.blocks import Lit
from hooks.recipes.claims import FASTER, TIMES, claim, rank
from hooks.recipes.report_builder import Draft
from hooks.recipes.rows import rows
from hooks.recipes.sentence_names import declared, without_absent


def test_the_first_value_becomes_the_finding_of_the_claims_name(draft: Draft) -> None:
    two, one = (draft.ask("ttft", {"threads": level}) for level in (2, 1))
    names = {"threads": Lit("2", "setting")}
    sentence = f"With {{threads}} threads it is {FASTER} with one: {TIMES}."
    values = {"ratio": two / one, "one": one}
    claim(draft, "more-threads", sentence, values, "ratio.high < 1", meaning="two over one", names=names)
    content = draft.content()
    assert content.findings["more_threads"].definition == "two over one"
    assert list(content.findings) == ["more_threads"]
    made = content.claims["more-threads"]
    assert isinstance(made, Claim)
    assert made.values["ratio"] is content.findings["more_threads"]
    assert made.sentence.startswith("With {2|setting} threads it is {ratio~1:slower than")


def test_names_stand_in_a_sentence_and_other_placeholders_stay() -> None:
    names = {"arm": Lit("a 1", "identifier"), "phase": "prefill"}
    assert declared("{arm} in {phase}: {ratio} {arm.n}", names) == "{a 1|identifier} in prefill: {ratio} {arm.n}"


@pytest.mark.parametrize("level", ["{t.n}", "t~more|less"])
def test_a_level_cannot_pass_for_a_placeholder(draft: Draft, level: str) -> None:
    names = {"arm": Lit(level, "setting")}
    with pytest.raises(UsageError, match="cannot stand in a sentence"):
        draft.claim("c", "{arm} takes {t}.", {"t": draft.ask("ttft")}, "t.low > 0 ms", names)


def test_rows_are_ranked_by_what_is_better_in_a_metric(draft: Draft) -> None:
    arms = rows(draft, "model", "threads")
    rank(arms, "best-speed", "decode speed", "decode_tps", "{model}, threads {threads}")
    rank(arms, "best-wait", "the first token", "ttft", "{model}, threads {threads}")
    claims = draft.claims
    for name, higher in (("best-speed", True), ("best-wait", False)):
        made = claims[name]
        assert isinstance(made, Ranking)
        assert made.higher_is_better is higher
        assert list(made.values) == [row.text("{model}, threads {threads}") for row in arms]


def test_what_cannot_be_ranked(draft: Draft) -> None:
    with pytest.raises(UsageError, match="ranking 'best': neither a high nor a low 'prompt_tokens' is better"):
        rank(rows(draft, "model"), "best", "tokens", "prompt_tokens", "{model}")
    rank(rows(draft, "model").at(model="gemma-3-270m-q4_k_m"), "best", "decode speed", "decode_tps", "{model}")
    assert not draft.claims


def test_an_interval_that_a_value_does_not_have_is_left_out(draft: Draft) -> None:
    sentence = "It takes {t} {t.interval} beside {u} {u.interval}."
    t, u = draft.ask("ttft"), replace(draft.ask("tpot"), interval=None)
    said = without_absent(sentence, {"t": t, "u": u})
    assert said == "It takes {t} {t.interval} beside {u}."


def test_a_level_with_a_bar_stands_in_a_sentence() -> None:
    assert declared("{arm} runs", {"arm": Lit("a | b", "setting")}) == "{a | b|setting} runs"
