"""The requests of a dataset as metrics and audits ask for them: read once, and made into columns once."""

from __future__ import annotations

from functools import cached_property

import pyarrow as pa

from ..datasets.read import Dataset
from ..metrics.columns import COLUMNS
from ..metrics.gather import Prepared
from ..metrics.runs import prepared

ASKED = ("run_id", "cell_id", "phase", "prompt_id", "stream", "outcome_code", *COLUMNS)


class RequestTable:
    """The requests of one dataset, for all who ask it."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    @cached_property
    def table(self) -> pa.Table:
        """The columns ``ASKED``, one row per request."""
        return self._dataset.table("requests", ASKED)

    @cached_property
    def prepared(self) -> Prepared:
        """The same, ready for many metrics."""
        return prepared(self._dataset.runs, self.table)
