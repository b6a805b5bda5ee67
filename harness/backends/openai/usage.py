"""What a record of an OpenAI-compatible stream counts, in whichever of its fields the server puts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from ...client.json_records import CounterReader, Record
from ...events import Counters, Scalar
from ...outcomes import PROMPT_TOTAL

USAGE_AT = "usage_at"
"""What requests report in ``effective``: the field that held the count, where it was not ``usage``."""
_PREDICTED = frozenset(
    {
        "completiontokens",
        "outputtokens",
        "generatedtokens",
        "numgeneratedtokens",
        "numoutputtokens",
        "predictedn",
        "tokenspredicted",
        "candidatestokencount",
        "evalcount",
    }
)
_PROMPT = frozenset({"prompttokens", "inputtokens", "numprompttokens", "numinputtokens", "prompttokencount"})
_EVALUATED = frozenset({"promptn"})
"""Of llama.cpp: without what came from its cache."""
_CACHED = ("cached_tokens", "cache_n", "cache_read_input_tokens", "prompt_cache_hit_tokens")
_DETAILS_OF_PROMPT = ("prompt_tokens_details", "input_tokens_details")
_DETAILS_OF_ANSWER = ("completion_tokens_details", "output_tokens_details")
_NO_COUNTS = frozenset({"choices", "delta", "message", "logprobs", "error", "usage"})
_MOST_FIELDS = 16


@dataclass(frozen=True, slots=True)
class Usage:
    """``counters`` is ``None`` where a record counts nothing; ``total`` are the tokens of the answer so far, and
    ``reasoning`` how many of them are no part of it. ``bad`` names counters that cannot be."""

    counters: Counters | None = None
    total: int | None = None
    reasoning: int | None = None
    told: Mapping[str, Scalar] | None = None
    bad: tuple[str, ...] = ()


def usage_of(record: Record, choice: Record) -> Usage:
    """What a record counts; an object of another shape counts nothing and is ``bad``."""
    bad = [name for name in ("usage", "timings") if not isinstance(record.get(name), dict | None)]
    usage, timings = (_object(record.get(name)) for name in ("usage", "timings"))
    place = "usage"
    if not usage:
        place, usage = next(_elsewhere(record, choice), (place, usage))
    if not usage and not timings:
        return Usage(bad=tuple(bad))
    return _read(usage, timings, place, bad)


def _read(usage: Record, timings: Record, place: str, bad: list[str]) -> Usage:
    bad += [name for name in (*_DETAILS_OF_PROMPT, *_DETAILS_OF_ANSWER) if not isinstance(usage.get(name), dict | None)]
    counts, durations = CounterReader(usage), CounterReader(timings)
    details = CounterReader(_nested(usage, _DETAILS_OF_PROMPT))
    thought = CounterReader(_nested(usage, _DETAILS_OF_ANSWER))
    total, prompt = _count(counts, usage, _PREDICTED), _count(counts, usage, _PROMPT)
    cached = _first(details, _CACHED)
    cached = _first(counts, _CACHED) if cached is None else cached
    cached = durations.count("cache_n") if cached is None else cached
    evaluated = _count(counts, usage, _EVALUATED)
    evaluated = durations.count("prompt_n") if evaluated is None else evaluated
    if prompt is None and evaluated is not None and cached is not None:
        prompt = evaluated + cached
    if prompt is not None and cached is not None:
        if cached > prompt:
            details.bad.append("cached_tokens")
            cached = None
        else:
            evaluated = prompt - cached
    counters = Counters(
        prompt_n=evaluated,
        cache_n=cached,
        prompt_ms=durations.number("prompt_ms"),
        predicted_n=total,
        predicted_ms=durations.number("predicted_ms"),
    )
    told: dict[str, Scalar] = {USAGE_AT: place} if place != "usage" else {}
    if prompt is not None and cached is None:
        told[PROMPT_TOTAL] = prompt
    reasoning = thought.count("reasoning_tokens")
    return Usage(
        counters,
        total,
        counts.count("reasoning_tokens") if reasoning is None else reasoning,
        told,
        (*bad, *counts.bad, *details.bad, *thought.bad, *durations.bad),
    )


def _elsewhere(record: Record, choice: Record) -> Iterator[tuple[str, Record]]:
    """Objects of a record that count the tokens of an answer, with their places, those nearest to the top first."""
    inside = choice.get("usage")
    if isinstance(inside, dict):
        yield "choices.usage", inside
    outer = [*_objects(record, ""), *_objects(choice, "choices.")]
    for place, found in outer:
        if _counts(found):
            yield place, found
    for place, found in outer:
        for where, deeper in _objects(found, f"{place}.", without=frozenset()):
            if _counts(deeper):
                yield where, deeper


def _objects(record: Record, prefix: str, without: frozenset[str] = _NO_COUNTS) -> Iterator[tuple[str, Record]]:
    for name, value in islice(record.items(), _MOST_FIELDS):
        if isinstance(value, dict) and name not in without:
            yield f"{prefix}{name}"[:80], value


def _counts(record: Record) -> bool:
    """Whether an object of any name counts the tokens of an answer: it says so, and says more than none."""
    found = (value for name, value in islice(record.items(), _MOST_FIELDS * 2) if _plain(name) in _PREDICTED)
    return any(isinstance(value, int) and not isinstance(value, bool) and value > 0 for value in found)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _count(reader: CounterReader, record: Record, names: frozenset[str]) -> int | None:
    for name in islice(record, _MOST_FIELDS * 2):
        if _plain(name) in names and record[name] is not None:
            return reader.count(name)
    return None


def _first(reader: CounterReader, names: tuple[str, ...]) -> int | None:
    return next((found for name in names if (found := reader.count(name)) is not None), None)


def _nested(usage: Record, names: tuple[str, ...]) -> Record:
    """The first of these objects; empty without one."""
    return next((found for name in names if (found := _object(usage.get(name)))), {})


def _object(value: object) -> Record:
    return value if isinstance(value, dict) else {}
