"""When something happened to a request, from the sealed table of requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.units import S

from ..reader.questions_json import StatedMoment
from ..reader.samples import Samples
from .answer import Answer

_MEANINGS = {
    "sent": "when the call was sent",
    "prompt": "when the engine began with its prompt, by the engine's own time for it",
    "first": "when its first token arrived",
    "last": "when its last token arrived",
}


def moment(samples: Samples, asked: StatedMoment) -> Answer:
    """Seconds after the round of its task was to begin; null where the request does not tell."""
    meaning = _MEANINGS[asked.stage]
    requests = (row for row in samples.table("requests").to_pylist() if row["run_id"] == asked.run)
    request = next((row for row in requests if row["request_index"] == asked.request), None)
    after_ns = None if request is None else _after_planned(request, asked.stage)
    if request is None or after_ns is None:
        return Answer(None, 0, S, meaning)
    tasks = [row for row in samples.table("tasks").to_pylist() if row["run_id"] == asked.run]
    own = [row["round"] for row in tasks if row["task"] == request["task"]]
    begun = [row["planned_ns"] for row in tasks if own and row["round"] == own[0]]
    return Answer((request["planned_ns"] + after_ns - min(begun, default=0)) / 1e9, 1, S, meaning)


def _after_planned(request: Mapping[str, Any], stage: str) -> float | None:
    seen = [float(at) for at in request["arrivals_ns"] or ()]
    sent, prompt_ms = request["sent_ns"], request["engine_prompt_ms"]
    if stage == "sent":
        return None if sent is None else float(sent)
    if not seen or stage != "prompt":
        return {"first": seen[0], "last": seen[-1]}[stage] if seen else None
    return None if None in (sent, prompt_ms) else max(float(sent), seen[0] - 1e6 * prompt_ms)
