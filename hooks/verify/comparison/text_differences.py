"""What differs between two texts: the line, and what stands there in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

MOST_LINES = 400
"""Longer stretches of changed lines are not aligned: the first of them and their number are told."""
MOST_PROBLEMS = 20
BEFORE, LENGTH = 24, 72
"""How much of a long text is shown: so many characters before the first difference, and so many in all."""


def text_differences(found: bytes, expected: bytes) -> Iterator[str]:
    """Every changed line, at most ``MOST_PROBLEMS`` of them."""
    one, other = _lines(found), _lines(expected)
    start = alike(one, other)
    one, other = one[start:], other[start:]
    end = alike(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
    if max(len(one), len(other)) > MOST_LINES:
        yield f"line {start + 1} and about {max(len(one), len(other))} more: {both(one[:1], other[:1])}"
        return
    yield from limited(_changed(one, other, start + 1))


def limited(problems: Iterator[str]) -> Iterator[str]:
    """At most ``MOST_PROBLEMS`` of them, and how many more there are."""
    for number, problem in enumerate(problems):
        if number == MOST_PROBLEMS:
            yield f"and {1 + sum(1 for _ in problems)} more differences"
            return
        yield problem


def both(found: Sequence[str], expected: Sequence[str]) -> str:
    """Two texts beside each other, cut to where they differ; an empty sequence stands for none."""
    if not found:
        return f"“{_cut(expected[0], 0)}” is missing"
    if not expected:
        return f"“{_cut(found[0], 0)}” is added"
    at = alike(found[0], expected[0])
    return f"“{_cut(found[0], at)}” instead of “{_cut(expected[0], at)}”"


def alike(one: Sequence[object], other: Sequence[object]) -> int:
    """How many items two sequences have in common before they first differ."""
    differing = (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1])
    return next(differing, min(len(one), len(other)))


def _lines(data: bytes) -> list[str]:
    return data.decode(errors="backslashreplace").split("\n")


def _changed(one: Sequence[str], other: Sequence[str], first: int) -> Iterator[str]:
    for kind, a, b, c, d in SequenceMatcher(a=one, b=other, autojunk=False).get_opcodes():
        if kind != "equal":
            for number, (found, expected) in enumerate(zip_longest(one[a:b], other[c:d])):
                pair = ([text] if text is not None else [] for text in (found, expected))
                yield f"line {first + a + min(number, max(0, b - a - 1))}: {both(*pair)}"


def _cut(text: str, at: int) -> str:
    start = max(0, at - BEFORE)
    start = start if start > BEFORE // 2 else 0
    end = start + LENGTH
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
