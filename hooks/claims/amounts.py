"""Amounts written in words: *ten times as fast* or *forty tokens per second* is a number that no value stands behind.

A count of things (*two threads*, *thirty days*) is no measurement. What is found is an amount in a unit that is only
ever measured, a multiple, and a part of something that is measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ONES = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
)
_TENS = "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion"
_NUMBER = rf"(?:{'|'.join((*_ONES.split(), *_TENS.split()))})"
_SOME = rf"(?:(?:a|one|a few|some|several|half a|a couple of)[ -])?{_NUMBER}(?:[ -](?:and )?{_NUMBER})*"
_UNIT = (
    r"(?:(?:milli|micro|nano)?seconds?|minutes?|ms|percent|per ?cent|percentage points?|watts?|joules?|watt-hours?"
    r"|(?:kilo|mega|giga|kibi|mebi|gibi)bytes?|dollars?|cents?|euros?|(?:tokens?|requests?|answers?|tasks?)"
    r" (?:/|per|a|an|each|every) ?(?:second|minute|hour|s)|tok/s)"
)
_ONE_UNIT = (
    r"(?:(?:milli|micro|nano)second|ms|percent|per ?cent|percentage point|watt|joule|(?:mega|giga|mebi|gibi)byte)"
)
"""What a single one is of; *a second* is more often the one after the first."""
_MEASURED = r"(?:time|latency|memory|price|cost|energy|power|speed|rate|throughput|tokens|wait|bandwidth|requests)"
_AMOUNT = (
    rf"\b(?:{_SOME}|a couple of|a few|several) {_UNIT}\b|\b(?:one|a|half a) {_ONE_UNIT}\b"
    rf"|\b(?:{_SOME}|dozens of) times\b(?! as often)"
    rf"|\b(?:many|several|a few) times (?:as|the|faster|slower|larger|smaller|cheaper|more|less)\b"
    rf"|\b{_NUMBER}-?fold\b|\bfactor of {_SOME}\b|\borders? of magnitude\b|\bmanifold\b"
    rf"|\b(?:a|one|two|three|four) (?:third|quarter|fifth|tenth)s?"
    rf" (?:(?:of )?(?:the |its |their |that )?(?:\w+ )?{_MEASURED}|faster|slower|cheaper|less|more)\b"
)
_FOUND = re.compile(_AMOUNT.replace(" ", r"\s+"), re.IGNORECASE)


def amounts(text: str) -> Iterator[tuple[int, str]]:
    """Each amount with its place in ``text``."""
    return ((found.start(), found[0]) for found in _FOUND.finditer(text))
