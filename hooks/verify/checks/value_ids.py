"""Every value's id is made of what it claims to be: another question, unit, source or parent has another id.

It begins with what is asked, in words of the question, and ends with the question's hash.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from itertools import chain, permutations

from ..reader.mismatches import Examined
from ..reader.questions_json import StatedQuestion
from ..reader.site import Site
from ..reader.values_json import StatedValue

HEX_DIGITS = 8
LONGEST = 40
_SUBJECTS = {
    "slope": ("kind", "metric"),
    "correlation": ("kind", "metric"),
    "spread": ("kind", "metric"),
    "break_even": ("kind", "metric"),
    "fit": ("law", "told", "metric"),
    "primary": ("kind", "primary", "of"),
    "moment": ("kind", "stage"),
    "reading": ("kind", "quantity", "told"),
    "input": ("kind", "name"),
}
"""What the id of such a question begins with; that of any other begins with its metric."""
_OPERATIONS = {
    "+": "sum",
    "-": "difference",
    "*": "product",
    "/": "ratio",
    "convert": "converted",
    "predict": "prediction",
}


def check(site: Site) -> Iterator[Examined]:
    """Makes the id of every value again."""
    for page, key, value in site.values():
        begins, _, ends = key.rpartition("-")
        right = ends == _hash(value) and any(begins == one for one in _beginnings(value))
        yield Examined(page.name, None if right else f"{key}: the id does not fit what the value says it is")


def _beginnings(value: StatedValue) -> Iterator[str]:
    """More than one where levels of several factors are kept: ids tell them in the order in which they were asked."""
    if value.name or value.question is None:
        yield _slug(value.name or _OPERATIONS.get(value.operation, value.operation))
        return
    question, asked = value.question, value.question.identity()
    subject = [str(getattr(question, field)) for field in _SUBJECTS.get(question.kind, ())] or [asked["metric"]]
    phase = [asked["phase"]] if asked.get("phase") not in (None, "measured") else []
    for levels in permutations(asked.get("where", {}).values()):
        yield _slug(*subject, *phase, *map(str, chain.from_iterable(levels)), *_prompt(question))


def _prompt(question: StatedQuestion) -> list[str]:
    return [question.prompt] if question.kind == "metric" and question.prompt else []


def _slug(*words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words).lower()).strip("-")[:LONGEST].strip("-") or "value"


def _hash(value: StatedValue) -> str:
    """The published recipe: canonical JSON of the question and its SHA-256."""
    question = {
        "asked": value.question.identity() if value.question else {},
        "name": value.name,
        "unit": value.unit,
        "source": value.source,
        "operation": value.operation,
        "parents": value.parents,
        "constant": None if value.question or value.parents else value.number,
    }
    text = json.dumps(question, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:HEX_DIGITS]
