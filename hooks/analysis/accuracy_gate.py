"""The accuracy gate: what a cell still predicts, beside the fp32 baseline of the same weights.

A cell passes where its perplexity and its likeliest tokens stay within the study's limits for its precision. A cell
that fails is reported and never ranked; one that an engine lets nobody judge is not ranked either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.design import Gate, Study

from ..values.evidence import Level
from ..values.value import Value
from .measurements import Measurements

PASSES, FAILS, UNKNOWN = "passes", "fails", "cannot be judged"


@dataclass(frozen=True, slots=True)
class Judged:
    """One cell's accuracy. ``ratio`` is its perplexity over the baseline's."""

    perplexity: Value
    ratio: Value
    agreement: Value
    verdict: str


def judged(
    data: Measurements, study: Study, where: Mapping[str, Level], baseline: Mapping[str, Level], precision: str
) -> Judged:
    """The accuracy of the runs of ``where`` beside those of ``baseline``."""
    perplexity = data.value("perplexity", where)
    ratio = perplexity / data.value("perplexity", baseline)
    agreement = data.value("greedy_agreement", where)
    gate = next((gate for gate in study.gates if gate.precision == precision), None)
    return Judged(perplexity, ratio, agreement, _verdict(gate, ratio.number, agreement.number))


def _verdict(gate: Gate | None, ratio: float | None, agreement: float | None) -> str:
    """A measure that an engine does not tell is left to the other; with neither there is no verdict."""
    if gate is None or (ratio is None and agreement is None):
        return UNKNOWN
    strayed = ratio is not None and ratio > gate.perplexity
    parted = agreement is not None and agreement < gate.agreement
    return FAILS if strayed or parted else PASSES
