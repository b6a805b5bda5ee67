"""Do our intervals cover what they claim, and do our tests cry wolf? By simulation of the procedures themselves.

    python -m tests.benchmarks.coverage_simulation [--only blocks] [--simulations 12000] \\
        [--out docs/methodology/coverage.json]

Every row says how often a printed 95 % interval held the truth, or how often a test found something where there was
nothing. ``promise`` is what the row is held to; Monte Carlo error (two standard errors) is allowed for.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

from harness.stats.comparison.compare import compare
from harness.stats.comparison.factor_effect import factor_effects
from harness.stats.comparison.null_effect import aa_test
from harness.stats.comparison.paired import compare_paired_ratio
from harness.stats.comparison.ranking import rank
from harness.stats.comparison.shift import difference
from harness.stats.intervals.interval import MINIMUM_RUNS, Interval, estimate, mean_interval
from harness.stats.intervals.propagate import propagate
from harness.stats.significance.multiplicity import benjamini_hochberg
from harness.stats.significance.serial import independence
from harness.stats.significance.steady import page_test
from harness.stats.significance.trend import drift
from harness.units import MS
from hooks.values.evidence import Sample, Strength
from hooks.values.value import Value
from tests.benchmarks.block_coverage import blocks
from tests.benchmarks.break_even_coverage import break_evens
from tests.benchmarks.coverage_rows import (
    CALIBRATED,
    SAFE,
    SHOWN,
    SILENT,
    Procedure,
    Row,
    alarms,
    coverage,
    hash_of,
)
from tests.support.shapes import NORMAL, SHAPES, STRESS, Shape, session

Floats = np.typing.NDArray[np.float64]
PUBLISHED_N = (5, 6, 7, 10, 30)


def one_sample(sims: int) -> Iterator[Row]:
    for n in PUBLISHED_N:
        for shape in SHAPES:
            promise = SILENT if n < MINIMUM_RUNS["median"] else CALIBRATED
            yield coverage("median", shape.name, n, shape.median, promise, sims, _estimate(shape, n, "median"))
        for shape in STRESS if n >= MINIMUM_RUNS["median"] else ():
            yield coverage("median", shape.name, n, shape.median, SHOWN, sims, _estimate(shape, n, "median"))
        yield coverage("mean", NORMAL.name, n, NORMAL.mean, SILENT, sims // 10, _estimate(NORMAL, n, "mean"))
    for shape in SHAPES:
        for name, made in (("Student's t", mean_interval), ("the bootstrap-t", _bootstrap_t)):
            yield coverage(
                f"mean by {name}, were it printed", shape.name, 7, shape.mean, SHOWN, sims,
                lambda rng, s=shape, made=made: made(s.draw(rng, (7,))),
            )  # fmt: skip
    for apart in (0, 10, 30):
        yield coverage(
            "median over 8 cells of 6 runs", f"normal, cells up to {apart} apart", 48, 100.0, SAFE, sims,
            lambda rng, d=apart: estimate((NORMAL.draw(rng, (6, 8)) + np.linspace(-d / 2, d / 2, 8)).ravel()).interval,
        )  # fmt: skip
    n = MINIMUM_RUNS["mean"]
    for shape in (*SHAPES, *STRESS):
        promise = CALIBRATED if shape in SHAPES else SHOWN
        yield coverage("mean", shape.name, n, shape.mean, promise, sims, _estimate(shape, n, "mean"))


def _bootstrap_t(values: Floats) -> Interval:
    """The studentised bootstrap of a mean, which is said to cope with skew."""
    drawn = np.random.default_rng(0).choice(values, (599, len(values)))
    error = values.std(ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        studentised = (drawn.mean(axis=1) - values.mean()) / drawn.std(axis=1, ddof=1)
    low, high = np.quantile(studentised[np.isfinite(studentised)], (0.025, 0.975))
    return Interval(float(values.mean() - high * error), float(values.mean() - low * error), 0.95, "bootstrap-t")


def _estimate(shape: Shape, n: int, statistic: str) -> Procedure:
    return lambda rng: estimate(shape.draw(rng, (n,)), statistic).interval  # type: ignore[arg-type]


def two_samples(sims: int) -> Iterator[Row]:
    for n in (4, *PUBLISHED_N):
        for shape in SHAPES:
            yield coverage(
                "difference",
                shape.name,
                f"{n} + {n}",
                0.0,
                CALIBRATED,
                sims,
                lambda rng, s=shape, n=n: difference(s.draw(rng, (n,)), s.draw(rng, (n,))).interval,
            )
        if n >= 6:
            for shape in SHAPES:
                yield coverage(
                    "paired ratio",
                    shape.name,
                    f"{n} pairs",
                    1.3,
                    CALIBRATED,
                    sims,
                    lambda rng, s=shape, n=n: _paired(s, rng, n),
                )
    for shape in SHAPES:
        yield coverage(
            "difference, spreads 1 : 3",
            shape.name,
            "7 + 7",
            0.0,
            SHOWN,
            sims,
            lambda rng, s=shape: difference(s.draw(rng, (7,)), _spread(s, rng, 7)).interval,
        )
        yield coverage(
            "difference, spreads 1 : 3", shape.name, "30 + 6", 0.0, SAFE, sims,
            lambda rng, s=shape: difference(s.draw(rng, (30,)), _spread(s, rng, 6)).interval,
        )  # fmt: skip


def _positive(shape: Shape, rng: np.random.Generator, n: int) -> Floats:
    return np.maximum(shape.draw(rng, (n,)), 1.0)


def _spread(shape: Shape, rng: np.random.Generator, n: int) -> Floats:
    return shape.median + 3 * (shape.draw(rng, (n,)) - shape.median)


def _paired(shape: Shape, rng: np.random.Generator, n: int) -> Interval | None:
    drift_of_session = np.exp(0.3 * rng.standard_normal(n))
    a, b = 1.3 * _positive(shape, rng, n) * drift_of_session, _positive(shape, rng, n) * drift_of_session
    return compare_paired_ratio(a, b).estimate.interval


def computed(sims: int) -> Iterator[Row]:
    """Computed quantities, from operands of equal spread to one that decides alone."""
    for n, m in ((5, 5), (6, 6), (7, 7), (10, 10), (30, 30), (6, 12), (42, 42)):
        for spreads in (1, 3, 20) if n >= MINIMUM_RUNS["median"] else (1,):
            for shape in SHAPES:
                yield coverage(
                    "a − b of medians",
                    f"{shape.name}, spreads 1 : {spreads}",
                    f"{n} + {m}",
                    0.0,
                    SILENT if n < MINIMUM_RUNS["median"] else CALIBRATED,
                    sims,
                    lambda rng, s=shape, n=n, m=m, k=spreads: (
                        propagate((s.draw(rng, (n,)), _narrow(s, rng, m, k)), np.subtract).interval
                    ),
                )
    for n in (6, 7, 30):
        for shape in SHAPES:
            yield coverage(
                "a / b − 1 of medians, as a page has it",
                shape.name,
                f"{n} + {n}",
                0.0,
                CALIBRATED,
                4 * sims,
                lambda rng, s=shape, n=n: (_value("a", s, rng, n) / _value("b", s, rng, n) - 1).interval,
            )
            yield coverage(
                "a + b − c of medians",
                shape.name,
                f"{n} + {n} + {n}",
                shape.median,
                CALIBRATED,
                sims,
                lambda rng, s=shape, n=n: (
                    propagate([s.draw(rng, (n,)) for _ in range(3)], lambda a, b, c: a + b - c).interval
                ),
            )
    for shape in SHAPES:
        yield coverage(
            "a / b of means", shape.name, "100 + 100", 1.0, CALIBRATED, sims,
            lambda rng, s=shape: propagate((s.draw(rng, (100,)), s.draw(rng, (100,))), np.divide, "mean").interval,
        )  # fmt: skip


def _narrow(shape: Shape, rng: np.random.Generator, n: int, by: float) -> Floats:
    return shape.median + (shape.draw(rng, (n,)) - shape.median) / by


def _value(cell: str, shape: Shape, rng: np.random.Generator, n: int) -> Value:
    numbers = tuple(map(float, shape.draw(rng, (n,))))
    sample = Sample((cell,) * n, tuple(f"{cell}-{k}" for k in range(n)), numbers, "median")
    return Value(float(np.median(numbers)), MS, Strength.MEASURED, n=n, name=cell, sample=sample)


def sessions(sims: int) -> Iterator[Row]:
    """Autocorrelated runs: blocked and randomised, where intervals must hold, and in a row, where none may appear."""
    for n in (6, 7, 10, 30):
        for correlation, cells, promise in ((0.6, 12, CALIBRATED), (0.6, 1, SILENT), (0.9, 12, SILENT)):
            rng = np.random.default_rng(hash_of(str(n), str(correlation), str(cells)))
            made = session(rng, sims, cells, n, correlation)
            order = "in random blocks of 12 cells" if cells > 1 else "in a row"
            found = [_gated(values, which) for values, which in zip(made.values, made.cells, strict=True)]
            printed = [interval for interval in found if interval]
            held = sum(interval.low <= 100 <= interval.high for interval in printed)
            yield Row(
                "median", f"autocorrelated {correlation}, {order}", str(n),
                held / len(printed) if printed else None, len(printed) / sims, sims, promise,
            )  # fmt: skip


def _gated(values: Floats, cells: np.typing.NDArray[np.int64]) -> Interval | None:
    if not independence(values, np.arange(len(values)), cells).holds:
        return None
    return estimate(values[cells == 0]).interval


def false_alarms(sims: int) -> Iterator[Row]:
    for shape in SHAPES:
        for n in (6, 10):
            yield alarms(
                "best cell of 8, any other named worse", shape.name, n, sims, lambda rng, s=shape, n=n: _told(s, rng, n)
            )
            yield alarms(
                "12 numbers of two versions, any called changed", shape.name, f"{n} + {n}", sims,
                lambda rng, s=shape, n=n: _changed(s, rng, n),
            )  # fmt: skip
        for n in (7, 10):
            yield alarms(
                "3 levels against one, intervals that hold together", shape.name, f"{n} pairs", sims,
                lambda rng, s=shape, n=n: _together(s, rng, n),
            )  # fmt: skip
        yield alarms("A/A of 4 levels in 5 strata", shape.name, 5, sims // 2, lambda rng, s=shape: _aa(s, rng))
        yield alarms("drift", shape.name, "6 cells × 5", sims // 2, lambda rng, s=shape: _drift(s, rng))
        yield alarms(
            "trend within runs",
            shape.name,
            "5 × 10",
            sims,
            lambda rng, s=shape: page_test(s.draw(rng, (5, 10))) <= 0.05,
        )


def _told(shape: Shape, rng: np.random.Generator, n: int) -> bool:
    samples = {str(cell): _positive(shape, rng, n) for cell in range(8)}
    return len(rank(samples, higher_is_better=False, seed=int(rng.integers(1 << 31))).best) < len(samples)


def _changed(shape: Shape, rng: np.random.Generator, n: int) -> bool:
    tests = [compare(shape.draw(rng, (n,)), shape.draw(rng, (n,))).test for _ in range(12)]
    return bool((benjamini_hochberg(np.array([test.p_value for test in tests if test])) <= 0.05).any())


def _together(shape: Shape, rng: np.random.Generator, n: int) -> bool:
    levels, pairs = np.repeat(np.arange(4), n).tolist(), np.tile(np.arange(n), 4).tolist()
    found = factor_effects(_positive(shape, rng, 4 * n), levels, pairs, pairs, margin=0.0)
    return any(effect.verdict == "effect" for effect in found)


def _aa(shape: Shape, rng: np.random.Generator) -> bool:
    levels, strata = np.tile(np.arange(4), 25), np.repeat(np.arange(5), 20)
    values = shape.draw(rng, (100,)) * (1 + strata)
    return not aa_test(values, levels, strata, seed=int(rng.integers(1 << 31))).passes


def _drift(shape: Shape, rng: np.random.Generator) -> bool:
    cells = np.concatenate([rng.permutation(6) for _ in range(5)])
    values = shape.draw(rng, (30,)) * (1 + cells)
    return drift(values, np.arange(30), cells, seed=int(rng.integers(1 << 31))).drifts


GROUPS = (one_sample, two_samples, computed, sessions, false_alarms, blocks, break_evens)


def simulate(sims: int, only: str | None) -> list[Row]:
    rows: list[Row] = []
    for group in GROUPS:
        if only in (None, group.__name__):
            started = time.perf_counter()
            rows += group(sims)
            print(f"{group.__name__}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return rows


def written(path: Path, sims: int, rows: list[Row], *, whole: bool) -> None:
    """Writes all rows, or those that were made anew in place of the same ones of before."""
    made = [{**asdict(row), "holds": row.holds} for row in rows]
    body = {"simulations": sims, "rows": made}
    if not whole:
        new = {(row["procedure"], row["shape"], row["n"]): row for row in made}
        body = json.loads(path.read_bytes())
        kept = [row for row in body["rows"] if (row["procedure"], row["shape"], row["n"]) not in new]
        body["rows"] = [*kept, *made]
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--simulations", type=int, default=12_000)
    parser.add_argument("--only", choices=[group.__name__ for group in GROUPS], help="make the rows of one group anew")
    parser.add_argument("--out", type=Path, help="where to write the rows as JSON")
    options = parser.parse_args()
    rows = simulate(options.simulations, options.only)
    for row in rows:
        share = "    –" if row.share is None else f"{100 * row.share:5.1f}"
        mark = "" if row.holds else "  MISSED"
        print(
            f"{row.procedure:38} {row.shape:48} n {row.n:14} {share} %  printed {row.printed:4.0%}  {row.promise}{mark}"
        )
    if options.out:
        written(options.out, options.simulations, rows, whole=options.only is None)
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
