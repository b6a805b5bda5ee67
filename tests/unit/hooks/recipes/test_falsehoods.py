"""Sentences that an author could make green without their being true: each is refused with a line that says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.errors import UsageError
from harness.units import TOK_PER_S
from hooks.claims.lexicon import loaded
from hooks.content.blocks import Column, Lit, Table
from hooks.recipes.report_builder import Draft
from hooks.text import placeholders
from hooks.text.escaping import LiteralKind, refuse_measurement
from hooks.values.value import Value, constant

GEMMA, SMOLLM = "gemma-3-270m-q4_k_m", "smollm2-135m-q4_1"
SLOWER = "{ratio~1:slower than|faster than|indistinguishable from}"
TWO, ONE = Lit("2", "setting"), Lit("1", "setting")


def threads(draft: Draft, metric: str = "ttft") -> Value:
    return draft.ask(metric, {"threads": 2}) / draft.ask(metric, {"threads": 1})


def say(
    sentence: str, predicate: str, value: Callable[[Draft], Value] = threads, **more: Callable[[Draft], Value]
) -> Callable[[Draft], object]:
    def made(draft: Draft) -> object:
        values = {"ratio": value(draft), **{name: ask(draft) for name, ask in more.items()}}
        return draft.claim("c", sentence, values, predicate, {"threads": TWO})

    return made


TRUE = f"With {{threads}} threads the first token is {SLOWER} with one: {{ratio}} {{ratio.interval}}."


def test_an_honest_claim_is_made(draft: Draft) -> None:
    say(TRUE, "ratio.high < 1")(draft)
    assert draft.content().claims["c"].text.startswith("With 2 threads the first token is faster than with one")


FALSE: dict[str, tuple[Callable[[Draft], object], str]] = {
    "says A and tests B": (
        say(TRUE + " It decodes {speed}.", "ratio.high < 1", speed=lambda draft: draft.ask("decode_tps")),
        "the sentence shows speed, which its predicate does not test",
    ),
    "asks how many runs": (say(TRUE, "ratio.n > 0"), "asks only how many runs there are"),
    "true of all numbers": (say(TRUE, "ratio.low >= 0"), "true of all numbers"),
    "true of every interval": (say(TRUE, "ratio.low <= ratio.high"), "true of all numbers"),
    "either way": (say(TRUE, "ratio.high < 1 or ratio.high >= 1"), "true of all numbers"),
    "true of no number": (say(TRUE, "ratio.high < 1 and ratio.low > 2"), "true of no number"),
    "the word turned round": (
        say(TRUE.replace("slower than|faster than", "faster than|slower than"), "ratio.high < 1"),
        "'faster than' is said where ratio lies above 1, which is its opposite",
    ),
    "the word turned round, of a speed": (
        say(TRUE, "ratio.high < 1", lambda draft: threads(draft, "decode_tps")),
        "'slower than' is said where ratio lies above 1, which is its opposite",
    ),
    "a difference where none is told": (
        say(TRUE.replace("indistinguishable from", "slightly faster than"), "ratio.high < 1"),
        "is said where nothing is told apart",
    ),
    "a difference after a denied one": (
        say(TRUE.replace("indistinguishable from", "not shown slower, but on the whole faster than"), "ratio.high < 1"),
        "is said where nothing is told apart",
    ),
    "a word that nobody knows": (
        say(TRUE.replace("slower than", "crushed by"), "ratio.high < 1"),
        "'crushed by' is no comparative that the lexicon knows",
    ),
    "a word of one amount, a test of another": (
        say(TRUE, "ratio.high < 1.5"), "its word compares ratio with 1, and its predicate does not",
    ),
    "a fixed word against its test": (
        say("With {threads} threads the first token comes later: {ratio}.", "ratio.high < 1"),
        "the sentence says 'later', and its predicate tests the opposite",
    ),
    "a fixed word and a margin of another amount": (
        say("With {threads} threads it decodes slower: {ratio}.", "ratio.low > 1", lambda d: threads(d, "decode_tps")),
        "the sentence says 'slower', and its predicate tests the opposite",
    ),
    "two metrics divided": (
        say(TRUE, "ratio.high < 1", lambda d: d.ask("ttft", {"threads": 2}) / d.ask("tpot", {"threads": 1})),
        "tpot and ttft are different metrics",
    ),
    "two metrics added": (
        say("With {threads} threads it takes {ratio}.", "ratio.high < 9 s", lambda d: d.ask("ttft") + d.ask("tpot")),
        "tpot and ttft are different metrics",
    ),
    "the client's rate with the server's": (
        say(TRUE, "ratio.high < 1", lambda draft: draft.ask("decode_tps") / draft.ask("server_decode_tps")),
        "decode_tps and server_decode_tps are different metrics",
    ),
    "cells that differ in something else": (
        say(f"On {GEMMA.partition('-')[0]} temperature makes it {SLOWER} before: {{ratio}}.", "ratio.high < 1"),
        r"ratio compares threads \(1, 2\), and the sentence names neither",
    ),
    "cells that differ in more": (
        say(
            TRUE,
            "ratio.high < 1",
            lambda d: d.ask("ttft", {"threads": 2, "model": GEMMA}) / d.ask("ttft", {"threads": 1, "model": SMOLLM}),
        ),
        "ratio compares model",
    ),
    "a constant with a unit": (
        say(TRUE, "ratio.high < 1", lambda draft: draft.ask("decode_tps") / constant(9000.0, TOK_PER_S)),
        "is no constant of a formula",
    ),
    "a constant with a unit and a definition": (
        say(TRUE, "ratio.high < 1", lambda draft: draft.ask("decode_tps") / constant(9e3, TOK_PER_S, "a rate")),
        "is no constant of a formula",
    ),
    "a hidden factor of ten": (
        say(TRUE, "ratio.high < 1", lambda draft: threads(draft) / 10.0),
        "ratio is computed with 10, which the sentence does not show",
    ),
    "an amount that nothing tests": (
        say("Two {threads} threads halve the wait twice over: {ratio}.", "ratio.high < 1"),
        "the sentence says 'twice', which no comparison tests",
    ),
    "an amount in words": (
        say("With {threads} threads the first token comes three times sooner: {ratio}.", "ratio.high < 1"),
        "the sentence says 'three times', which no comparison tests",
    ),
    "against all others": (
        say("With {threads} threads it dominates: {ratio}.", "ratio.high < 1"),
        "the sentence says 'dominates', which no comparison tests",
    ),
    "an amount in the chosen word": (
        say(TRUE.replace("slower than", "ten times slower than"), "ratio.high < 1"),
        "the sentence says 'ten times', which no comparison tests",
    ),
    "an equality that a difference proves": (
        say("With {threads} threads it is as fast as with one: {ratio}.", "ratio.high < 1"),
        "the sentence says 'as fast as', which no comparison tests",
    ),
    "outpaces, and is behind": (
        say("With {threads} threads it outpaces one: {ratio}.", "ratio.low > 1"),
        "the sentence says 'outpaces', and its predicate tests the opposite",
    ),
    "denies what it tests": (
        say("With {threads} threads it is no slower: {ratio}.", "ratio.low > 1"),
        "the sentence denies 'slower', and its predicate tests it",
    ),
    "denies only in appearance": (
        say("With {threads} threads it is not only slower: {ratio}.", "ratio.high < 1"),
        "the sentence says 'slower', and its predicate tests the opposite",
    ),
    "a flag that claims": (lambda draft: draft.flag("verdict", "two threads win"), "says 'win', which no data test"),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE)
def test_a_false_sentence_is_refused(draft: Draft, name: str) -> None:
    make, why = FALSE[name]
    with pytest.raises(UsageError, match=why) as caught:
        make(draft)
    assert "\n" not in str(caught.value)


def test_a_ranking_goes_the_metrics_way_and_ranks_like_cells(draft: Draft) -> None:
    cells = {f"threads {level}": draft.ask("ttft", {"threads": level}) for level in (1, 2)}
    with pytest.raises(UsageError, match="of 'ttft' a low number is best; leave the direction to the metric"):
        draft.ranking("slow", "waiting", cells, higher_is_better=True)
    unlike = {**cells, "gemma": draft.ask("ttft", {"model": GEMMA})}
    with pytest.raises(UsageError, match="not selected alike"):
        draft.ranking("unlike", "the first token", unlike, higher_is_better=False)
    cold = {**cells, "cold": draft.ask("ttft", {"threads": 1}, phase="cold")}
    with pytest.raises(UsageError, match="not selected alike"):
        draft.ranking("cold", "the first token", cold, higher_is_better=False)


def made_table(draft: Draft, label: str, header: str = "first token", caption: str = "Waits") -> Table:
    value = draft.ask("ttft", {"threads": 2, "model": GEMMA})
    columns = (Column("model"), Column("threads"), Column(header, value.unit))
    return draft.table(Table("waits", caption, columns, ((Lit(GEMMA, "identifier"), Lit(label, "setting"), value),)))


def test_a_row_is_labelled_with_what_its_numbers_are_of(draft: Draft) -> None:
    made_table(draft, "2")
    draft.content()


def test_a_row_under_another_level_is_refused(draft: Draft) -> None:
    made_table(draft, "1")
    with pytest.raises(UsageError, match="a row is labelled 1, and its numbers are of threads 2"):
        draft.content()


def test_a_column_in_another_unit_is_refused(draft: Draft) -> None:
    table = made_table(draft, "2")
    wrong = replace(table, name="wrong", columns=(*table.columns[:2], Column("speed", TOK_PER_S)))
    draft.table(wrong)
    with pytest.raises(UsageError, match=r"the column 'speed' is in tok/s, and .* is in ms"):
        draft.content()


@pytest.mark.parametrize(("header", "caption"), [("faster here", "Waits"), ("wait", "Two threads win")])
def test_a_title_that_claims_is_refused(draft: Draft, header: str, caption: str) -> None:
    made_table(draft, "2", header, caption)
    with pytest.raises(UsageError, match="which no data test"):
        draft.content()


def test_two_metrics_in_a_table_are_refused_too(draft: Draft) -> None:
    both = draft.ask("ttft") + draft.ask("tpot")
    draft.finding("both", both, "time to first token")
    with pytest.raises(UsageError, match="tpot and ttft are different metrics"):
        draft.content()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("9,000 tok/s", "setting"), ("9000 tokens per second", "definition"), ("3×", "identifier"), ("40 W", "setting"),
        ("12 J/token", "setting"), ("soon", "date"), ("2026-13-45-1", "date"),
        ("5 times", "setting"), ("9 req/s", "definition"),
    ],
)  # fmt: skip
def test_a_literal_is_no_measurement(text: str, kind: str) -> None:
    with pytest.raises(UsageError, match=r"declared|date"):
        refuse_measurement(text, LiteralKind(kind))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("50 ms", "setting"), ("1 ms", "threshold"), ("60 tok/s", "threshold"), ("RTX 4080", "identifier"),
        ("5 × 10", "setting"), ("2026-11-25", "date"), ("95 %", "definition"), ("8.0 GiB", "setting"),
    ],
)  # fmt: skip
def test_a_literal_may_be_what_it_says(text: str, kind: str) -> None:
    refuse_measurement(text, LiteralKind(kind))


@pytest.mark.parametrize(
    ("text", "after", "refused"),
    [
        ("9,000", " tok/s on one core", True), ("21", "** tokens per second", True), ("3", "× faster", True),
        ("3", "×10", False), ("5", " × num_ctx", False), ("3", "×.", True), ("40", "\u00a0W", True),
        ("5", " times", True), ("5", " × 10", False), ("8", " tokens", False), ("32", ". J is a letter", False),
        ("2", " words", False),
    ],
)  # fmt: skip
def test_a_unit_after_a_literal_measures_it_too(text: str, after: str, refused: bool) -> None:
    if refused:
        with pytest.raises(UsageError, match="is declared a setting and measured in"):
            refuse_measurement(text, LiteralKind.SETTING, after)
    else:
        refuse_measurement(text, LiteralKind.SETTING, after)


def test_an_erratum_keeps_no_measured_number_as_a_definition() -> None:
    """Its unit may stand outside the braces."""
    with pytest.raises(UsageError, match="'46' is declared a definition and measured in 'tokens per s'"):
        list(placeholders.parts("It decoded {46|definition} tokens per second.", lambda _: None, "nothing", dated=True))
    said = "It decoded {46|published} tokens per second."
    assert len(list(placeholders.parts(said, lambda _: None, "nothing", dated=True))) == 3
    with pytest.raises(UsageError, match="only a dated entry of the changelog or the errata"):
        list(placeholders.parts(said, lambda _: None, "nothing"))


def test_prose_without_a_claim_does_not_compare() -> None:
    said = "Rust dominates. It is twice as fast, a ten-fold speedup, no longer slow; the best and Fastest of all."
    assert list(loaded(said)) == ["dominates", "twice", "as fast", "ten-fold", "speedup", "best", "Fastest"]
    assert list(loaded("The two are told apart; reduce-overhead is a name, and more tokens follow.")) == []
