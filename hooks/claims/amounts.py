"""Amounts written in words: *ten times as fast* or *forty tokens per second* is a number that no value stands behind.

A count of things (*two threads*, *thirty days*) is no measurement. What is found is an amount in a unit that is only
ever measured, a time that something takes, a multiple, a number of digits, and a part of something that is measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ONES = "two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion"
_SMALL, _BIG = _ONES.replace(" ", "|"), "|".join((*_TEENS.split(), *_TENS.split()))
_NUMBER = rf"(?:{_SMALL}|{_BIG})"
_SOME = rf"(?:(?:a|one|a few|some|several|half a|a couple of)[ -])?{_NUMBER}(?:[ -](?:and )?{_NUMBER})*"
_VAGUE = (
    r"(?:a couple of|a few|several|zero|(?:half )?a dozen|a (?:score|handful) of"
    r"|(?:tens|dozens|scores|hundreds|thousands|millions|billions) of)"
)
_TIME = r"(?:(?:milli|micro|nano)?seconds?|minutes?|ms|µs|μs|ns)"
_RATE = (
    r"(?:tokens?|requests?|answers?|tasks?|steps?|queries)\s?(?:/|per|a|an|each|every)\s?(?:second|sec|minute|hour|s)"
    r"|tok/s(?:ec)?|t/s|[tqr]ps"
)
_UNIT = (
    rf"(?:{_TIME}|percent|pct|per\s?cent|(?:percentage )?points?|(?:kilo|mega)?watts?|(?:kilo)?joules?"
    r"|(?:kilo)?watt-hours?|kwh|wh|(?:kilo|mega|giga|tera|kibi|mebi|gibi)(?:byte|bit|hertz)s?|(?:[kmgt]i?b)(?:/s)?"
    r"|bits|hertz|[kmg]hz|degrees"
    rf"|(?:mega|giga|tera|peta)?flops?|dollars?|cents?|euros?|pounds|usd|eur|pence|{_RATE})"
)
_ONE_UNIT = (
    r"(?:(?:milli|micro|nano)second|ms|percent|per\s?cent|percentage point|watt|joule|(?:mega|giga|mebi|gibi)byte|penny"
    r"|dollar|euro)"
)
"""What a single one is of; *a second* is more often the one after the first."""
_MEASURED = r"(?:time|latency|memory|price|cost|energy|power|speed|rate|throughput|tokens|wait|bandwidth|requests|runs)"
_ABOUT = r"(?:about |around |roughly |nearly |almost |only |just |over |under |up to |(?:more|less) than )?"
_TAKES = r"(?:takes?|took|lasts?|lasted|needs?|needed|waits?|waited|saves?|saved|loses?|lost|stalls? for)"
_CHANGES = (
    r"(?:by|gains?|gained|loses?|lost|saves?|saved|cuts?|costs?|adds?|added|sheds?"
    r"|(?:gain|loss|saving|drop|rise|fall) of)"
)
_PARTS = r"(?:third|quarter|fifth|sixth|seventh|eighth|ninth|tenth|twentieth|hundredth|thousandth)"
_COUNTED = (
    r"(?:sessions?|days|tasks|parameters|tokens|runs|shapes|words|prompts|hosts|machines|threads|requests|answers"
    r"|blocks"
    r"|recordings|readings|cells|arms|levels|layers|pairs|simulations|calls|steps|rows|texts|bytes of|times as often)"
)
"""What is counted and not measured."""
_LONG = (
    rf"{_TAKES} {_ABOUT}(?:ages|forever|no time|(?:a |an )?(?:milli|micro)?(?:second|minute|hour|day|week)s?|a blink)"
    r"|costs? (?:pennies|cents|millions|thousands|a fortune|peanuts)|sub-?(?:milli|micro)?second|five nines|fortnight"
    r"|(?:below|under|over|within|well under) a (?:milli|micro)?second|in the (?:(?:milli|micro)seconds|hundreds"
    r"|thousands|millions|teens)|(?:giga|mega|kilo)bytes of|at a crawl|in a flash"
)
_PROPORTION = (
    rf"(?:{_NUMBER}|a hundred|a thousand|a million)[ -]to[ -](?:one|{_NUMBER})|ratio of {_NUMBER}(?= or|[.,;)])"
    rf"|{_NUMBER} sigma"
    rf"|{_NUMBER} standard deviations|{_NUMBER} per mille|{_NUMBER} basis points|(?:nought |zero |one )?point {_NUMBER}"
    rf"|(?:once|three|two|four|nine) in {_NUMBER}|every (?:second|third|fourth|fifth|tenth) (?:run|request|answer|call)"
    rf"|(?:a|one|{_SMALL}) {_PARTS}s? (?:is|are|was|were)|by a factor|multi-?fold|(?:plus|minus) {_NUMBER}"
)
_ORDINAL = r"-(?:first|second|third|\w+th)"
"""A percentile, and whatever else has its place by an ordinal, is no amount."""
_BARE = (
    rf"(?:{_BIG})(?:[ -](?:and )?{_NUMBER})*(?!{_ORDINAL}\b)"
    rf"(?! (?:of )?(?:(?:and|of|to|or)? ?{_NUMBER} )*(?:[\w-]+ )?{_COUNTED})"
)
_ROMAN = r"(?-i:[IVXLCDM]+)"
_IN_UNITS = rf"\b(?:{_SOME}|{_VAGUE}) {_UNIT}\b|\b(?:one|a|half a) {_ONE_UNIT}\b"
_AMOUNT = (
    rf"{_IN_UNITS}|\b{_SOME}\s*[%‰]|\b{_ROMAN} (?:{_UNIT}|times)\b"
    rf"|\b{_TAKES} {_ABOUT}(?:{_SOME}|{_VAGUE}|an?|one|half an?) (?:minute|hour|day|week|month|year)s?\b"
    rf"|\b(?:{_SOME}|dozens of|hundreds of) times\b(?! as often)|\btimes (?:{_SMALL}|{_BIG})\b"
    rf"|\b(?:many|several|a few) times (?:as|the|faster|slower|larger|smaller|cheaper|more|less)\b"
    rf"|\b(?:{_NUMBER}|many|several|hundred|thousand)-?fold\b|\bfactor of (?:{_SOME}|{_VAGUE})\b"
    rf"|\borders?[- ]of[- ]magnitudes?\b|\bmanifold\b"
    rf"|\b(?:single|double|triple|{_NUMBER})(?:-(?:digit|figure)| digits?)\b|\b(?:a|one|{_SMALL})[ -]{_PARTS}s?"
    rf" (?:(?:of )?(?:the |its |their |that )?(?:\w+ )?{_MEASURED}|of (?:it|them|that|this|all)|faster|slower|cheaper"
    rf"|less|more)\b|\b{_CHANGES} {_ABOUT}(?:a|one|{_SMALL})[ -]{_PARTS}s?\b|\ba (?:tiny |small )?fraction of\b"
    rf"|\b{_NUMBER} out of {_NUMBER}\b|\bone (?:\w+ )?in (?:every )?{_NUMBER}\b"
    rf"|\b(?:at|by|of) {_ABOUT}(?:{_BIG})(?:[ -]{_NUMBER})*(?= or (?:more|less)|[.,;:)]|$)"
    r"|\b(?:quintupl|sextupl|septupl|octupl|decupl|trebl)\w+|\bquartered\b"
    rf"|\b(?:{_LONG})\b|\b(?:{_PROPORTION})\b|\b{_BARE}\b(?! days)"
    rf"|(?:(?<=:\s)|(?<=\()|(?<=\|\s)){_NUMBER}(?=[.)]|\s?\||$)"
    rf"|\bmultipl(?:y|ies|ied) (?:the |its |their )?{_MEASURED}\b"
)


def _compiled(pattern: str) -> re.Pattern[str]:
    """With any white space for a space."""
    spaced = pattern.replace("[ -]", r"[-\s]").replace("[- ]", r"[-\s]").replace(" ", r"\s+")
    return re.compile(spaced, re.IGNORECASE)


_FOUND, _FOUND_IN_UNITS = _compiled(_AMOUNT), _compiled(_IN_UNITS)


def amounts(text: str) -> Iterator[tuple[int, str]]:
    """Each amount with its place in ``text``."""
    return ((found.start(), found[0]) for found in _FOUND.finditer(text))


def measured_amounts(text: str) -> Iterator[tuple[int, str]]:
    """Those in a unit of which a share may be the bound: *one hundred percent* is none."""
    return ((found.start(), found[0]) for found in _FOUND_IN_UNITS.finditer(text) if "cent" not in found[0])
