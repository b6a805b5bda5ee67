"""When the calls of a run happened and when its probes read, from its tables of requests, of tasks and of readings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .samples import Samples


def seconds(samples: Samples, run: str, index: int, stage: str) -> float | None:
    """When a stage of a request was, counted from the first of its round of tasks, or of its phase;
    null where none tells."""
    requests = samples.rows("requests", run)
    request = next((row for row in requests if row["request_index"] == index), None)
    after_ns = None if request is None else _after_planned(request, stage)
    if request is None or after_ns is None:
        return None
    if request["task"] is None:
        begin = min(row["planned_ns"] for row in requests if row["phase"] == request["phase"])
        return float((request["planned_ns"] + after_ns - begin) / 1e9)
    tasks = samples.rows("tasks", run)
    own = [row["round"] for row in tasks if row["task"] == request["task"]]
    begun = [row["planned_ns"] for row in tasks if own and row["round"] == own[0]]
    return float((request["planned_ns"] + after_ns - min(begun, default=0)) / 1e9)


def _after_planned(request: Mapping[str, Any], stage: str) -> float | None:
    seen = [float(at) for at in request["arrivals_ns"] or ()]
    sent, prompt_ms = request["sent_ns"], request["engine_prompt_ms"]
    if stage == "sent":
        return None if sent is None else float(sent)
    if not seen or stage != "prompt":
        return {"first": seen[0], "last": seen[-1]}[stage] if seen else None
    return None if None in (sent, prompt_ms) else max(float(sent), seen[0] - 1e6 * prompt_ms)


def probed(samples: Samples, run: str, quantity: str, number: int) -> Mapping[str, Any] | None:
    """The reading of a quantity with this number of a run, with ``after_s``: seconds after its first measured request
    was planned; null where there is no such reading or request."""
    of_run = samples.rows("readings", run)
    read = sorted((row for row in of_run if row["quantity"] == quantity), key=lambda row: row["at_ns"])
    planned = [row["planned_ns"] for row in samples.rows("requests", run) if row["phase"] == "measured"]
    if not 0 <= number < len(read) or not planned:
        return None
    return {**read[number], "after_s": (read[number]["at_ns"] - min(planned)) / 1e9}
