"""What the columns of a dataset mean, and their units: the words of a data dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..datasets.read import HOST, SESSION
from ..datasets.schema import LEVEL_PREFIX
from ..design import Factor

TABLES = {
    "runs": "One row per run: one replicate of one cell of the matrix, in a fresh process.",
    "requests": "One row per request, cold and warm-up requests included.",
    "readings": "One row per telemetry reading of a run.",
    "engines": "One row per engine that a run started.",
    "tasks": "One row per task of an agent.",
}


@dataclass(frozen=True, slots=True)
class Column:
    """``unit`` is empty where a column has none."""

    meaning: str
    unit: str = ""


_OF_ANY = {
    "run_id": Column("Identity of the run."),
    "cell_id": Column("Identity of the cell of the matrix: the same levels of all factors."),
    "position": Column("Place of the run in the order in which runs were made, from 0."),
    "outcome": Column("How it ended: ok, degraded, failed, unsupported."),
    "outcome_code": Column("The typed reason where it did not end well."),
    "outcome_detail": Column("What the engine or the harness said of it."),
    "engine": Column("Name of the engine."),
    "engine_version": Column("Version that the engine states."),
    "load_ns": Column("From asking for the engine to its first readiness.", "ns"),
    "effective": Column("Settings that the engine reports or its devices prove, as canonical JSON."),
    "server": Column("Name of the engine where a run has several, else empty."),
    "phase": Column("Why it was done: cold, warmup or measured."),
    "planned_ns": Column("Planned start, as an offset from the start of the run.", "ns"),
    "text": Column("What was answered."),
    "task": Column("Index of the agent's task within the run."),
    SESSION: Column("Recording that the run belongs to."),
    HOST: Column("Identity of the machine that recorded the run."),
}
_OF_TABLE = {
    "runs": {
        "replicate": Column("Number of the run within its cell, from 0."),
        "block": Column("Number of the block: one run of each cell, in random order."),
        "stratum": Column("Number of changes of circumstances before the run; 0 is what the manifest states."),
        "started_unix_ns": Column("Start of the run on the wall clock, since 1970-01-01 UTC.", "ns"),
        "duration_ns": Column("Duration of the run on the monotonic clock.", "ns"),
        "requested": Column("Settings that were asked for, as canonical JSON."),
        "facts": Column("Facts that the run found, as canonical JSON."),
        "flags": Column("Validity flags with their evidence, as canonical JSON."),
    },
    "requests": {
        "request_index": Column("Number of the request within the run, from 0."),
        "prompt_id": Column("Name of the prompt."),
        "stream": Column("Number of the stream that made the request, from 0."),
        "connect_ns": Column("What connecting cost: a duration.", "ns"),
        "sent_ns": Column("When the request was sent, as an offset from its planned start.", "ns"),
        "first_byte_ns": Column("When the first byte arrived, as an offset from its planned start.", "ns"),
        "end_ns": Column("When the answer ended, as an offset from its planned start.", "ns"),
        "arrivals_ns": Column("When each content chunk arrived, as offsets from its planned start.", "ns"),
        "tokens": Column("How many tokens each content chunk carried.", "tokens"),
        "engine_prompt_n": Column("Prompt tokens evaluated, by the engine's own count.", "tokens"),
        "engine_cache_n": Column("Prompt tokens reused from a cache, by the engine's own count.", "tokens"),
        "engine_prompt_ms": Column("Duration of the prompt's evaluation, by the engine's own clock.", "ms"),
        "engine_predicted_n": Column("Tokens generated, by the engine's own count.", "tokens"),
        "engine_predicted_ms": Column("Duration of the generation, by the engine's own clock.", "ms"),
        "finish_reason": Column("Why the answer ended, in the engine's words."),
        "turn": Column("Which call of its task the request was, from 0."),
    },
    "readings": {
        "probe": Column("Name of the probe."),
        "quantity": Column("What was read."),
        "unit": Column("Unit of the value."),
        "at_ns": Column("When it was read, as an offset from the start of the run.", "ns"),
        "value": Column("The value, in the unit of its row."),
        "missing": Column("Why there is no value."),
    },
    "engines": {},
    "tasks": {
        "agent": Column("Name of the agent."),
        "language": Column("Language that the agent is written in."),
        "round": Column("Number of the round; tasks of one round ran at the same time."),
        "started_ns": Column("When the task began, as an offset from the start of the run.", "ns"),
        "ended_ns": Column("When the agent had reported, as an offset from the start of the run.", "ns"),
        "ingested_files": Column("Files that the agent read."),
        "ingested_bytes": Column("Bytes that the agent read.", "B"),
        "startup_ns": Column("What it took the agent's process to be ready.", "ns"),
        "peak_rss_bytes": Column("Largest resident memory of the agent's process.", "B"),
        "threads": Column("Threads of the agent's process."),
        "wait_ns": Column("Time that the agent's threads waited for a processor.", "ns"),
        "cpu_ns": Column("Processor time of the agent's process.", "ns"),
        "context_switches": Column("Context switches of the agent's process."),
    },
}


def column(table: str, name: str, factors: Sequence[Factor]) -> Column:
    """What a column means. Raises ``KeyError`` for a column that no schema has."""
    if name.startswith(LEVEL_PREFIX):
        factor = next(one for one in factors if LEVEL_PREFIX + one.name == name)
        return Column(f"Level of the factor {factor.name} that was asked for.", factor.unit)
    return _OF_TABLE[table].get(name) or _OF_ANY[name]
