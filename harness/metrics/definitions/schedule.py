"""Before the first token: how late a request was sent, and how long its connection took.

``schedule_delay`` is the queueing part of ``ttft``: ``ttft`` = ``schedule_delay`` + ``ttft_from_send``.
"""

from __future__ import annotations

import numpy as np

from ...outcomes import PLANNED_UNKNOWN, Missing
from ...units import MS
from ..batch import Batch
from ..definition import Evaluated, RequestMetric, evaluated


def schedule_delay(batch: Batch) -> Evaluated:
    """Milliseconds from the planned start to the actual send, shape ``(n,)``."""
    return evaluated(
        batch.sent_ns / 1e6,
        (~batch.usable, Missing.REQUEST_FAILED),
        (np.isnan(batch.sent_ns) | batch.extra.has(PLANNED_UNKNOWN), Missing.NOT_REPORTED),
    )


def connect_time(batch: Batch) -> Evaluated:
    """Milliseconds that opening the connection took, shape ``(n,)``; it may lie before the planned start."""
    return evaluated(
        batch.connect_ns / 1e6,
        (~batch.usable, Missing.REQUEST_FAILED),
        (np.isnan(batch.connect_ns), Missing.NOT_REPORTED),
    )


SCHEDULE_DELAY = RequestMetric(
    id="schedule_delay",
    name="schedule delay",
    unit=MS,
    formula="actual send − planned start",
    applicability="requests that ended usably with a recorded send",
    higher_is_better=False,
    compute=schedule_delay,
)
CONNECT_TIME = RequestMetric(
    id="connect_time",
    name="connection time",
    unit=MS,
    formula="connection open − asked for it",
    applicability="requests that ended usably over a connection of their own",
    higher_is_better=False,
    compute=connect_time,
)
