"""Tables of findings by host: what each host says, and how far hosts and sessions differ."""

from __future__ import annotations

from collections.abc import Iterable

from harness.studies import STUDIES
from harness.units import Unit

from ...analysis.contrasts import session_spread
from ...content.blocks import Cell, Column, Lit, Table
from ...values.value import Value
from ..primaries import compared
from ..report_builder import Draft
from .claims import apart
from .findings import Finding, for_a_new_host
from .hosts import UNRECORDED, Host

HEADS = (Column("study and primary"), Column("ratio of"))
NO_PREDICTION = "— (fewer than three hosts)"
"""Two hosts tell one difference, which bears no prediction of a third."""
FEWEST_SESSIONS = 3
NO_SPREAD = "— (two sessions)"
"""The upper end of the interval of a spread of two sessions is 32 times the spread, so it bounds nothing."""


def finding_table(draft: Draft, hosts: tuple[Host, ...], found: Iterable[Finding], name: str, caption: str) -> None:
    """The ratio on each host and what it says of the finding; of two hosts also the ratio of both ratios."""
    pairs = pair_of(hosts)
    columns = [Column(host.name, None, "interval") for host in hosts]
    states = [Column(f"on {host.name}") for host in hosts]
    apart_by = [Column(f"{two.name} over {one.name}", None, "interval") for one, two in pairs]
    lines = tuple(
        (
            *_named(one),
            *(one.ratios.get(host.letter, "—") for host in hosts),
            *(one.on(host.letter) for host in hosts),
            *(_apart(one, a.letter, b.letter) for a, b in pairs),
        )
        for one in found
    )
    draft.table(Table(name, caption, (*HEADS, *columns, *states, *apart_by), lines))


def matrix(draft: Draft, hosts: tuple[Host, ...], found: Iterable[Finding], name: str, caption: str) -> None:
    """Hosts against findings, kinds of machine without a recording included."""
    columns = (HEADS[0], *(Column(one) for one in (*(host.name for host in hosts), *UNRECORDED)))
    lines = tuple(
        (_named(one)[0], *(one.on(host.letter) for host in hosts), *("untested" for _ in UNRECORDED)) for one in found
    )
    draft.table(Table(name, caption, columns, lines))


def spread_table(draft: Draft, hosts: tuple[Host, ...], found: Iterable[Finding], name: str, caption: str) -> None:
    """How far the sessions of each host lie apart, and how far hosts do: of the ratio, and of the metric itself at the
    reference. Two hosts are set against each other; what a new host would give is predicted from three on, and the
    intervals of the metric's spreads then stand among the numbers of the page alone."""
    pairs, asked = pair_of(hosts), [one for one in found if one.ratios]
    metrics = {one.name: _metric_on_a_new_host(one, hosts) for one in asked}
    units = tuple(dict.fromkeys(value.unit for value in metrics.values() if value))
    columns = [
        *(
            Column(f"{what}, sessions of {host.name}", None, "interval" if pairs or what == "ratio" else "text")
            for what in ("ratio", "metric")
            for host in hosts
        ),
        *(Column(f"metric, {two.name} over {one.name}", None, "interval") for one, two in pairs),
        Column("ratio on a new host", None, "interval"),
        *(Column("metric on a new host", unit, "interval") for unit in units),
    ]
    lines = tuple(
        (
            _named(one)[0],
            *(_spread(one, host, of_ratio=of_ratio) for of_ratio in (True, False) for host in hosts),
            *(_metric_apart(one, first, second) for first, second in pairs),
            one.predicted or NO_PREDICTION,
            *(_in(unit, one.predicted and metrics[one.name]) for unit in units),
        )
        for one in asked
    )
    draft.table(Table(name, caption, (HEADS[0], *columns), lines))


def pair_of(hosts: tuple[Host, ...]) -> tuple[tuple[Host, Host], ...]:
    """The pair that two hosts are; none where there are more, whose pairs would be too many columns."""
    return ((hosts[0], hosts[1]),) if len(hosts) == 2 else ()


def _named(found: Finding) -> tuple[Cell, Cell]:
    return Lit(f"{found.study} {found.primary.id}", "identifier"), Lit(
        compared(found.primary, STUDIES.load(found.study)), "setting"
    )


def _apart(found: Finding, first: str, second: str) -> Cell:
    return apart(found, first, second) if {first, second} <= found.ratios.keys() else "—"


def _spread(found: Finding, host: Host, *, of_ratio: bool) -> Cell:
    data, primary = host.data.get(found.study), found.primary
    if data is None or host.letter not in found.ratios:
        return "untested"
    if len(data.dataset.recordings) == FEWEST_SESSIONS - 1:
        return NO_SPREAD
    levels = (primary.reference, primary.level) if of_ratio else (primary.reference,)
    sides = (primary.factor, primary.level, primary.reference) if of_ratio else None
    return session_spread(data, primary.metric, found.where(*levels), within=primary.within, sides=sides)


def _metric_apart(found: Finding, first: Host, second: Host) -> Cell:
    if not {first.letter, second.letter} <= found.ratios.keys():
        return "untested"
    one, other = _metric(found, first), _metric(found, second)
    return other / one


def _metric_on_a_new_host(found: Finding, hosts: tuple[Host, ...]) -> Value | None:
    return for_a_new_host(_metric(found, host) for host in hosts if host.letter in found.ratios)


def _in(unit: Unit, value: Value | None) -> Cell:
    """A number in the column of its unit."""
    if value is None:
        return NO_PREDICTION
    return value if value.unit == unit else "—"


def _metric(found: Finding, host: Host) -> Value:
    primary = found.primary
    return host.data[found.study].value(primary.metric, found.where(primary.reference), within=primary.within)
