"""The decode window of a request: what ``tpot`` and ``decode_tps`` divide."""

from __future__ import annotations

from ...outcomes import Missing
from ..batch import Batch
from ..definition import Codes, reasons


def window_reasons(batch: Batch) -> Codes:
    """Why a request has no decode window, shape ``(n,)``: it failed, or has fewer than two tokens."""
    return reasons(
        len(batch),
        (~batch.usable, Missing.REQUEST_FAILED),
        (batch.token_n == 0, Missing.NO_TOKENS),
        (batch.token_n == 1, Missing.ONE_TOKEN),
    )
