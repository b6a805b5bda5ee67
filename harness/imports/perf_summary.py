"""The summaries of AIPerf and of genai-perf, which came before it: for each quantity its statistics and their unit."""

from __future__ import annotations

from collections.abc import Mapping

from ..events import Scalar
from ..metrics.definitions.imported.printed_by_tools import STATISTICS
from .fields import Fields
from .foreign import fact

_NAMES = {"mean": "avg", "median": "p50"}
_PLAIN_UNITS = frozenset(
    {"tokens", "requests", *(f"{one}/{second}" for one in ("tokens", "requests") for second in ("s", "sec", "second"))}
)
_TO_MS = {"ms": 1.0, "s": 1e3, "sec": 1e3, "us": 1e-3, "ns": 1e-6}


def printed_facts(found: Fields, times: Mapping[str, str], means: Mapping[str, str]) -> dict[str, Scalar]:
    """What was printed, as facts of the run: every statistic of ``times`` in milliseconds, the average of ``means``.

    Both lead from the tool's name of a quantity to the id of our metric. Raises ``DataError``.
    """
    facts: dict[str, Scalar] = {}
    for name, metric in times.items():
        said = found.fields(name)
        scale = scale_to_ms(said) if name in found else 1.0
        for ending in STATISTICS:
            number = said.amount(_NAMES.get(ending, ending))
            facts |= fact(f"{metric}_{ending}", None if number is None else number * scale)
    for name, metric in means.items():
        facts |= fact(metric, _mean(found.fields(name)))
    return facts


def _mean(said: Fields) -> float | None:
    """The average of a rate, a count or a duration; durations in seconds. Raises ``DataError``."""
    number, unit = said.amount("avg"), said.text("unit")
    if number is None or unit is None or unit in _PLAIN_UNITS:
        return number
    if unit in _TO_MS:
        return number * _TO_MS[unit] / 1e3
    raise said.wrong("unit", f"it is {unit[:40]!r}, seconds, or tokens or requests (a second) are expected")


def scale_to_ms(said: Fields) -> float:
    """The milliseconds in one of a quantity's unit. Raises ``DataError`` where it is no unit of time."""
    unit = said.text("unit") or "ms"
    if unit not in _TO_MS:
        raise said.wrong("unit", f"it is {unit[:40]!r}, a unit of time is expected")
    return _TO_MS[unit]
