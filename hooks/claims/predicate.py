"""The small language of claims: comparisons of interval bounds, joined by ``and`` and ``or``.

    predicate  = conjunction { "or" conjunction }
    conjunction = comparison { "and" comparison }
    comparison = "(" predicate ")"  |  term operator term { operator term }
    term       = name [ "." ( "low" | "high" | "n" ) ]  |  number [ unit ]

``delta.low > 0`` asks whether the whole interval lies above zero; ``-3% < shift.low and shift.high < 3%``
whether it lies within a margin. A bare name is an exact number, such as a count. There is no ``not``: write
the opposite comparison. Nothing here is ever given to Python to evaluate.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harness.errors import UsageError
from harness.units import ONE, UNITS, Unit, unit

Compare = Callable[[float, float], bool]

OPERATORS: dict[str, Compare] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
PARTS = ("", "low", "high", "n")

_SYMBOLS = "|".join(re.escape(symbol) for symbol in sorted(filter(None, UNITS), key=len, reverse=True))
_TOKEN = re.compile(
    rf"\s*(?:(?P<number>[-−]?\d+(?:\.\d+)?(?:e-?\d+)?)\s*(?P<unit>(?:{_SYMBOLS})(?![\w/]))?"
    r"|(?P<word>[a-z_][a-z0-9_]*(?:\.[a-z]+)?)|(?P<sign><=|>=|==|!=|<|>|\(|\)))"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A threshold; ``unit`` is the plain number where none was written."""

    number: float
    unit: Unit


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a value's interval, its ``n``, or (no part) an exact value."""

    name: str
    part: str


Term = Amount | Bound


@dataclass(frozen=True, slots=True)
class Comparison:
    """``terms[0] operators[0] terms[1] operators[1] …``, as in ``0 < a.low < b.low``."""

    terms: tuple[Term, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts of which every one (``and``) or at least one (``or``) must be true."""

    word: str
    parts: tuple[Predicate, ...]


Predicate = Comparison | Joined


def parse(text: str) -> Predicate:
    """The predicate that ``text`` writes. Raises ``UsageError`` where it is not one, pointing at the place."""
    return _Parser(text).whole()


def names(predicate: Predicate) -> frozenset[str]:
    """The values that a predicate asks about."""
    return frozenset(term.name for term in asked(predicate) if isinstance(term, Bound))


def asked(predicate: Predicate) -> Iterator[Term]:
    """Every term that is compared, in order."""
    if isinstance(predicate, Comparison):
        yield from predicate.terms
        return
    for part in predicate.parts:
        yield from asked(part)


class _Parser:
    """Recursive descent over the tokens of one predicate."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._scan())
        self._at = 0

    def _scan(self) -> Iterator[re.Match[str]]:
        place, end = 0, len(self._text.rstrip())
        while place < end:
            found = _TOKEN.match(self._text, place)
            if found is None:
                raise self._wrong(place)
            yield found
            place = found.end()

    def _wrong(self, place: int) -> UsageError:
        rest = self._text[place:].strip() or "the end"
        return UsageError(f"predicate {self._text!r} is not understood at {rest!r}; write such as: delta.low > 0")

    def _refuse(self) -> UsageError:
        return self._wrong(self._tokens[self._at].start() if self._at < len(self._tokens) else len(self._text))

    def _next(self, group: str, *allowed: str) -> re.Match[str] | None:
        if self._at == len(self._tokens):
            return None
        token = self._tokens[self._at]
        if token[group] is None or (allowed and token[group] not in allowed):
            return None
        self._at += 1
        return token

    def whole(self) -> Predicate:
        predicate = self._joined("or")
        if self._at < len(self._tokens):
            raise self._refuse()
        return predicate

    def _joined(self, word: str) -> Predicate:
        part: Callable[[], Predicate] = self._comparison if word == "and" else lambda: self._joined("and")
        parts = [part()]
        while self._next("word", word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def _comparison(self) -> Predicate:
        if self._next("sign", "("):
            inner = self._joined("or")
            if not self._next("sign", ")"):
                raise self._refuse()
            return inner
        terms, signs = [self._term()], []
        while found := self._next("sign", *OPERATORS):
            signs.append(found["sign"])
            terms.append(self._term())
        if not signs:
            raise self._refuse()
        return Comparison(tuple(terms), tuple(signs))

    def _term(self) -> Term:
        if found := self._next("number"):
            return Amount(float(found["number"].replace("−", "-")), unit(found["unit"]) if found["unit"] else ONE)
        found = self._next("word")
        if found is None:
            raise self._refuse()
        name, _, part = found["word"].partition(".")
        if part not in PARTS or name in ("and", "or"):
            self._at -= 1
            raise self._refuse()
        return Bound(name, part)
