"""The decode window of a request: what ``tpot`` and ``decode_tps`` divide."""

from __future__ import annotations

from ...outcomes import Missing
from ..batch import Batch
from ..definition import PRESENT, Codes, code_of, reasons


def window_reasons(batch: Batch) -> Codes:
    """Why a request has no decode window, shape ``(n,)``: it failed, or has fewer than two tokens."""
    return reasons(
        len(batch),
        (~batch.usable, Missing.REQUEST_FAILED),
        (batch.unseen, Missing.NOT_REPORTED),
        (batch.token_n == 0, Missing.NO_TOKENS),
        (batch.uncounted, Missing.NOT_REPORTED),
        (batch.token_n == 1, Missing.ONE_TOKEN),
    )


def chunk_reasons(batch: Batch) -> Codes:
    """The same, and that nobody knows how many tokens each chunk held, shape ``(n,)``."""
    found = window_reasons(batch)
    found[(found == PRESENT) & batch.counted] = code_of(Missing.NOT_REPORTED)
    return found
