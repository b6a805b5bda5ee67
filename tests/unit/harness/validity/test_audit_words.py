"""Each rule of the audit has words of its own, for where it holds and for where it is broken; none is a code's name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import UnknownName
from harness.validity import audit
from harness.validity.audit import Row, Severity, Verdict
from harness.validity.audit.instrument import RUN_FLAGS
from harness.validity.audit.words import WORDS, in_words
from harness.validity.flags import Flag

ROOM = Path(audit.__file__).parent


def rules() -> set[str]:
    """The names of all rules, up to their first dot, as the code of the audit writes them."""
    found = {flag.value for flag in RUN_FLAGS}
    for file in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            found |= {name.partition(".")[0] for name in _named(node)}
    return found


def _named(node: ast.AST) -> Iterator[str]:
    """What a call of ``judged`` or ``unknown`` names, and what is assigned to ``rule``, here or of a tuple."""
    match node:
        case ast.Call(func=ast.Name(id="judged" | "unknown"), args=[first, *_]):
            yield from _text(first)
        case ast.Assign(targets=[ast.Name(id="rule")], value=value):
            yield from _text(value)
        case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id="rule"), *_])], value=ast.Tuple(elts=[first, *_])):
            yield from _text(first)
        case ast.For(target=ast.Tuple(elts=[ast.Name(id="rule"), *_]), iter=ast.Tuple(elts=pairs)):
            for pair in pairs:
                yield from _text(pair.elts[0] if isinstance(pair, ast.Tuple) else pair)
        case _:
            pass


def _text(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=[first, *_]):
            yield from _text(first)
        case ast.FormattedValue(value=inner) | ast.Attribute(value=ast.Attribute() as inner, attr="value"):
            yield from _text(inner)
        case ast.Attribute(value=ast.Name(id="Flag"), attr=name):
            yield Flag[name].value
        case ast.IfExp(body=body, orelse=other):
            yield from (*_text(body), *_text(other))
        case _:
            pass


def test_the_table_has_every_rule_and_no_other() -> None:
    assert rules() == set(WORDS)


def test_no_words_are_shared_or_spelled_as_code() -> None:
    said = [words for both in WORDS.values() for words in both]
    assert len(said) == len(set(said))
    assert not [words for words in said if "_" in words or words != words.strip()]


def test_what_a_rule_is_about_is_said_in_words() -> None:
    assert in_words("drift.tpot", broken=True) == "drift of the time per output token"
    assert in_words("output_length_imbalance.arm", broken=True) == "outputs of different length by arm"
    assert in_words("took_effect.num_gpu", broken=False) == "each level took effect: num gpu"
    assert in_words("calibrated.r0001", broken=True) == "no calibration vouches for the client, session r0001"


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.BROKEN, "client read late"),
        (Verdict.HOLDS, "client read in time"),
        (Verdict.UNKNOWN, "client read in time"),
    ],
)
def test_a_row_says_its_reason_where_it_is_broken(verdict: Verdict, words: str) -> None:
    assert Row("loop_lag", verdict, Severity.INFO, "").words == words


def test_a_rule_without_words_is_refused() -> None:
    with pytest.raises(UnknownName, match="rule of the audit"):
        in_words("made_up", broken=True)
