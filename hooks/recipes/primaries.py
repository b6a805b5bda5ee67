"""The table of the primary contrasts that a study sealed before it was recorded."""

from __future__ import annotations

from string import ascii_uppercase

from harness.design import Primary

from ..analysis.measurements import Measurements
from ..analysis.primaries import PrimaryResult, primary_results, several_hosts
from ..content.blocks import Cell, Column, Lit, Table
from ..text.naming import level_text

NAME = "primaries"


def primary_table(data: Measurements) -> Table:
    """A line for each primary; none where none was sealed."""
    units = "sessions" if len(data.dataset.recordings) > 1 else "blocks"
    columns = (
        Column("primary"),
        Column("ratio of"),
        Column("ratio", None, "interval"),
        Column("p of no effect"),
        Column("p of no equivalence"),
        Column("margin"),
        Column("finding"),
        Column(units),
        Column("minimum detectable ratio"),
        Column("of interest"),
        Column("without flagged runs", None, "interval"),
        *(Column(f"on host {letter}", None, "interval") for letter in ascii_uppercase[: len(several_hosts(data))]),
    )
    return Table(NAME, "Primary contrasts", columns, tuple(map(_row, primary_results(data))))


def _row(found: PrimaryResult) -> tuple[Cell, ...]:
    primary = found.primary
    return (
        Lit(primary.id, "identifier"),
        Lit(compared(primary), "setting"),
        found.ratio,
        found.p_effect,
        found.p_equivalent,
        Lit(f"{primary.margin:g}", "threshold"),
        found.finding,
        found.blocks,
        found.detectable,
        Lit(f"{primary.smallest:g}", "threshold"),
        found.unflagged,
        *found.by_host,
    )


def compared(primary: Primary) -> str:
    """What a primary compares, in one line."""
    where = "".join(f", {name} {level_text(level)}" for name, level in primary.where)
    within = "" if primary.within == "median" else f" ({primary.within} of a run)"
    levels = f"{level_text(primary.level)} ÷ {level_text(primary.reference)}"
    return f"{primary.metric}{within}: {primary.factor} {levels}{where}"
