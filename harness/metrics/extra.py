"""Counters that only some engines report of a request, read from its effective settings when a metric asks for one."""

from __future__ import annotations

import json

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

PHASES = ("prefill", "decode")
Times = list[npt.NDArray[np.float64] | None]


class Extra:
    """The counters of ``n`` requests by name; ``effective`` are their effective settings, canonical JSON or null."""

    def __init__(self, effective: pa.Array) -> None:
        self._effective = effective
        self._known: dict[str, npt.NDArray[np.float64]] = {}
        self._told: dict[str, Times] = {}
        self._reported: dict[str, npt.NDArray[np.bool_]] = {}

    def __getitem__(self, counter: str) -> npt.NDArray[np.float64]:
        """A counter during each request, shape ``(n,)``: its sum over ``PHASES``, NaN where an engine counts none."""
        if counter not in self._known:
            self._known[counter] = self._counted(counter)
        return self._known[counter]

    def named(self, counter: str) -> npt.NDArray[np.bool_]:
        """Whether the engine of each request names a counter, shape ``(n,)``, with a number or without one."""
        found = pc.fill_null(pc.match_substring(self._effective, f'.{counter}"'), fill_value=False)
        there: npt.NDArray[np.bool_] = found.to_numpy(zero_copy_only=False)
        return there

    def times(self, name: str) -> Times:
        """The times (ns after the planned start) that the engine of each request tells under ``name``, such as when it
        wrote each token; ``None`` where it tells none. Read only: they are parsed once."""
        if name not in self._told:
            self._told[name] = self._parsed(name)
        return self._told[name]

    def _parsed(self, name: str) -> Times:
        found: Times = [None] * len(self._effective)
        rows = [int(row) for row in np.flatnonzero(self.has(name))]
        told = {row: json.loads(self._effective[row].as_py()).get(name) for row in rows}
        texts = {row: text for row, text in told.items() if isinstance(text, str)}
        for row, times in zip(texts, _numbers([*texts.values()]), strict=True):
            found[row] = times
        return found

    def plain(self, name: str) -> npt.NDArray[np.float64]:
        """A number that requests report under ``name``, shape ``(n,)``, NaN where one reports none."""
        values = np.full(len(self._effective), np.nan)
        for row in np.flatnonzero(self.has(name)):
            value = json.loads(self._effective[int(row)].as_py()).get(name)
            values[row] = np.nan if value is None else value
        return values

    def has(self, name: str) -> npt.NDArray[np.bool_]:
        """Whether each request reports ``name``, shape ``(n,)``, with a number or without one. Read only: it is looked
        for once."""
        if name not in self._reported:
            found = pc.fill_null(pc.match_substring(self._effective, f'"{name}"'), fill_value=False)
            self._reported[name] = found.to_numpy(zero_copy_only=False)
        return self._reported[name]

    def _counted(self, counter: str) -> npt.NDArray[np.float64]:
        counts = np.full(len(self._effective), np.nan)
        for row in np.flatnonzero(self.named(counter)):
            reported = json.loads(self._effective[int(row)].as_py())
            counted = [reported.get(f"{phase}.{counter}") for phase in PHASES]
            if None not in counted:
                counts[row] = sum(counted)
        return counts


def _numbers(texts: list[str]) -> list[npt.NDArray[np.float64]]:
    """The numbers of each text: of all texts at once where all are whole and stand one space apart."""
    split = pc.split_pattern(pa.array(texts, pa.large_string()), " ")
    try:
        whole = pc.cast(split.values, pa.int64()).to_numpy().astype(np.float64)
    except pa.ArrowInvalid:
        return [np.array(text.split(), np.float64) for text in texts]
    return np.split(whole, split.offsets.to_numpy()[1:-1]) if texts else []
