"""What the factors of a dataset did to a metric, from its runs: the levels merged, the A/A tests, the effects."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from ..errors import UnknownName
from ..outcomes import NoValue
from ..stats.comparison.factor_effect import LevelEffect, factor_effects
from ..stats.comparison.null_effect import AATest, aa_test, one_configuration
from .columns import usable
from .definition import PRESENT
from .runs import LEVEL_PREFIX, Level, RunValues


@dataclass(frozen=True, slots=True)
class Merged:
    """Levels that were one configuration; ``effective`` are the settings that the engine used instead of them.
    ``aa`` is null where too few runs have a value."""

    levels: tuple[Level, ...]
    effective: tuple[Level, ...]
    aa: AATest | None


@dataclass(frozen=True, slots=True)
class FactorReport:
    """One factor and one metric. ``effects`` compare with the first level, merged levels counted as one."""

    factor: str
    metric_id: str
    merged: tuple[Merged, ...]
    effects: tuple[LevelEffect, ...]


def factor_report(
    values: RunValues,
    runs: pa.Table,
    factor: str,
    *,
    effective: str | None,
    margin: float,
    alpha: float = 0.05,
    reference: Level | None = None,
) -> FactorReport:
    """``values`` of all runs of the table ``runs``, in its order; ``effective`` is the factor's key in the engine's
    effective settings (``Factor.effective``), ``margin`` the declared equivalence margin (0.05 is 5 %).
    Effects compare with ``reference``, or with the first level to appear.

    Raises ``UnknownName`` for a factor that the runs do not have, ``NoValue(NOT_APPLICABLE)`` for values ≤ 0.
    """
    factors = [name.removeprefix(LEVEL_PREFIX) for name in runs.column_names if name.startswith(LEVEL_PREFIX)]
    if factor not in factors:
        raise UnknownName("factor", factor, factors)
    good = usable(runs["outcome"])
    table = _Table(values.take(good), runs.filter(pa.array(good)), factor, factors)
    used = effective_settings(table.runs, effective) if effective else [None] * table.runs.num_rows
    groups = one_configuration(table.levels, used, table.strata)
    first = {level: group[0] for group in groups for level in group}
    there = table.present(range(table.runs.num_rows))
    effects = factor_effects(
        table.values.values[there],
        [first.get(table.levels[i], table.levels[i]) for i in there],
        [table.pairs[i] for i in there],
        [table.blocks[i] for i in there],
        margin=margin,
        reference=None if reference is None else first.get(reference, reference),
        alpha=alpha,
    )
    return FactorReport(factor, values.metric_id, tuple(_merged(table, used, g, alpha) for g in groups), effects)


class _Table:
    """The usable runs of one factor: its levels, the combinations of the other factors, what may be paired, and which
    block each run counts in: its session, where there are several."""

    def __init__(self, values: RunValues, runs: pa.Table, factor: str, factors: list[str]) -> None:
        self.values, self.runs = values, runs
        self.levels: list[Level] = runs[LEVEL_PREFIX + factor].to_pylist()
        others = [runs[LEVEL_PREFIX + name].to_pylist() for name in factors if name != factor]
        self.strata: list[tuple[Level, ...]] = [tuple(column[i] for column in others) for i in range(runs.num_rows)]
        times = zip(runs["stratum"].to_pylist(), runs["block"].to_pylist(), strict=True)
        self.pairs = list(zip(self.strata, times, strict=True))
        sessions = runs["session"].to_pylist() if "session" in runs.column_names else []
        self.blocks: list[object] = sessions if len(set(sessions)) > 1 else runs["block"].to_pylist()

    def present(self, rows: Iterable[int]) -> list[int]:
        """Those of ``rows`` that have a value."""
        return [i for i in rows if self.values.reason[i] == PRESENT]


def effective_settings(runs: pa.Table, key: str) -> list[Level | None]:
    """What the engine reported under ``key``, one entry per run; ``None`` where it reported nothing."""
    return [json.loads(text).get(key) if text else None for text in runs["effective"].to_pylist()]


def _merged(table: _Table, used: Sequence[Level | None], group: tuple[Hashable, ...], alpha: float) -> Merged:
    rows = [i for i, level in enumerate(table.levels) if level in group]
    there = table.present(rows)
    codes = {stratum: code for code, stratum in enumerate(dict.fromkeys(table.strata))}
    try:
        aa = aa_test(
            table.values.values[there],
            [group.index(table.levels[i]) for i in there],
            [codes[table.strata[i]] for i in there],
            alpha,
        )
    except NoValue:
        aa = None
    settings = dict.fromkeys(used[i] for i in rows)
    levels = dict.fromkeys(table.levels[i] for i in rows)
    return Merged(tuple(levels), tuple(setting for setting in settings if setting is not None), aa)
