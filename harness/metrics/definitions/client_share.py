"""How much of the engine's own decode rate reaches the client, request by request.

Each rate divides the tokens that came within a window by that window: at the client from the first chunk to the last,
in the engine from the first token to the last. So their quotient compares clocks and not conventions. A client that
falls behind sees less than the engine sends; one that is handed several tokens at once at the end sees more.
"""

from __future__ import annotations

import numpy as np

from ...outcomes import Missing
from ...units import PERCENT
from ..batch import Batch
from ..definition import PRESENT, Evaluated, RequestMetric, code_of
from .decode_tps import decode_tps
from .server_rates import server_decode_tps


def client_share(batch: Batch) -> Evaluated:
    """``decode_tps`` over ``server_decode_tps`` of each request, shape ``(n,)``, percent."""
    client, engine = decode_tps(batch).evaluated(), server_decode_tps(batch).evaluated()
    reason = np.where(client.reason == PRESENT, engine.reason, client.reason)
    values = np.full(len(reason), np.nan)
    with np.errstate(over="ignore"):
        np.divide(100 * client.values, engine.values, out=values, where=reason == PRESENT)
    reason[(reason == PRESENT) & ~np.isfinite(values)] = code_of(Missing.BAD_COUNTER)
    return Evaluated(np.where(reason == PRESENT, values, np.nan), reason)


CLIENT_SHARE = RequestMetric(
    id="client_share",
    name="decode rate at the client over the engine's own",
    unit=PERCENT,
    formula="decode_tps / server_decode_tps",
    applicability="requests that have both rates",
    higher_is_better=None,
    version=2,
    compute=client_share,
)
