"""`harness compare`: two datasets, and conditions that fail a build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table

from ..comparison.condition import Asked, Condition, asked_of, read_condition
from ..comparison.ratios import Ratio, ratios
from ..comparison.sides import Sides, sides
from ..comparison.verdict import Judged, State, exit_code, judged
from ..metrics import METRICS
from ..metrics import metric as metric_named
from ..terminal import Terminal
from . import options

Side = Annotated[str, typer.Argument(help="A dataset, such as tr108/v3 or tr108/r0002, or its folder.")]


def compare(
    old: Side,
    new: Side,
    fail_if: Annotated[
        list[str] | None,
        typer.Option("--fail-if", help="A condition such as 'ttft.high > 1.05'; may be repeated."),
    ] = None,
    metric: Annotated[
        list[str] | None, typer.Option("--metric", help="A metric to show; those of the study without it. Repeatable.")
    ] = None,
    as_json: options.Json = False,
    data: options.Data = options.DATA,
) -> None:
    """Set each number of NEW over that of OLD; exits with 10 where a condition holds, 20 where one cannot be judged.

    A condition names a metric, optionally how the requests of a run become one number (median, mean, pooled, p95),
    and the ratio or an end of its 95 % interval: ttft.low > 1.05 fails where TTFT surely grew by 5 %, ttft.high > 1.05
    where it may have.

    Example: harness compare tr108/v2 tr108/v3 --fail-if 'ttft.low > 1.05'
    """
    conditions = [read_condition(text) for text in fail_if or ()]
    both = sides(old, new, data)
    found = list(ratios(both, _asked(both, conditions, metric or ())))
    said = list(judged(conditions, found))
    if as_json:
        options.print_json(_record(both, found, said))
    else:
        _print(both, found, said)
    raise typer.Exit(exit_code(said))


def _asked(both: Sides, conditions: Sequence[Condition], metrics: Sequence[str]) -> list[Asked]:
    """What the conditions name, and the metrics that are asked for, or without either those of the newer study."""
    named = [condition.asked for condition in conditions]
    if metrics or not named:
        design: Any = both.new.manifest.design
        named += [asked_of(name) for name in metrics or design["metrics"] if metrics or name in METRICS]
    return list(dict.fromkeys(named))


def _print(both: Sides, found: Sequence[Ratio], said: Sequence[Judged]) -> None:
    table = Table("Cell", "Metric", "Unit", "Old", "New", "New ÷ old", title=f"{both.new.label} over {both.old.label}")
    for one in found:
        unit = metric_named(one.asked.metric).unit.symbol
        table.add_row(_cell(one), one.asked.text, unit, _number(one.old), _number(one.new), _ratio(one))
    Terminal().print(table)
    if len(both.old.recordings) < 2 or len(both.new.recordings) < 2:
        options.say("Intervals hold for these recording sessions alone: each dataset would need several to say more.")
    for judged_one in said:
        why = f": {judged_one.ratio.missing}" if judged_one.state is State.UNKNOWN else ""
        at = _cell(judged_one.ratio)
        options.say(f"{judged_one.condition.text} {judged_one.state.value} at {at}{why}")


def _cell(ratio: Ratio) -> str:
    return ", ".join(f"{name}={level}" for name, level in ratio.cell) or "all runs"


def _number(number: float | None) -> str:
    return "–" if number is None else f"{number:.4g}"


def _ratio(one: Ratio) -> str:
    if one.ratio is None:
        return f"– ({one.missing})"
    if one.low is None or one.high is None:
        return f"{one.ratio:.3f}× (no interval: {one.missing})"
    return f"{one.ratio:.3f}× [{one.low:.3f}, {one.high:.3f}]"


def _record(both: Sides, found: Sequence[Ratio], said: Sequence[Judged]) -> dict[str, object]:
    return {
        "old": {"dataset": both.old.label, "digest": both.old.digest},
        "new": {"dataset": both.new.label, "digest": both.new.digest},
        "ratios": [{**asdict(one), "cell": dict(one.cell)} for one in found],
        "conditions": [
            {"condition": one.condition.text, "cell": dict(one.ratio.cell), "state": one.state.value} for one in said
        ],
    }
