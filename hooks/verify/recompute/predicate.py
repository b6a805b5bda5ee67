"""Asks the predicate of a claim again, with its own reader of the published grammar.

    delta.low > 0 and -3% < shift.low      comparisons of ends of intervals, joined by ``and`` and ``or``

It holds where it is true of the ends as written. It does not hold where it is false even with every ``low`` and
``high`` exchanged. Anything else, and any question about an interval that nobody has, is inconclusive.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.units import UNITS

_SYMBOLS = sorted((symbol for symbol in UNITS if symbol), key=len, reverse=True)
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<join>and|or)\b|(?P<open>\()|(?P<close>\))|(?P<sign><=|>=|==|!=|<|>)"
    r"|(?P<name>[a-z_][a-z0-9_]*)(?:\.(?P<part>low|high|n))?"
    rf"|(?P<number>[-−]?\d+(?:\.\d+)?(?:e-?\d+)?)(?:\s*(?P<unit>{'|'.join(map(re.escape, _SYMBOLS))})(?![\w/]))?"
)
_SIGNS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


class NotAPredicate(Exception):
    """A text outside the grammar."""


@dataclass(frozen=True, slots=True)
class Ends:
    """What may be asked of a value, in base units; null where unknown."""

    low: float | None
    high: float | None
    n: int | None


def state(text: str, ends: Mapping[str, Ends]) -> str:
    """``holds``, ``does not hold`` or ``inconclusive``. Raises ``NotAPredicate``."""
    tokens = _tokens(text)
    as_written = _alternatives(tokens, ends, exchanged=False)
    if as_written:
        return "holds"
    if as_written is False and _alternatives(tokens, ends, exchanged=True) is False:
        return "does not hold"
    return "inconclusive"


def _tokens(text: str) -> list[re.Match[str]]:
    tokens, place = [], 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise NotAPredicate(text)
        place = found.end()
        if not found["space"]:
            tokens.append(found)
    return tokens


def _split(tokens: list[re.Match[str]], word: str) -> list[list[re.Match[str]]]:
    """The tokens between the ``word``s outside parentheses."""
    parts: list[list[re.Match[str]]] = [[]]
    depth = 0
    for token in tokens:
        depth += bool(token["open"]) - bool(token["close"])
        if depth < 0:
            raise NotAPredicate(token.string)
        if token["join"] == word and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _alternatives(tokens: list[re.Match[str]], ends: Mapping[str, Ends], *, exchanged: bool) -> bool | None:
    answers = [_together(part, ends, exchanged=exchanged) for part in _split(tokens, "or")]
    return True if True in answers else None if None in answers else False


def _together(tokens: list[re.Match[str]], ends: Mapping[str, Ends], *, exchanged: bool) -> bool | None:
    answers = [_single(part, ends, exchanged=exchanged) for part in _split(tokens, "and")]
    return False if False in answers else None if None in answers else True


def _single(tokens: list[re.Match[str]], ends: Mapping[str, Ends], *, exchanged: bool) -> bool | None:
    if tokens and tokens[0]["open"] and tokens[-1]["close"]:
        return _alternatives(tokens[1:-1], ends, exchanged=exchanged)
    terms, signs = tokens[::2], tokens[1::2]
    if len(terms) < 2 or len(terms) != len(signs) + 1 or not all(sign["sign"] for sign in signs):
        raise NotAPredicate(tokens[0].string if tokens else "")
    numbers = [_number(term, ends, exchanged=exchanged) for term in terms]
    return _chain(numbers, [sign["sign"] for sign in signs])


def _chain(numbers: list[float | None], signs: list[str]) -> bool | None:
    unknown = False
    for left, right, sign in zip(numbers, numbers[1:], signs, strict=False):
        if left is None or right is None:
            unknown = True
        elif not _SIGNS[sign](left, right):
            return False
    return None if unknown else True


def _number(term: re.Match[str], ends: Mapping[str, Ends], *, exchanged: bool) -> float | None:
    if term["number"]:
        scale = UNITS[term["unit"]].scale if term["unit"] else 1.0
        return float(term["number"].replace("−", "-")) * scale
    if not term["name"] or term["name"] not in ends:
        raise NotAPredicate(term.string)
    found = ends[term["name"]]
    if term["part"] == "n":
        return found.n
    upper = (term["part"] == "high") != exchanged
    return found.high if upper else found.low
