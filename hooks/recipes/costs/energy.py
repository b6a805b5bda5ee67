"""Energy of output tokens: measured by a sensor, modelled from declared powers, or missing with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.units import G_PER_MTOK, J_PER_TOKEN, ONE, USD_PER_MTOK

from ...values.value import Value, constant
from ..columns import AskedColumn, column, metric
from ..report_builder import Draft
from ..rows import Row
from .formulas import DECODE, Asked

MEASURED, MODELLED = "measured", "modelled"
UNDECLARED = "none: no power is declared for this processor"


def measured() -> Iterator[AskedColumn[Row]]:
    """The power that a sensor of the processors read, their energy for an output token, and whether it is measured or
    why it is missing. A device beside them is in neither."""

    def joules(draft: Draft, row: Row) -> Value:
        return (draft.ask("power", row.where) / draft.ask(DECODE, row.where)).to(J_PER_TOKEN)

    yield metric("power", "power of the processors")
    yield column("their energy for an output token", joules, J_PER_TOKEN)
    yield column("status", lambda draft, row: _status(draft.ask("power", row.where)))


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
