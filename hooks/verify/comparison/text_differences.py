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
    return limited(f"line {what}" for _, what in line_differences(found, expected))


def line_differences(found: bytes, expected: bytes) -> Iterator[tuple[int, str]]:
    """The number of each changed line in ``found``, counted from one, and what is said of it."""
    one, other = _lines(found), _lines(expected)
    start = alike(one, other)
    one, other = one[start:], other[start:]
    end = alike(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
    if max(len(one), len(other)) > MOST_LINES:
        more = max(len(one), len(other))
        yield start + 1, f"{start + 1} and about {more} more: {both(one[:1], other[:1])}"
        return
    yield from _changed(one, other, start + 1)


def limited(problems: Iterator[str]) -> Iterator[str]:
    """At most ``MOST_PROBLEMS`` of them, and how many more there are."""
    for number, problem in enumerate(problems):
        if number == MOST_PROBLEMS:
            yield f"and {1 + sum(1 for _ in problems)} more differences"
            return
        yield problem


def both(found: Sequence[str], expected: Sequence[str]) -> str:
    """Two texts beside each other, cut to where they differ; an empty sequence stands for none.

    Where they differ in a character that may look like another one, its code point is told.
    """
    if not found:
        return f"“{_cut(expected[0], 0)}” is missing"
    if not expected:
        return f"“{_cut(found[0], 0)}” is added"
    at = alike(found[0], expected[0])
    texts = f"“{_cut(found[0], at)}” instead of “{_cut(expected[0], at)}”"
    one, other = (text[0][at : at + 1] for text in (found, expected))
    return texts if (one + other).isascii() else f"{texts} ({_point(one)} for {_point(other)})"


def _point(character: str) -> str:
    return f"U+{ord(character):04X}" if character else "nothing"


def alike(one: Sequence[object], other: Sequence[object]) -> int:
    """How many items two sequences have in common before they first differ."""
    differing = (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1])
    return next(differing, min(len(one), len(other)))


def _lines(data: bytes) -> list[str]:
    return data.decode(errors="backslashreplace").split("\n")


def _changed(one: Sequence[str], other: Sequence[str], first: int) -> Iterator[tuple[int, str]]:
    for kind, a, b, c, d in SequenceMatcher(a=one, b=other, autojunk=False).get_opcodes():
        if kind != "equal":
            for number, (found, expected) in enumerate(zip_longest(one[a:b], other[c:d])):
                pair = ([text] if text is not None else [] for text in (found, expected))
                line = first + a + min(number, max(0, b - a - 1))
                yield line, f"{line}: {both(*pair)}"


def _cut(text: str, at: int) -> str:
    start = max(0, at - BEFORE)
    start = start if start > BEFORE // 2 else 0
    end = start + LENGTH
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
