"""The table of the primary contrasts that a study sealed before it was recorded."""

from __future__ import annotations

from string import ascii_uppercase

from harness.design import Primary, Study
from harness.metrics import metric

from ..analysis.measurements import Measurements
from ..analysis.primaries import PrimaryResult, differing_hosts, primary_results
from ..content.blocks import Cell, Column, Lit, Table

NAME = "primaries"


def primary_table(data: Measurements, study: Study) -> Table:
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
        *(Column(f"on host {letter}", None, "interval") for letter in ascii_uppercase[: len(differing_hosts(data))]),
    )
    return Table(NAME, "Primary contrasts", columns, tuple(_row(found, study) for found in primary_results(data)))


def _row(found: PrimaryResult, study: Study) -> tuple[Cell, ...]:
    primary = found.primary
    return (
        Lit(primary.id, "identifier"),
        Lit(compared(primary, study), "setting"),
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


def compared(primary: Primary, study: Study) -> str:
    """What a primary compares, in words and in one line."""
    where = "".join(f", {study.heading(name)} {study.called(name, level)}" for name, level in primary.where)
    within = "" if primary.within == "median" else f" ({primary.within} of a run)"
    level, reference = (study.called(primary.factor, side) for side in (primary.level, primary.reference))
    return f"{metric(primary.metric).name}{within}: {study.heading(primary.factor)} {level} ÷ {reference}{where}"
