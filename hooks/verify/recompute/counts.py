"""Reads again what needs no estimate: counts of runs, requests and cells, flagged and labelled runs, the settings that
engines reported, moments of requests, and what probes read."""

from __future__ import annotations

import json
from collections import Counter

from harness.metrics.definitions.agents.quality import REPORT_QUALITY
from harness.units import S, unit

from ..reader.dataset import USABLE
from ..reader.moments import probed, seconds
from ..reader.questions_json import (
    StatedCount,
    StatedEffective,
    StatedFlagged,
    StatedLabel,
    StatedMoment,
    StatedReading,
)
from ..reader.samples import Samples
from .answer import Answer, kept
from .labels import labels


def count(samples: Samples, asked: StatedCount) -> Answer:
    """How many there are of those that ended so."""
    rows = kept(samples, asked.where)
    if asked.of in _DIFFERENT:
        return Answer(
            len(_reports(samples, {row["run_id"] for row in rows}, asked.of)), None, meaning=_DIFFERENT[asked.of]
        )
    if asked.of == "requests":
        ids = {row["run_id"] for row in rows}
        rows = [row for row in samples.requests if row["run_id"] in ids]
    ended = [
        row["cell_id"]
        for row in rows
        if asked.outcome in (None, row["outcome"]) and asked.code in (None, row["outcome_code"])
    ]
    meaning = f"number of {asked.of} that ended {asked.outcome}" if asked.outcome else f"number of {asked.of}"
    return Answer(len(set(ended)) if asked.of == "cells" else len(ended), None, meaning=meaning)


_DIFFERENT = {
    "texts": "number of different reports of tasks that ended usably",
    "scores": "number of different quality scores of reports of tasks that ended usably",
}


def _reports(samples: Samples, runs: set[str], of: str) -> set[str | float]:
    """The different reports of tasks, or their different scores."""
    tasks = samples.table("tasks")
    named = (
        REPORT_QUALITY.compute(tasks).values if of == "scores" else [text or "" for text in tasks["text"].to_pylist()]
    )
    owners, endings = tasks["run_id"].to_pylist(), tasks["outcome"].to_pylist()
    return {one for one, run, ended in zip(named, owners, endings, strict=True) if run in runs and ended in USABLE}


def flagged(samples: Samples, asked: StatedFlagged) -> Answer:
    """How many usable runs carry the flag."""
    number = sum(row["outcome"] in USABLE and asked.flag in json.loads(row["flags"] or "{}") for row in samples.runs)
    return Answer(number, None, meaning=f"usable runs flagged: {asked.flag.replace('_', ' ')}")


def labelled(samples: Samples, asked: StatedLabel) -> Answer:
    """How many usable runs have records that say so of the label."""
    judged = samples.once("labels", lambda: Counter(labels(samples.runs)))
    number = judged[asked.setting, asked.level, asked.verdict]
    return Answer(number, None, meaning=f"usable runs whose label is {asked.verdict}")


def effective(samples: Samples, asked: StatedEffective) -> Answer:
    """The one number that the engine reported; null where runs differ or it is no number."""
    rows = kept(samples, asked.where)
    reported = [json.loads(row["effective"] or "{}").get(asked.key) for row in rows]
    different = {json.dumps(level): level for level in reported if level is not None}
    level = next(iter(different.values())) if len(different) == 1 else None
    known = isinstance(level, int | float) and not isinstance(level, bool)
    meaning = f"the setting {asked.key} as the engine reported it"
    return Answer(level if known else None, len(rows) if known else 0, meaning=meaning)


_STAGES = {
    "sent": "when the call was sent",
    "prompt": "when the engine began with its prompt, by the engine's own time for it",
    "first": "when its first token arrived",
    "last": "when its last token arrived",
}


def moment(samples: Samples, asked: StatedMoment) -> Answer:
    """Seconds after the round of its task was to begin; null where the request does not tell."""
    found = seconds(samples, asked.run, asked.request, asked.stage)
    return Answer(found, 0 if found is None else 1, S, _STAGES[asked.stage])


def reading(samples: Samples, asked: StatedReading) -> Answer:
    """What was read, in the unit that the probe names, or when, in seconds after the first measured request was
    planned; null where nothing was."""
    meaning = "when it was read" if asked.told == "at" else "what was read"
    row = probed(samples, asked.run, asked.quantity, asked.number)
    if row is None:
        return Answer(None, 0, S if asked.told == "at" else unit(""), meaning)
    found = row["after_s"] if asked.told == "at" else row["value"]
    return Answer(found, 0 if found is None else 1, S if asked.told == "at" else unit(row["unit"]), meaning)
