"""How well an engine still predicts, once per scored run: what the accuracy gate judges.

The baseline of a model is the run of the same dataset that generated with PyTorch in fp32 and compiled nothing.
The likeliest token is asked for after each token of one text, so a difference at one place does not spread.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ...outcomes import Missing
from ...units import ONE, PERCENT
from ..columns import usable
from ..definition import Evaluated, RunMetric, evaluated

Tokens = list[str]


def perplexity(runs: pa.Table) -> Evaluated:
    """Perplexity of the shipped test text, shape ``(runs,)``."""
    values = np.array([_number(facts, "accuracy.perplexity") for facts in _objects(runs, "facts")])
    return evaluated(values, (~usable(runs["outcome"]), Missing.RUN_FAILED), (np.isnan(values), Missing.NOT_REPORTED))


def greedy_agreement(runs: pa.Table) -> Evaluated:
    """Percent of places at which the likeliest token is the baseline's, shape ``(runs,)``."""
    asked = list(_objects(runs, "requested"))
    said = [_greedy(facts) for facts in _objects(runs, "facts")]
    baselines = _baselines(asked, said)
    values = np.array(
        [
            _agreement(tokens, baselines[model]) if tokens and (model := request.get("model")) in baselines else np.nan
            for request, tokens in zip(asked, said, strict=True)
        ]
    )
    unknown = np.array([request.get("model") not in baselines for request in asked], np.bool_)
    return evaluated(
        values,
        (~usable(runs["outcome"]), Missing.RUN_FAILED),
        (unknown, Missing.NOT_APPLICABLE),
        (np.isnan(values), Missing.NOT_REPORTED),
    )


def logit_difference(runs: pa.Table) -> Evaluated:
    """The largest difference of a logit from PyTorch's in full precision, shape ``(runs,)``."""
    values = np.array([_number(facts, "accuracy.logit_difference") for facts in _objects(runs, "facts")])
    return evaluated(values, (~usable(runs["outcome"]), Missing.RUN_FAILED), (np.isnan(values), Missing.NOT_REPORTED))


def _baselines(asked: Sequence[Mapping[str, Any]], said: Sequence[Tokens]) -> dict[Any, Tokens]:
    found: dict[Any, Tokens] = {}
    for request, tokens in zip(asked, said, strict=True):
        if tokens and _is_baseline(request):
            found.setdefault(request.get("model"), tokens)
    return found


def _is_baseline(request: Mapping[str, Any]) -> bool:
    plain = request.get("precision", "fp32") == "fp32" and request.get("compile", "none") == "none"
    return bool(request.get("backend") == "pytorch" and plain and request.get("device", "cpu") == "cpu")


def _agreement(tokens: Tokens, baseline: Tokens) -> float:
    return 100.0 * sum(a == b for a, b in zip(tokens, baseline, strict=False)) / len(baseline)


def _greedy(facts: Mapping[str, Any]) -> Tokens:
    told = facts.get("accuracy.greedy")
    return told.split() if isinstance(told, str) else []


def _number(facts: Mapping[str, Any], key: str) -> float:
    value = facts.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")


def _objects(runs: pa.Table, column: str) -> Iterator[Mapping[str, Any]]:
    for text in runs[column].to_pylist():
        yield json.loads(text) if text else {}


PERPLEXITY = RunMetric(
    id="perplexity",
    name="perplexity of the shipped test text",
    unit=ONE,
    formula="exp(mean negative log likelihood of each token after the first)",
    applicability="scored runs of trained models on engines that tell the likelihood of a given text",
    higher_is_better=False,
    compute=perplexity,
)
GREEDY_AGREEMENT = RunMetric(
    id="greedy_agreement",
    name="likeliest tokens in common with the full-precision baseline",
    unit=PERCENT,
    formula="places of the test text with the same likeliest next token ÷ places",
    applicability="scored runs of engines that tell token ids, beside the model's full-precision baseline",
    higher_is_better=True,
    compute=greedy_agreement,
)
LOGIT_DIFFERENCE = RunMetric(
    id="logit_difference",
    name="largest difference of a logit from PyTorch's in full precision",
    unit=ONE,
    formula="max |logit − PyTorch's| over the vocabulary after each of the first tokens of the test text",
    applicability="scored runs of engines in the worker's process",
    higher_is_better=False,
    compute=logit_difference,
)
