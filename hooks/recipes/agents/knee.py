"""The knee of a client: between the highest offered rate at which its tokens still arrive in time, and the next one.

In time is a limit on the p95 of the lag of tokens, which each session answers by itself: a rate is kept up with where
the whole interval over sessions lies below the limit, and so is every lower rate. Rates are those that were offered.
"""

from __future__ import annotations

from itertools import takewhile

from ...values.value import Value
from ..claims import claim
from ..report_builder import Draft
from ..rows import Row, Rows

LAG, WITHIN, LIMIT_MS = "token_lag", "p95", 20.0
OFFERED = "offered_tps"
IN_TIME, LATE, NOT_SHOWN = "in time", "late", "not shown"
BETWEEN = (
    "The knee of {arm} lies between {kept} {kept.interval} and {lost} {lost.interval} offered to a stream: the"
    " {p95|definition} of its lag is {early} {early.interval} at the first and {late} {late.interval} at the second."
)
BEYOND = (
    "{arm} keeps up with all that the server can offer to a stream, {kept} {kept.interval}: there the {p95|definition}"
    " of its lag is {early} {early.interval}, and its knee lies beyond."
)
IS_BEYOND = f"early.high < {LIMIT_MS:g} ms and kept.low > 0 tok/s"
IS_BETWEEN = f"early.high < {LIMIT_MS:g} ms and late.low > {LIMIT_MS:g} ms and kept.high < lost.low"


def lag_of(draft: Draft, row: Row) -> Value:
    """The p95 of the lag of its tokens in a run, milliseconds."""
    return draft.ask(LAG, row.where, within=WITHIN)


def arrives(lag: Value) -> str:
    """What the interval of a lag shows of the limit."""
    if lag.interval is None:
        return NOT_SHOWN
    if lag.interval.high < LIMIT_MS:
        return IN_TIME
    return LATE if lag.interval.low > LIMIT_MS else NOT_SHOWN


def claim_knees(over: Rows[Row], arm: str = "arm") -> None:
    """For each arm, between which of its offered rates its knee lies; none for an arm that is shown to keep up with no
    rate."""
    draft = over.draft
    for level in dict.fromkeys(row.where[arm] for row in over):
        rates = sorted(over.at(**{arm: level}), key=lambda row: draft.ask(OFFERED, row.where).number or 0.0)
        kept = list(takewhile(lambda row: arrives(lag_of(draft, row)) == IN_TIME, rates))
        if not kept:
            continue
        last, beyond = kept[-1], rates[len(kept) :]
        values = {"kept": draft.ask(OFFERED, last.where), "early": lag_of(draft, last)}
        sentence, predicate = BEYOND, IS_BEYOND
        if beyond:
            values |= {"lost": draft.ask(OFFERED, beyond[0].where), "late": lag_of(draft, beyond[0])}
            sentence, predicate = BETWEEN, IS_BETWEEN
        meaning = "the highest rate offered to a stream with which a client is shown to keep up"
        claim(draft, f"knee-{last.slug(arm)}", sentence, values, predicate, meaning=meaning, names=last.names)
