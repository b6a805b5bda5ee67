"""What the requests of each run completed between two instants, and how long that took by the clock on the wall."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .batch import Batch, Floats, Ints
from .columns import COLUMNS, batch_of, one_array
from .readings import Tables, owners, requests_window

Completed = Callable[[Batch, Ints], Floats]
"""What each request completed, shape ``(n,)``, from the requests and the place of the run that each belongs to."""


def completed_in(tables: Tables, runs: pa.Table, phase: str, completed: Completed) -> tuple[Floats, Floats]:
    """What the requests of a ``phase`` completed, and the seconds from its first planned start to its last end.

    Both of shape ``(runs,)``; seconds are NaN where a run has no request of the phase. A request that failed completes
    nothing, and the time that it took still counts. Raises ``DatasetCorrupt`` for a request of another run.
    """
    known = one_array(runs["run_id"])
    begin_ns, end_ns = requests_window(tables, known, phase)
    requests = tables.table("requests", ("run_id", "phase", *COLUMNS))
    kept = requests.filter(pc.equal(requests["phase"].cast(pa.string()), phase))
    batch, owner = batch_of(kept.combine_chunks()), owners(kept, known, "request")
    amounts = np.where(batch.usable, completed(batch, owner), 0.0)
    done = np.bincount(owner, weights=amounts, minlength=len(known))
    return done.astype(np.float64), (end_ns - begin_ns) / 1e9
