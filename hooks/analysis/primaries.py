"""What the sessions of a dataset say of the primary contrasts that they were recorded with."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass

import numpy as np

from harness.datasets.sealed_primaries import SealedPrimary, sealed_primaries
from harness.design import Primary
from harness.errors import UnknownName
from harness.metrics import metric as metric_named
from harness.metrics.primaries import unit_log_ratios
from harness.metrics.runs import RunValues
from harness.outcomes import Missing
from harness.stats.comparison.family import FamilyEffect, Finding, family_effects
from harness.units import ONE, RATIO

from ..values.evidence import Interval, Strength
from ..values.questions import OfMetric, OfPrimary
from ..values.questions.primaries import About, Flags
from ..values.value import Value, absent
from .measurements import MEASURED, Measurements

DIGITS = 3
"""Of a p-value."""


@dataclass(frozen=True, slots=True)
class PrimaryResult:
    """A sealed primary and what was found: ``ratio`` with its interval, corrected p-values, the smallest ratio that
    would have been found, the number of blocks, the ratio without flagged runs, and the ratio on each host where the
    sessions come from several."""

    primary: Primary
    finding: Finding
    ratio: Value
    p_effect: Value
    p_equivalent: Value
    detectable: Value
    blocks: Value
    unflagged: Value
    by_host: tuple[Value, ...]


def primary_results(data: Measurements) -> tuple[PrimaryResult, ...]:
    """All primaries that the dataset was recorded with, in the order of its design."""
    return tuple(_result(data, one.primary) for one in sealed_primaries(data.dataset))


def _result(data: Measurements, primary: Primary) -> PrimaryResult:
    def ask(of: About, flagged: Flags = "kept", host: str = "") -> Value:
        question = OfPrimary(**data.about_dataset(), primary=primary.id, of=of, flagged=flagged, host=host)
        return answer_primary(data, question)

    ratio, p_effect, p_equivalent = ask("ratio"), ask("p_effect"), ask("p_equivalent")
    return PrimaryResult(
        primary,
        _finding(ratio, p_equivalent),
        ratio,
        p_effect,
        p_equivalent,
        ask("detectable"),
        ask("blocks"),
        ask("ratio", "left out"),
        tuple(ask("ratio", host=host) for host in differing_hosts(data)),
    )


def differing_hosts(data: Measurements) -> tuple[str, ...]:
    """The hosts of the sessions, in the order in which they first recorded; none where there is only one."""
    known = tuple(dict.fromkeys(filter(None, data.dataset.hosts.values())))
    return known if len(known) > 1 else ()


def _finding(ratio: Value, p_equivalent: Value, alpha: float = 0.05) -> Finding:
    """As ``FamilyEffect.finding``, from what the page shows."""
    if p_equivalent.number is not None and p_equivalent.number <= alpha:
        return "equivalent"
    interval = ratio.interval
    return "effect" if interval and not interval.low <= 1 <= interval.high else "not settled"


def answer_primary(data: Measurements, question: OfPrimary) -> Value:
    """The answer to a question about a primary. Raises ``UnknownName`` for one that no session sealed."""
    return data.kept(question, lambda: _answer(data, question))


def _answer(data: Measurements, question: OfPrimary) -> Value:
    sealed = sealed_primaries(data.dataset)
    asked = next((one for one in sealed if one.primary.id == question.primary), None)
    if asked is None:
        raise UnknownName("primary", question.primary, [one.primary.id for one in sealed])
    family = [one for one in sealed if one.primary.family == asked.primary.family]
    logs = [_log_ratios(data, one, question) for one in family]
    effects = family_effects(logs, [one.primary.margin for one in family])
    return _value(effects[family.index(asked)], question, metric_named(asked.primary.metric).definition)


def _log_ratios(data: Measurements, sealed: SealedPrimary, asked: OfPrimary) -> np.typing.NDArray[np.float64]:
    primary = sealed.primary
    of_metric = OfMetric(**data.about_metric(primary.metric, None, MEASURED, primary.within))
    values = data.values(of_metric)
    if asked.flagged == "left out":
        values = values.take(~_flagged(data, values))
    by_session = len(data.dataset.recordings) > 1
    hosts = data.dataset.hosts
    counted = [session for session in sealed.sessions if not asked.host or hosts[session] == asked.host]
    units = unit_log_ratios(values, primary, data.factors, counted, by_session=by_session)
    return np.array(list(units.values()))


def _flagged(data: Measurements, values: RunValues) -> np.typing.NDArray[np.bool_]:
    runs = data.dataset.runs
    carried = dict(zip(runs["run_id"].to_pylist(), runs["flags"].to_pylist(), strict=True))
    return np.array([bool(json.loads(carried[str(run)] or "{}")) for run in values.columns["run_id"]], np.bool_)


def _value(found: FamilyEffect, question: OfPrimary, meaning: str) -> Value:
    if question.of == "blocks":
        return Value(found.n, ONE, Strength.DERIVED, question=question, definition=meaning, n=found.n, decimals=0)
    if question.of == "ratio":
        if found.ratio is None:
            return absent(Missing.TOO_FEW_BLOCKS, RATIO, question, meaning, Strength.DERIVED)
        interval = found.ratio.interval
        return Value(
            found.ratio.value,
            RATIO,
            Strength.DERIVED,
            Interval(*astuple(interval)) if interval else None,
            found.n,
            question=question,
            definition=meaning,
            caution="" if interval else "too few blocks for an interval",
        )
    number = {"p_effect": found.p_effect, "p_equivalent": found.p_equivalent, "detectable": found.detectable}[
        question.of
    ]
    unit, decimals = (RATIO, None) if question.of == "detectable" else (ONE, DIGITS)
    if number is None:
        return absent(Missing.TOO_FEW_BLOCKS, unit, question, meaning, Strength.DERIVED)
    return Value(number, unit, Strength.DERIVED, n=found.n, question=question, definition=meaning, decimals=decimals)
