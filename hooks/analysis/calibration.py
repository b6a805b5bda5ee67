"""Asks a calibration dataset for the instrument's error and gets ``Value``s; and all of them for a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from harness.calibration.errors import CellError, cell_errors, envelope
from harness.calibration.quantities import QUANTITIES, SUSTAINED, worst
from harness.datasets.read import Dataset
from harness.errors import UnknownName
from harness.outcomes import Missing
from harness.validity.audit import objections

from ..content.blocks import Cell, Column, Content, Lit, Table, content_record
from ..content.facts import Facts
from ..values.evidence import Level, Strength
from ..values.questions import Calibrated
from ..values.value import Value, absent
from .filters import Where, canonical

LOADS = ("ttft_ms", "itl_ms", "streams")
LINE = ("ttft.p50", "ttft.p99", "itl.mean", "itl.p99")
"""What a report shows beside its own times."""

_SPREADS = {
    "ttft": "Time to first token: error",
    "itl": "Gap between tokens: error",
    "decode_rate": "Decode rate: error",
}
_CLIENT = {
    "loop_lag.p99": "loop lag, one in a hundred",
    "client.cpu": "processors used",
    "pacer.p99": "pacer late, one in a hundred",
    "rate.written": "written",
}
_STATISTICS = {"mean": "mean", "p50": "median", "p99": "one in a hundred exceeds", "max": "largest"}


class Instrument:
    """One calibration dataset, ready to be asked."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    @cached_property
    def cells(self) -> tuple[CellError, ...]:
        """The errors at every load."""
        return cell_errors(self.dataset)

    def value(self, name: str, where: Where | None = None) -> Value:
        """A quantity over the loads that ``where`` keeps: the worst of them. Raises ``UnknownName``."""
        dataset = self.dataset
        return self.answer(
            Calibrated(dataset=dataset.label, digest=dataset.digest, where=canonical(where), quantity=name)
        )

    def answer(self, question: Calibrated) -> Value:
        """The answer to a question about a quantity. Raises ``UnknownName``."""
        if question.quantity not in QUANTITIES:
            raise UnknownName("quantity of a calibration", question.quantity, QUANTITIES)
        quantity = QUANTITIES[question.quantity]
        found = worst(self._kept(dict(question.where)), question.quantity)
        if found.number is None:
            return absent(Missing.TOO_FEW_SAMPLES, quantity.unit, question, quantity.meaning)
        return Value(
            found.number, quantity.unit, Strength.MEASURED, n=found.runs, question=question, definition=quantity.meaning
        )

    def _kept(self, where: Mapping[str, tuple[Level, ...]]) -> Iterator[CellError]:
        for cell in self.cells:
            if all(getattr(cell, name) in levels for name, levels in where.items()):
                yield cell

    def loads(self) -> tuple[tuple[int, float], ...]:
        """Streams and gap of every load, in order, whatever its time to first token."""
        return tuple(dict.fromkeys((cell.streams, cell.itl_ms) for cell in self.cells))

    def range(self, streams: int, itl_ms: float) -> str:
        """Whether the instrument may be trusted at a load, in words without numbers."""
        known = {(p.streams, p.ttft_ms, p.itl_ms): p for p in envelope(self.cells, "").points}
        here = [cell for cell in self.cells if (cell.streams, cell.itl_ms) == (streams, itl_ms)]
        if not all(cell.kept_pace for cell in here):
            return "not reached: the pacer could not write that fast"
        points = [known.get((cell.streams, cell.ttft_ms, cell.itl_ms)) for cell in here]
        if None in points:
            return "not judged: no gaps"
        bound = [point.bound.partition(" ")[0] for point in points if point and point.bound]
        return f"client-bound: {', '.join(dict.fromkeys(bound))}" if bound else "valid"


def compute_instrument(folder: Path) -> dict[str, Any]:
    """All that pages show of a calibration, as JSON-ready data, after proving its files.

    Its flag ``objections`` names the rules of the audit that it breaks: where there are any, it vouches for nothing.
    """
    dataset = Dataset.open(folder)
    broken = ", ".join(row.words for row in objections(dataset, folder.parents[1]))
    content = instrument_content(Instrument(dataset))
    return content_record(replace(content, facts=Facts(flags={"objections": broken})))


def instrument_content(instrument: Instrument) -> Content:
    """Findings by name, ``QUANTITY@STREAMS`` for reports; tables; the levels of the loads that were calibrated."""
    streams = tuple(dict.fromkeys(cell.streams for cell in instrument.cells))
    findings = {f"{name}@{n}": instrument.value(name, {"streams": n}) for n in streams for name in LINE}
    tables = [*(_spread_table(instrument, name) for name in _SPREADS), _client_table(instrument)]
    return Content(
        {SUSTAINED: instrument.value(SUSTAINED), **findings},
        tables={table.name: table for table in tables},
        levels={"streams": streams, "ttft_ms": tuple(sorted({_level(cell.ttft_ms) for cell in instrument.cells}))},
    )


def _spread_table(instrument: Instrument, name: str) -> Table:
    unit = QUANTITIES[f"{name}.mean"].unit
    columns = (*_LOAD_COLUMNS, *(Column(words, unit) for words in _STATISTICS.values()))
    names = [f"{name}.{statistic}" for statistic in _STATISTICS]
    rows = _rows(instrument, lambda where: tuple(instrument.value(asked, where) for asked in names))
    return Table(f"error-{name.replace('_', '-')}", _SPREADS[name], columns, rows)


def _client_table(instrument: Instrument) -> Table:
    columns = (*_LOAD_COLUMNS, *(Column(words, QUANTITIES[name].unit) for name, words in _CLIENT.items()))
    rows = _rows(
        instrument,
        lambda where: (
            *(instrument.value(name, where) for name in _CLIENT),
            instrument.range(int(where["streams"]), float(where["itl_ms"])),
        ),
    )
    return Table(
        "client", "Client and pacer at each load, and whether it is in range", (*columns, Column("range")), rows
    )


_LOAD_COLUMNS = (Column("streams"), Column("gap between tokens (ms)"))
_Cells = Callable[[Mapping[str, float]], tuple[Cell, ...]]


def _rows(instrument: Instrument, cells: _Cells) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (
            Lit(f"{streams}", "setting"),
            Lit(f"{itl:g}", "setting"),
            *cells({"streams": streams, "itl_ms": _level(itl)}),
        )
        for streams, itl in instrument.loads()
    )


def _level(load: float) -> int | float:
    """A load as the study writes its level."""
    return int(load) if load.is_integer() else load
