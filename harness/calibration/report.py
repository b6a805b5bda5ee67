"""A calibration as a table for people and as rows for machines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from rich.table import Table

from ..units import counted
from .errors import CellError, sustained

_COLUMNS = (
    "Streams",
    "ITL ms",
    "TTFT ms",
    "TTFT error p50 / p99 / max",
    "ITL error mean / p99",
    "Rate error",
    "Chunks/s",
    "Client CPU",
    "Loop lag",
)


def table(cells: Iterable[CellError]) -> Table:
    """One row per load; errors in ms, a dash where there are too few values for a p99."""
    shown = Table(*_COLUMNS, title="Instrument error (ms)")
    for cell in cells:
        shown.add_row(
            str(cell.streams),
            f"{cell.itl_ms:g}",
            f"{cell.ttft_ms:g}",
            f"{cell.ttft.p50:.3f} / {_ms(cell.ttft.p99)} / {cell.ttft.max:.2f}",
            f"{cell.itl.mean:.3f} / {_ms(cell.itl.p99)}" if cell.itl else "–",
            f"{cell.rate.mean:.2f} %" if cell.rate else "–",
            f"{cell.chunks_per_s:,.0f}" + ("" if cell.kept_pace else " (asked for more)"),
            f"{cell.client_cpu:.0%}" if cell.client_cpu is not None else "–",
            _ms(cell.lag_ms),
        )
    return shown


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def verdict(cells: Iterable[CellError]) -> str:
    """One sentence: up to which rate the instrument holds."""
    best = sustained(cells)
    if best is None:
        return "At no load with enough tokens for a p99 did the error of gaps stay within 1 ms."
    return (
        f"The p99 error of gaps stays within 1 ms up to {best.chunks_per_s:,.0f} chunks/s "
        f"({counted(best.streams, 'stream')}, one every {best.itl_ms:g} ms: p99 {best.p99_ms:.2f} ms)."
    )


def rows(cells: Iterable[CellError]) -> list[dict[str, object]]:
    """The same for a machine, with every spread in full."""
    return [asdict(cell) | {"kept_pace": cell.kept_pace} for cell in cells]
