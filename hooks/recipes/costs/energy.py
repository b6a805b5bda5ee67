"""Energy of output tokens: measured by a sensor, modelled from declared powers, or missing with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.units import G_PER_MTOK, J_PER_TOKEN, ONE, USD_PER_MTOK

from ...content.blocks import Column, Table
from ...values.value import Value, constant
from ..columns import AskedColumn, column, metric
from ..report_builder import Draft
from ..rows import Row, Rows
from .formulas import DECODE, Asked

MEASURED, MODELLED = "measured", "modelled"
UNDECLARED = "none: no power is declared for this processor"
SENSORS: Mapping[str, tuple[str, str]] = {
    "power": ("energy counters of the processors", "the processors"),
    "gpu_power": ("energy counters of the GPUs", "the GPUs by their counters"),
    "gpu_power_polled": ("power of the GPUs, polled", "the GPUs by polls"),
    "meter_power": ("external meter", "the machine at the meter"),
}
"""Metrics of power: what reads each, and whose power it is. They overlap, and none is added to another."""
METER, IDLE = "meter_power", "meter_idle"


def sensors(over: Rows[Row], name: str, caption: str) -> None:
    """A table of every sensor that there could be, and whether it measured the power of these rows, or why not."""
    lines = tuple((words, _status_of(over, metric_id)) for metric_id, (words, _) in SENSORS.items())
    over.draft.table(Table(name, caption, (Column("sensor"), Column("status")), lines))


def measured(over: Rows[Row]) -> Iterator[AskedColumn[Row]]:
    """For each sensor that measured one of these rows: the power, and its energy for an output token; of a meter also
    the power without work, and the energy above it. Then whether a row is measured, or why not.

    Where nothing measured, the column of the processors has the reason.
    """
    seen = [one for one in SENSORS if MEASURED in _status_of(over, one)] or ["power"]
    for one in seen:
        whose = SENSORS[one][1]
        yield metric(one, f"power of {whose}")
        yield column(f"energy of {whose} for an output token", _joules(_power(one)), J_PER_TOKEN)
    if METER in seen:
        yield metric(IDLE, "power at the meter without work")
        yield column("energy above it for an output token", _joules(_above_idle), J_PER_TOKEN)

    def status(draft: Draft, row: Row) -> str:
        found = [_status(draft.ask(one, row.where)) for one in seen]
        return MEASURED if MEASURED in found else found[0]

    yield column("status", status)


def _power(metric_id: str) -> Asked:
    return lambda draft, row: draft.ask(metric_id, row.where)


def _above_idle(draft: Draft, row: Row) -> Value:
    return draft.ask(METER, row.where) - draft.ask(IDLE, row.where)


def _joules(power: Asked) -> Asked:
    """The energy of an output token at a power."""
    return lambda draft, row: (power(draft, row) / draft.ask(DECODE, row.where)).to(J_PER_TOKEN)


def _status_of(over: Rows[Row], metric_id: str) -> str:
    """The different statuses of rows."""
    return "; ".join(sorted({_status(over.draft.ask(metric_id, row.where)) for row in over}))


def _status(power: Value) -> str:
    return MEASURED if power.missing is None else f"none: {power.missing.replace('_', ' ')}"


@dataclass(frozen=True, slots=True)
class Declared:
    """Ids of inputs: the power of one processor at ``full`` load and ``idle``, the price of ``electricity`` and the
    ``carbon`` of it."""

    full: str
    idle: str
    electricity: str
    carbon: str


def modelled(draft: Draft, powers: Mapping[str, Declared]) -> Iterator[AskedColumn[Row]]:
    """Declared power × processors ÷ measured rate: energy at full load and idle; money and carbon of the first.

    ``powers`` are declared by how the revision of a processor begins, as the kernel names it.
    """
    machine = draft.data.dataset.manifest.environment
    revision = str(machine.get("cpu_revision"))
    found = next((declared for begins, declared in powers.items() if revision.startswith(begins)), None)
    if found is None:
        yield column("status", lambda _, __: UNDECLARED)
        return
    count = constant(float(str(machine["cores_allowed"])), ONE, "processors that the engine may use").named(
        "processors"
    )

    def joules(power: str) -> Asked:
        return lambda draft, row: (count * draft.input(power) / draft.ask(DECODE, row.where)).to(J_PER_TOKEN)

    full, electricity, carbon = joules(found.full), draft.input(found.electricity), draft.input(found.carbon)
    yield column("energy at full load", full, J_PER_TOKEN)
    yield column("energy idle", joules(found.idle), J_PER_TOKEN)
    yield column("electricity", lambda draft, row: (full(draft, row) * electricity).to(USD_PER_MTOK), USD_PER_MTOK)
    yield column("carbon dioxide", lambda draft, row: (full(draft, row) * carbon).to(G_PER_MTOK), form="text")
    yield column("status", lambda _, __: MODELLED)
