"""Whether what ``vllm bench serve`` printed is what the requests in the same file give."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from math import isclose

import numpy as np
import numpy.typing as npt

from .fields import Fields

_TOLERANCE, _TOLERANCE_MS = 1e-3, 1e-3
_MOST_GAPS = 1 << 23
"""Of more gaps only the mean is known, for all of them would fill the memory."""
_MOST_SAID = 3


class Recount:
    """The requests of one result that were answered, in seconds, as far as statistics of them need it."""

    def __init__(self) -> None:
        self._count = 0
        self._seconds = {"ttft": array("d"), "tpot": array("d"), "itl": array("d")}
        self._gaps, self._gaps_s = 0, 0.0

    def add(
        self,
        ttft: float | None,
        gaps: Sequence[float] | npt.NDArray[np.float64],
        end: float | None,
        tokens: float | None,
    ) -> None:
        """Takes one request."""
        self._count += 1
        if ttft is not None:
            self._seconds["ttft"].append(ttft)
        if ttft is not None and end and tokens and tokens > 1:
            self._seconds["tpot"].append((end - ttft) / (tokens - 1))
        if len(gaps):
            self._gaps += len(gaps)
            self._gaps_s += float(np.sum(gaps))
            if self._gaps <= _MOST_GAPS:
                self._seconds["itl"].frombytes(np.asarray(gaps, np.float64).tobytes())

    def remark(self, summary: Fields, place: str) -> str | None:
        """What the summary contradicts, in one line; null where nothing. Raises ``DataError``."""
        completed = summary.whole("completed")
        if completed is not None and completed != self._count:
            differ = [f"completed is {completed:,}, {self._count:,} of them were answered"]
        else:
            differ = list(self._differences(summary))
        if not differ:
            return None
        more = f", and {len(differ) - _MOST_SAID} more" if len(differ) > _MOST_SAID else ""
        return f"{place}: its summary contradicts its requests: {'; '.join(differ[:_MOST_SAID])}{more}"

    def _differences(self, summary: Fields) -> Iterator[str]:
        for name, seconds in self._seconds.items():
            for statistic, found in self._statistics(name, np.frombuffer(seconds, np.float64)):
                key = f"{statistic}_{name}_ms"
                printed = summary.amount(key)
                if printed and not isclose(printed, found * 1e3, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE_MS):
                    yield f"{key} is {printed:.6g}, they give {found * 1e3:.6g}"

    def _statistics(self, name: str, seconds: npt.NDArray[np.float64]) -> Iterator[tuple[str, float]]:
        if name == "itl" and self._gaps:
            yield "mean", self._gaps_s / self._gaps
        elif len(seconds):
            yield "mean", float(seconds.mean())
        if len(seconds) and (name != "itl" or self._gaps <= _MOST_GAPS):
            yield "median", float(np.median(seconds))
            yield "p99", float(np.percentile(seconds, 99))
