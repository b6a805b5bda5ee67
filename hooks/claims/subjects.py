"""What a value speaks of: its metrics, which way of it is better, and between which levels it compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from harness.errors import UnknownName, UsageError
from harness.metrics import metric

from ..values.prediction import PREDICT
from ..values.questions import Contrasted, Detectable, OfDataset, OfMetric
from ..values.value import OF_FORMULA, Value

COMBINED: Mapping[frozenset[str], str] = {
    frozenset({"compile_time", "e2e_kv"}): "answers until compiling has paid: its time over what an answer saves",
    frozenset({"compile_time", "break-even e2e_kv"}): "what compiling leaves after so many answers, in time",
    frozenset({"weight_bytes", "read_bandwidth"}): "time to read all weights once",
    frozenset(
        {"weight_bytes", "read_bandwidth", "decode_step"}
    ): "share of a decode step that reading the weights takes",
    frozenset({"server_output_tokens", "e2e_kv"}): "tokens per second of one answer, prefill included",
    frozenset({"kv_cache", "kv_formula"}): "the cache by the engine's report over its formula",
    frozenset({"kv_cache", "kv_full"}): "the cache by the engine's report over one that keeps everything",
    frozenset({"kv_cache", "read_bandwidth"}): "time to read a full cache once",
    frozenset({"server_prefill_tps", "server_decode_tps"}): "time of a request of given lengths by both rates",
    frozenset({"server_output_tokens", "uncached_generate"}): "tokens per second of one answer without a cache",
    frozenset({"power", "server_decode_tps"}): "energy of an output token",
    frozenset({"gpu_power", "server_decode_tps"}): "energy of an output token, of the GPUs",
    frozenset({"gpu_power_polled", "server_decode_tps"}): "energy of an output token, of the GPUs by polls",
    frozenset({"meter_power", "server_decode_tps"}): "energy of an output token, of the whole machine",
    frozenset({"meter_power", "meter_idle"}): "what work adds to the power of the machine",
    frozenset({"meter_power", "meter_idle", "server_decode_tps"}): "energy of an output token above that of idling",
    frozenset({"aggregate_tps", "decode_tps"}): "what all streams of a client receive over what an engine makes",
}
"""Different metrics that may enter one number, with what the number is. Add a line, and say why it means something."""

Words = Mapping[str, Mapping[str, frozenset[str]]]
"""What studies call the levels of each factor, by the level as text."""

_TOGETHER = frozenset({"+", "-", "*", "/", PREDICT})


def metrics_of(value: Value) -> frozenset[str]:
    """The subjects of all questions that a value rests on."""
    return frozenset(one.question.subject for one in value.lineage() if isinstance(one.question, OfDataset))


def demand_alike(value: Value) -> None:
    """Raises ``UsageError`` where a value combines different metrics, undeclared, or a constant with a unit that has no
    definition."""
    for step in value.lineage():
        if step.definition == OF_FORMULA:
            _demand_plain_constant(step)
        if step.operation in _TOGETHER and step.parents:
            sides = [metrics_of(parent) for parent in step.parents]
            together = frozenset().union(*sides)
            if all(sides) and len(set(sides)) > 1 and together not in COMBINED:
                raise UsageError(
                    f"{' and '.join(sorted(together))} are different metrics, and {step.id} combines them with "
                    f"{step.operation}; ask for one metric, or declare the combination in hooks/claims/subjects.py"
                )


def demand_plain_constants(value: Value) -> None:
    """Raises ``UsageError`` for any constant with a unit: what a claim compares with is measured, cited or declared."""
    for step in value.lineage():
        _demand_plain_constant(step)


def _demand_plain_constant(step: Value) -> None:
    if step.operation == "constant" and step.unit.dims:
        raise UsageError(f"{step.text} is no constant of a formula: measure it, cite it or declare an input")


def is_power_of(limit: Value, effect: Value) -> bool:
    """Whether ``limit`` is the smallest effect that the comparison which gave ``effect`` would likely have found."""
    one, other = limit.question, effect.question
    if not isinstance(one, Detectable) or not isinstance(other, Contrasted):
        return False
    return one.dataset == other.dataset and {**one.asked(), "across": ""} == {**other.asked(), "across": ""}


def better(value: Value) -> int | None:
    """1 where a larger number is better, −1 where a smaller one is, ``None`` where neither is or nobody says."""
    if isinstance(value.question, OfMetric | Contrasted | Detectable):
        wanted = _higher_is_better(value.question.metric)
        return None if wanted is None else 1 if wanted else -1
    if not value.parents:
        return None
    if value.operation == "*":
        known = [better(parent) for parent in value.parents if metrics_of(parent)]
        return known[0] if len(known) == 1 else None
    if value.operation == "/" and not metrics_of(value.parents[0]):
        of_divisor = better(value.parents[1])
        return None if of_divisor is None else -of_divisor
    return better(value.parents[0])


@cache
def _higher_is_better(name: str) -> bool | None:
    try:
        return metric(name).higher_is_better
    except UnknownName:
        return None


def compared(value: Value) -> Iterator[tuple[str, frozenset[str]]]:
    """The factors in which the two sides of a value differ, each with the levels of both, as text."""
    for step in value.lineage():
        question = step.question
        if isinstance(question, Contrasted | Detectable):
            yield question.factor, frozenset({str(question.level), str(question.reference)})
        if step.operation in ("-", "/") and all(map(metrics_of, step.parents)):
            left, right = (kept(parent) for parent in step.parents)
            for name in sorted(left.keys() | right.keys()):
                if left.get(name) != right.get(name):
                    yield name, left.get(name, frozenset()) | right.get(name, frozenset())


def reference_levels(value: Value) -> frozenset[str]:
    """The levels of all comparisons in a value, as text."""
    return frozenset(level for _, levels in compared(value) for level in levels)


def kept(value: Value) -> dict[str, frozenset[str]]:
    """The levels that a value keeps of each factor, on any side of it, as text."""
    found: dict[str, frozenset[str]] = {}
    for one in value.lineage():
        if one.question:
            for name, levels in one.question.where:
                found[name] = found.get(name, frozenset()) | frozenset(map(str, levels))
    return found
