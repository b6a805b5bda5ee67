"""Rules about comparisons: enough runs, equal outputs, levels that took effect, A/A arms that agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator

import numpy as np

from ...design import Factor
from ...metrics.definition import PRESENT
from ...outcomes import NoValue, Status
from ...stats.comparison.null_effect import aa_test, one_configuration
from ...stats.intervals.interval import MINIMUM_RUNS
from ..flags import Flag
from .row import Row, Severity, judged, unknown
from .subject import TESTED, RunRow, Subject

LENGTH_MARGIN = 0.02
REUSE = frozenset({"prompt", "cache_prompt"})
"""Factors whose levels ask for a prompt to be reused or not."""


def enough_runs(subject: Subject) -> Iterator[Row]:
    """Every cell that this host can run has the runs that an interval of its median needs."""
    counts = Counter(run.cell_id for run in subject.runs if run.usable)
    possible = {run.cell_id for run in subject.runs if run.outcome != Status.UNSUPPORTED}
    fewest = min((counts[cell] for cell in possible), default=0)
    needed = MINIMUM_RUNS["median"]
    said = f"at least {fewest} usable runs in each of {len(counts)} cells, {needed} needed for an interval"
    yield judged("enough_runs", fewest < needed, Severity.WARNING, said)


def equal_outputs(subject: Subject) -> Iterator[Row]:
    """Compared levels produced outputs of one length."""
    values = subject.values["output_tokens"]
    for factor in subject.factors:
        column = values.columns[factor.name]
        means = {
            str(level): float(values.values[(column == level) & (values.reason == PRESENT)].mean())
            for level in sorted(set(column.tolist()), key=str)
            if bool(((column == level) & (values.reason == PRESENT)).any())
        }
        rule = f"{Flag.OUTPUT_LENGTH_IMBALANCE}.{factor.name}"
        if len(means) < 2:
            yield unknown(rule, "fewer than two levels with output")
            continue
        low, high = min(means.values()), max(means.values())
        said = f"{low:.1f} to {high:.1f} tokens a request, by level{_unforced(subject)}"
        yield judged(rule, high > low * (1 + LENGTH_MARGIN), Severity.WARNING, said)


def _unforced(subject: Subject) -> str:
    """Says so where an engine cannot be asked to go on after the end of an answer."""
    refused = [run for run in subject.runs if run.usable and run.effective.get("ignore_eos") == "not supported"]
    return f"; in {len(refused)} runs the engine may end before the limit, which no setting changes" if refused else ""


def levels_took_effect(subject: Subject) -> Iterator[Row]:
    """Each factor's levels are distinct in what the engine says it used; merged ones serve as an A/A test."""
    runs = [run for run in subject.runs if run.usable]
    for factor in subject.factors:
        if factor.effective is None and factor.name in REUSE:
            yield _reused(subject, factor)
            continue
        if factor.effective is None:
            yield unknown(f"took_effect.{factor.name}", "the engine reports nothing that could prove the levels")
            continue
        if all(run.effective.get(factor.effective) is None for run in runs):
            yield unknown(f"took_effect.{factor.name}", f"no engine reported its {factor.effective}")
            continue
        groups = merged(runs, factor)
        said = (
            "; ".join(_group(group, runs, factor) for group in groups) or "the engine used a different setting for each"
        )
        yield judged(f"took_effect.{factor.name}", bool(groups), Severity.INFO, said)
        for group in groups:
            yield from _aa(subject, factor, group)


def _reused(subject: Subject, factor: Factor) -> Row:
    """A factor that is about reusing prompts is proven by the reused tokens that the requests report.

    It took effect where, with all other factors alike, every run of one level reused more than every run of another.
    """
    rule, values = f"took_effect.{factor.name}", subject.values["cache_hit_tokens"]
    told = values.take(values.reason == PRESENT)
    levels: list[Hashable] = told.columns[factor.name].tolist()
    others = [told.columns[other.name].tolist() for other in subject.factors if other.name != factor.name]
    by_level: dict[Hashable, list[float]] = defaultdict(list)
    alike: dict[Hashable, dict[Hashable, list[float]]] = defaultdict(lambda: defaultdict(list))
    for k, (level, tokens) in enumerate(zip(levels, told.values.tolist(), strict=True)):
        by_level[level].append(tokens)
        alike[tuple(column[k] for column in others)][level].append(tokens)
    compared = [group for group in alike.values() if len(group) > 1]
    if not compared:
        return unknown(rule, "no request reports how many prompt tokens were reused")
    apart = any(max(map(min, group.values())) > min(map(max, group.values())) for group in compared)
    said = "; ".join(f"{level}: {min(found):g} to {max(found):g}" for level, found in by_level.items())
    return judged(rule, not apart, Severity.INFO, f"prompt tokens reused by a request, mean of a run: {said}")


def merged(runs: list[RunRow], factor: Factor) -> tuple[tuple[Hashable, ...], ...]:
    """Groups of levels of ``factor`` that were one configuration, in declared order."""
    groups = one_configuration(
        [run.levels[factor.name] for run in runs],
        [run.effective.get(factor.effective or "") for run in runs],
        [_others(run, factor.name) for run in runs],
    )
    return tuple(tuple(level for level in factor.levels if level in group) for group in groups)


def _others(run: RunRow, name: str) -> Hashable:
    return tuple((factor, str(level)) for factor, level in run.levels.items() if factor != name)


def _group(group: tuple[Hashable, ...], runs: list[RunRow], factor: Factor) -> str:
    used = {str(run.effective.get(factor.effective or "")) for run in runs if run.levels[factor.name] in group}
    return f"no effect: {', '.join(map(str, group))} all used {' or '.join(sorted(used))}"


def _aa(subject: Subject, factor: Factor, group: tuple[Hashable, ...]) -> Iterator[Row]:
    """Levels that are one configuration must not differ, the other factors and the block being equal."""
    others = [f.name for f in subject.factors if f.name != factor.name]
    for name in TESTED:
        values = subject.values[name]
        inside = np.array([level in group for level in values.columns[factor.name].tolist()], np.bool_)
        chosen = values.take(inside & (values.reason == PRESENT))
        strata = list(zip(*(chosen.columns[other].tolist() for other in (*others, "block")), strict=True))
        numbered = [{stratum: k for k, stratum in enumerate(dict.fromkeys(strata))}[stratum] for stratum in strata]
        rule = f"a_a.{factor.name}.{name}"
        try:
            test = aa_test(chosen.values, chosen.columns[factor.name].astype(str), np.array(numbered))
        except NoValue as why:
            yield unknown(rule, str(why))
            continue
        said = f"p {test.p_value:.3f} between {', '.join(map(str, group))}, {test.n} runs"
        yield judged(rule, not test.passes, Severity.WARNING, said)
