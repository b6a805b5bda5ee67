"""The flags of validity that runs carry: how many runs each, and the strongest evidence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from harness.outcomes import USABLE
from harness.units import ONE
from harness.validity.flags import MEANINGS, Flag

from ..content.blocks import Cell, Column, Lit, Table
from ..values.evidence import Strength
from ..values.questions import Flagged
from ..values.value import Value
from .measurements import Measurements

RUN_FLAGS = (
    Flag.CLOCK_RESOLUTION,
    Flag.CLIENT_BOUND,
    Flag.LOOP_LAG,
    Flag.FOREIGN_LOAD,
    Flag.THROTTLING,
    Flag.PROMPT_CACHE_HITS,
    Flag.WARM_UP_NOT_REACHED,
)
"""The flags that a run can carry; the others are of whole datasets."""
LATER_FLAGS = (Flag.STALL, Flag.BURSTS, Flag.RELOAD)
"""Flags of runs that older recordings were not judged by: shown where a run carries one."""

_SIZE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")


def flagged(data: Measurements, flag: str) -> Value:
    """How many usable runs carry ``flag``."""
    return count_flagged(data, Flagged(**data.about_dataset(), flag=flag))


def count_flagged(data: Measurements, question: Flagged) -> Value:
    """The answer to a question about a flag."""
    number = sum(question.flag in found for _, found in _carried(data))
    meaning = f"usable runs flagged: {Flag(question.flag).value.replace('_', ' ')}"
    return Value(number, ONE, Strength.MEASURED, question=question, definition=meaning, decimals=0)


def flags(data: Measurements) -> Table:
    """Each flag of a run with its meaning, the usable runs that carry it, and the strongest evidence."""
    carried = list(_carried(data))
    calibrated = data.dataset.manifest.calibration is not None
    rows: list[tuple[Cell, ...]] = []
    for flag in (*RUN_FLAGS, *LATER_FLAGS):
        evidence = {run: found[flag] for run, found in carried if flag in found}
        if flag in LATER_FLAGS and not evidence:
            continue
        judged = calibrated or bool(evidence) or flag is not Flag.CLIENT_BOUND
        rows.append(
            (
                flag.value.replace("_", " "),
                MEANINGS[flag],
                flagged(data, flag) if judged else "not judged: no calibration",
                _strongest(evidence),
            )
        )
    columns = (Column("flag"), Column("meaning"), Column("runs", ONE), Column("strongest evidence"))
    return Table("flags", "Reasons for doubt, run by run", columns, tuple(rows))


def _carried(data: Measurements) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The flags of every usable run, by run id."""
    columns = (data.dataset.runs[name].to_pylist() for name in ("run_id", "outcome", "flags"))
    for run, outcome, found in zip(*columns, strict=True):
        if outcome in USABLE:
            yield run, json.loads(found or "{}")


def _strongest(evidence: Mapping[str, str]) -> Cell:
    if not evidence:
        return "—"
    run = max(sorted(evidence), key=lambda name: size(evidence[name]))
    return Lit(f"{evidence[run]} (run {run})", "identifier")


def size(evidence: str) -> float:
    """The first number of a sentence of evidence: what was found, before the limit that it broke; 0 without one."""
    found = _SIZE.search(evidence)
    return float(found[0]) if found else 0.0
