"""The accuracy gate: what a cell still predicts, beside the fp32 baseline of the same weights.

A cell passes where its perplexity, its likeliest tokens and, where the study limits them, its logits stay within the
limits for its precision. A cell that fails is reported and never ranked; one that an engine lets nobody judge is not
ranked either.
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
    strayed = None if gate is None or gate.logits is None else data.value("logit_difference", where).number
    return Judged(perplexity, ratio, agreement, _verdict(gate, ratio.number, agreement.number, strayed))


def _verdict(gate: Gate | None, ratio: float | None, agreement: float | None, strayed: float | None = None) -> str:
    """A measure that an engine does not tell is left to the others; logits alone give no verdict but that it fails."""
    if gate is None:
        return UNKNOWN
    worse = ratio is not None and ratio > gate.perplexity
    parted = agreement is not None and agreement < gate.agreement
    if worse or parted or (gate.logits is not None and strayed is not None and strayed > gate.logits):
        return FAILS
    return UNKNOWN if ratio is None and agreement is None else PASSES
