"""How far a client is behind a server that says when it wrote each token: the pacer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ....outcomes import Missing
from ....units import MS, PERCENT, TOK_PER_S
from ...batch import Batch, Floats
from ...definition import Evaluated, Gaps, RequestMetric, TokenMetric, evaluated, reasons

_WRITES = "writes_ns"
_PACED = "requests that ended usably, of a server that says when it wrote each token, with two tokens or more"


def _pairs(batch: Batch) -> Iterator[tuple[int, Floats, Floats]]:
    """The row of each request with two tokens or more, and when each of them was written and seen, nanoseconds."""
    for row, wrote in enumerate(batch.extra.times(_WRITES)):
        chunks = slice(batch.offsets[row], batch.offsets[row + 1])
        seen = np.repeat(batch.arrivals_ns[chunks], batch.tokens[chunks]).astype(np.float64)
        if wrote is not None and len(wrote) == len(seen) > 1:
            yield row, wrote, seen


def _evaluated(batch: Batch, values: Floats) -> Evaluated:
    return evaluated(values, (~batch.usable, Missing.REQUEST_FAILED), (np.isnan(values), Missing.NOT_REPORTED))


def arrival_lag(batch: Batch) -> Evaluated:
    """The mean over tokens of seen − written, shape ``(n,)``, milliseconds."""
    values = np.full(len(batch), np.nan)
    for row, wrote, seen in _pairs(batch):
        values[row] = (seen - wrote).mean() / 1e6
    return _evaluated(batch, values)


def token_lag(batch: Batch) -> Gaps:
    """Seen − written of each token, milliseconds, requests end to end in order."""
    told = np.zeros(len(batch), np.bool_)
    lags, rows = [np.empty(0)], [np.empty(0, np.int64)]
    for row, wrote, seen in _pairs(batch):
        told[row] = True
        if batch.usable[row]:
            lags.append((seen - wrote) / 1e6)
            rows.append(np.full(len(seen), row, np.int64))
    values, owners = np.concatenate(lags), np.concatenate(rows)
    reason = reasons(len(batch), (~batch.usable, Missing.REQUEST_FAILED), (~told, Missing.NOT_REPORTED))
    return Gaps(values, owners, np.zeros(len(values), np.bool_), reason)


def offered_tps(batch: Batch) -> Evaluated:
    """The rate at which tokens were written, shape ``(n,)``, per second; none where all left at one instant."""
    values = np.full(len(batch), np.nan)
    for row, wrote, _ in _pairs(batch):
        values[row] = _rate(wrote)
    return _evaluated(batch, values)


def received_share(batch: Batch) -> Evaluated:
    """The rate at which tokens were seen over that at which they were written, shape ``(n,)``, percent."""
    values = np.full(len(batch), np.nan)
    for row, wrote, seen in _pairs(batch):
        values[row] = 100 * _rate(seen) / _rate(wrote)
    return _evaluated(batch, values)


def _rate(times: Floats) -> float:
    span = times[-1] - times[0]
    return 1e9 * (len(times) - 1) / span if span > 0 else float("nan")


ARRIVAL_LAG = RequestMetric(
    id="arrival_lag",
    name="lag of arrival",
    unit=MS,
    formula="mean over tokens of (seen by the client − written by the server)",
    applicability=_PACED,
    higher_is_better=False,
    compute=arrival_lag,
)
TOKEN_LAG = TokenMetric(
    id="token_lag",
    name="lag of a token",
    unit=MS,
    formula="seen by the client − written by the server, of each token",
    applicability=_PACED,
    higher_is_better=False,
    compute=token_lag,
)
OFFERED_TPS = RequestMetric(
    id="offered_tps",
    name="offered rate",
    unit=TOK_PER_S,
    formula="(tokens − 1) / (last − first token written by the server)",
    applicability=_PACED,
    higher_is_better=None,
    compute=offered_tps,
)
RECEIVED_SHARE = RequestMetric(
    id="received_share",
    name="share of the offered rate that is received",
    unit=PERCENT,
    formula="rate of tokens as the client saw them / rate at which the server wrote them",
    applicability=_PACED,
    higher_is_better=True,
    compute=received_share,
)
