"""Do our intervals cover what they claim, and do our tests cry wolf? By simulation of the procedures themselves.

    python -m tests.benchmarks.coverage_simulation [--only blocks] [--simulations 12000] \\
        [--out docs/methodology/coverage.json] [--resume]

Every row says how often a printed 95 % interval held the truth, or how often a test found something where there was
nothing. ``promise`` is what the row is held to; Monte Carlo error (two standard errors) is allowed for.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import mode

import numpy as np
from scipy.stats import false_discovery_control

from harness.stats.arrays import Bools, Floats
from harness.stats.comparison.shift import difference
from harness.stats.intervals.interval import MINIMUM_RUNS, Interval, estimate, mean_interval
from harness.stats.intervals.propagate import propagate
from harness.stats.significance.serial import independence
from harness.stats.significance.steady import page_test
from tests.benchmarks import many_samples as many
from tests.benchmarks import many_sessions
from tests.benchmarks.block_coverage import blocks
from tests.benchmarks.break_even_coverage import break_evens
from tests.benchmarks.coverage_rows import (
    CALIBRATED,
    FALSE_ALARM,
    SAFE,
    SHOWN,
    SHUFFLED,
    SILENT,
    Job,
    Name,
    Procedure,
    Row,
    at_once,
    coverage,
    hash_of,
)
from tests.support.shapes import NORMAL, SHAPES, STRESS, Shape, session

PUBLISHED_N = (5, 6, 7, 10, 30)


def one_sample(sims: int) -> Iterator[Job]:
    for n in PUBLISHED_N:
        for shape in SHAPES:
            promise = SILENT if n < MINIMUM_RUNS["median"] else CALIBRATED
            yield coverage("median", shape.name, n, shape.median, promise, sims, _estimate(shape, n, "median"))
        for shape in STRESS if n >= MINIMUM_RUNS["median"] else ():
            yield coverage("median", shape.name, n, shape.median, SHOWN, sims, _estimate(shape, n, "median"))
        yield coverage("mean", NORMAL.name, n, NORMAL.mean, SILENT, sims, _estimate(NORMAL, n, "mean"))
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


def two_samples(sims: int) -> Iterator[Job]:
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
                yield at_once(
                    "paired ratio", shape.name, f"{n} pairs", CALIBRATED, sims,
                    lambda rng, count, s=shape, n=n: many.paired_ratio(_paired(s, rng, (count, n))).hold(1.3),
                )  # fmt: skip
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


def _positive(shape: Shape, rng: np.random.Generator, size: tuple[int, ...]) -> Floats:
    return np.maximum(shape.draw(rng, size), 1.0)


def _spread(shape: Shape, rng: np.random.Generator, n: int) -> Floats:
    return shape.median + 3 * (shape.draw(rng, (n,)) - shape.median)


def _paired(shape: Shape, rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Log ratios of pairs that share the drift of their session."""
    drift_of_session = np.exp(0.3 * rng.standard_normal(size))
    a, b = 1.3 * _positive(shape, rng, size) * drift_of_session, _positive(shape, rng, size) * drift_of_session
    return np.asarray(np.log(a) - np.log(b))


def computed(sims: int) -> Iterator[Job]:
    """Computed quantities, from operands of equal spread to one that decides alone."""
    for shape in SHAPES:
        yield coverage(
            "a − b of medians", f"{shape.name}, spreads 1 : 1", "5 + 5", 0.0, SILENT, sims,
            lambda rng, s=shape: propagate((s.draw(rng, (5,)), s.draw(rng, (5,))), np.subtract).interval,
        )  # fmt: skip
    for n, m in ((6, 6), (7, 7), (10, 10), (30, 30), (6, 12), (42, 42)):
        for spreads in (1, 3, 20):
            for shape in SHAPES:

                def apart(
                    rng: np.random.Generator, count: int, s: Shape = shape, n: int = n, m: int = m, k: int = spreads
                ) -> Bools:
                    return many.carried((s.draw(rng, (count, n)), _narrow(s, rng, (count, m), k)), np.subtract).hold(0)

                yield at_once(
                    "a − b of medians", f"{shape.name}, spreads 1 : {spreads}", f"{n} + {m}", CALIBRATED, sims, apart
                )
    for n in (6, 7, 30):
        for shape in SHAPES:
            yield at_once(
                "a / b − 1 of medians, as a page has it", shape.name, f"{n} + {n}", CALIBRATED, sims,
                lambda rng, count, s=shape, n=n: many.carried(_drawn(s, rng, 2, count, n), _gain).hold(0),
            )  # fmt: skip
            yield at_once(
                "a + b − c of medians", shape.name, f"{n} + {n} + {n}", CALIBRATED, sims,
                lambda rng, count, s=shape, n=n: many.carried(_drawn(s, rng, 3, count, n), _sum_less).hold(s.median),
            )  # fmt: skip
    for shape in SHAPES:
        yield at_once(
            "a / b of means", shape.name, "100 + 100", CALIBRATED, sims,
            lambda rng, count, s=shape: many.carried(_drawn(s, rng, 2, count, 100), np.divide, "mean").hold(1),
        )  # fmt: skip


def _drawn(shape: Shape, rng: np.random.Generator, operands: int, count: int, n: int) -> list[Floats]:
    return [shape.draw(rng, (count, n)) for _ in range(operands)]


def _gain(a: Floats, b: Floats) -> Floats:
    return a / b - 1


def _sum_less(a: Floats, b: Floats, c: Floats) -> Floats:
    return a + b - c


def _narrow(shape: Shape, rng: np.random.Generator, size: tuple[int, int], by: float) -> Floats:
    return shape.median + (shape.draw(rng, size) - shape.median) / by


def sessions(sims: int) -> Iterator[Job]:
    """Autocorrelated runs: blocked and randomised, where intervals must hold, and in a row, where none may appear."""
    for n in (6, 7, 10, 30):
        for correlation, cells, promise in ((0.6, 12, CALIBRATED), (0.6, 1, SILENT), (0.9, 12, SILENT)):
            order = "in random blocks of 12 cells" if cells > 1 else "in a row"
            name = "median", f"autocorrelated {correlation}, {order}", str(n)
            yield Job((name,), partial(_session, name, correlation, cells, promise, sims))


def _session(name: Name, correlation: float, cells: int, promise: str, sims: int) -> list[Row]:
    n = int(name[2])
    rng = np.random.default_rng(hash_of(str(n), str(correlation), str(cells)))
    made = session(rng, sims, cells, n, correlation)
    found = [_gated(values, which) for values, which in zip(made.values, made.cells, strict=True)]
    printed = [interval for interval in found if interval]
    held = sum(interval.low <= 100 <= interval.high for interval in printed)
    return [Row(*name, held / len(printed) if printed else None, len(printed) / sims, sims, promise)]


def _gated(values: Floats, cells: np.typing.NDArray[np.int64]) -> Interval | None:
    if not independence(values, np.arange(len(values)), cells).holds:
        return None
    return estimate(values[cells == 0]).interval


def false_alarms(sims: int) -> Iterator[Job]:
    for shape in SHAPES:
        for n in (6, 10):
            yield at_once(
                "best cell of 8, any other named worse", shape.name, n, FALSE_ALARM, sims,
                lambda rng, count, s=shape, n=n: _told(s, rng, (count, 8, n)), SHUFFLED,
            )  # fmt: skip
            yield at_once(
                "12 numbers of two versions, any called changed", shape.name, f"{n} + {n}", FALSE_ALARM, sims,
                lambda rng, count, s=shape, n=n: _changed(s, rng, (count, 12, n)),
            )  # fmt: skip
        for n in (7, 10):
            yield at_once(
                "3 levels against one, intervals that hold together", shape.name, f"{n} pairs", FALSE_ALARM, sims,
                lambda rng, count, s=shape, n=n: _together(s, rng, (count, 4, n)),
            )  # fmt: skip
        yield at_once("A/A of 4 levels in 5 strata", shape.name, 5, FALSE_ALARM, sims, partial(_aa, shape), SHUFFLED)
        yield at_once("drift", shape.name, "6 cells × 5", FALSE_ALARM, sims, partial(_drift, shape), SHUFFLED)
        yield at_once("trend within runs", shape.name, "5 × 10", FALSE_ALARM, sims, partial(_trend, shape))


def _trend(shape: Shape, rng: np.random.Generator, count: int) -> Bools:
    return np.array([page_test(one) <= 0.05 for one in shape.draw(rng, (count, 5, 10))])


def _told(shape: Shape, rng: np.random.Generator, size: tuple[int, int, int]) -> Bools:
    """The shuffles are drawn anew for each table."""
    return many.told_from_best(_positive(shape, rng, size), int(rng.integers(1 << 31))).any(axis=1)


def _changed(shape: Shape, rng: np.random.Generator, size: tuple[int, int, int]) -> Bools:
    p = many.rank_sum_p(shape.draw(rng, size), shape.draw(rng, size))
    return np.asarray((false_discovery_control(p, axis=1, method="bh") <= 0.05).any(axis=1))


def _together(shape: Shape, rng: np.random.Generator, size: tuple[int, int, int]) -> Bools:
    logs = np.log(_positive(shape, rng, size))
    return many.effects(logs[:, 1:] - logs[:, :1]).any(axis=1)


def _aa(shape: Shape, rng: np.random.Generator, count: int) -> Bools:
    """The shuffles are drawn anew for each table."""
    levels, strata = np.tile(np.arange(4), 25), np.repeat(np.arange(5), 20)
    values = shape.draw(rng, (count, 100)) * (1 + strata)
    return many_sessions.levels_p(values, levels, strata, int(rng.integers(1 << 31))) <= 0.05


def _drift(shape: Shape, rng: np.random.Generator, count: int) -> Bools:
    """The order of the runs and the shuffles are drawn anew for each table."""
    cells = np.concatenate([rng.permutation(6) for _ in range(5)])
    values = shape.draw(rng, (count, 30)) * (1 + cells)
    return many_sessions.drift_p(values, cells, int(rng.integers(1 << 31))) <= 0.05


GROUPS = (one_sample, two_samples, computed, sessions, false_alarms, blocks, break_evens)


class Written:
    """The rows of a file, in the order in which the groups make them; it is written after each that is made."""

    def __init__(self, path: Path | None, order: list[Name]) -> None:
        self.path, self.order = path, order
        rows = json.loads(path.read_bytes())["rows"] if path and path.is_file() else []
        self.rows = {(row["procedure"], row["shape"], row["n"]): row for row in rows}

    def has(self, job: Job, sims: int) -> bool:
        return all(name in self.rows and self.rows[name]["simulations"] >= sims for name in job.names)

    def add(self, rows: list[Row]) -> None:
        for row in rows:
            self.rows[row.procedure, row.shape, row.n] = {**asdict(row), "holds": row.holds}
        if self.path:
            kept = [self.rows[name] for name in self.order if name in self.rows]
            body = {"simulations": mode(row["simulations"] for row in kept), "rows": kept}
            self.path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--simulations", type=int, default=12_000)
    parser.add_argument("--only", choices=[group.__name__ for group in GROUPS], help="make the rows of one group anew")
    parser.add_argument("--procedure", help="make the rows of one procedure anew")
    parser.add_argument("--out", type=Path, help="where to write the rows as JSON, after each that is made")
    parser.add_argument("--resume", action="store_true", help="leave rows that OUT already has by as many simulations")
    options = parser.parse_args()
    jobs = {group.__name__: list(group(options.simulations)) for group in GROUPS}
    written = Written(options.out, [name for made in jobs.values() for job in made for name in job.names])
    held = True
    for job in (job for group, made in jobs.items() for job in made if options.only in (None, group)):
        asked = options.procedure is None or any(name[0] == options.procedure for name in job.names)
        if not asked or (options.resume and written.has(job, options.simulations)):
            continue
        started = time.perf_counter()
        rows = job.make()
        written.add(rows)
        print("\n".join(map(_line, rows)), f"  {time.perf_counter() - started:.1f} s", flush=True)
        held &= all(row.holds for row in rows)
    return 0 if held else 1


def _line(row: Row) -> str:
    share = "    –" if row.share is None else f"{100 * row.share:5.1f}"
    mark = "" if row.holds else "  MISSED"
    return f"{row.procedure:38} {row.shape:48} n {row.n:14} {share} %  printed {row.printed:4.0%}  {row.promise}{mark}"


if __name__ == "__main__":
    raise SystemExit(main())
