"""A sealed dataset of many synthetic requests, drawn with numpy: recording that many would take hours.

The files have the schema, the order and the manifest of a recorded dataset, and the manifest says that they are
synthetic. ``Dataset.open`` accepts them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from harness.canonical_json import canonical_json
from harness.datasets.manifest import FileEntry, Manifest
from harness.datasets.schema import (
    ENGINES,
    LEVEL_PREFIX,
    MANIFEST,
    READINGS,
    REQUESTS,
    SCHEMA_VERSION,
    TASKS,
    stored_schema,
)
from harness.design import Planned, Study, plan
from tests.benchmarks.scale_study import RUNS_PER_CELL
from tests.support.datasets import header

MS = 1_000_000
TOKENS = 8
EFFECT = {"threads": {1: 1.0, 2: 1.6}, "num_ctx": {512: 1.0, 2048: 0.97}}

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def write_dataset(root: Path, study: Study, rows: int, seed: int, version: int = 1) -> Path:
    """Writes ``root / study / v<version>`` with about ``rows`` requests and returns the folder."""
    folder = root / study.id / f"v{version}"
    folder.mkdir(parents=True)
    planned = plan(study.matrix(study.profiles[0].name).cells(), RUNS_PER_CELL, study.order_seed)
    rng = np.random.default_rng([seed, version, int(study.fingerprint()[:12], 16)])
    pace = rng.normal(1.0, 0.03, len(planned)) / np.array([_speed(item) for item in planned])
    tables = {
        "runs": _runs(study, planned, pace),
        "requests": _requests(planned, pace, max(rows // len(planned), 4), rng),
        "readings": READINGS.empty_table(),
        "engines": ENGINES.empty_table(),
        "tasks": TASKS.empty_table(),
    }
    files = {f"{name}.parquet": _write(table, folder / f"{name}.parquet") for name, table in tables.items()}
    (folder / MANIFEST).write_bytes(_manifest(study, planned, files, seed, version).to_bytes())
    return folder


def _speed(item: Planned) -> float:
    settings = item.cell.settings
    return float(np.prod([effect[settings[name]] for name, effect in EFFECT.items()]))  # type: ignore[index]


def _write(table: pa.Table, path: Path) -> FileEntry:
    pq.write_table(table, path, compression="zstd", compression_level=1, row_group_size=2**16)
    data = path.read_bytes()
    return FileEntry(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), rows=table.num_rows)


def _runs(study: Study, planned: Sequence[Planned], pace: Floats) -> pa.Table:
    return pa.Table.from_pylist(
        [_run(study, item, float(slow)) for item, slow in zip(planned, pace, strict=True)],
        schema=stored_schema("runs", SCHEMA_VERSION, study.factors),
    )


def _run(study: Study, item: Planned, pace: float) -> dict[str, object]:
    settings = item.cell.settings
    effective = {factor.effective: settings[factor.name] for factor in study.factors if factor.effective}
    return {
        "run_id": item.run_id,
        "cell_id": item.cell.id,
        "replicate": item.replicate,
        "block": item.block,
        "position": item.position,
        "stratum": 0,
        "outcome": "ok",
        "started_unix_ns": 1_767_322_000_000_000_000 + item.position * 10_000 * MS,
        "duration_ns": 9_000 * MS,
        "engine": "synthetic",
        "engine_version": "1.0",
        "load_ns": int(200 * MS * pace),
        "requested": canonical_json(settings).decode(),
        "effective": canonical_json(effective).decode(),
        "facts": "{}",
        "flags": "{}",
        **{LEVEL_PREFIX + name: level for name, level in settings.items()},
    }


def _requests(planned: Sequence[Planned], pace: Floats, each: int, rng: np.random.Generator) -> pa.Table:
    owner = np.repeat(np.arange(len(planned)), each)
    index = np.tile(np.arange(each), len(planned))
    arrivals = _arrivals(pace[owner], index, rng)
    spent = (arrivals[:, -1] - arrivals[:, 0]) / MS
    count = len(owner)
    cells = sorted({item.cell.id for item in planned})
    columns: dict[str, pa.Array] = {
        "run_id": pa.array([item.run_id for item in planned]).take(pa.array(owner)),
        "cell_id": _words(np.array([cells.index(item.cell.id) for item in planned])[owner], cells, pa.int32()),
        "position": pa.array(np.array([item.position for item in planned], np.int32)[owner]),
        "request_index": pa.array(index.astype(np.int32)),
        "phase": _words(np.minimum(index, 2), ["cold", "warmup", "measured"], pa.int8()),
        "prompt_id": _words(index % 5, [f"p{number}" for number in range(5)], pa.int32()),
        "stream": pa.array(np.zeros(count, np.int32)),
        "outcome": _words(np.zeros(count, np.int64), ["ok"], pa.int8()),
        "planned_ns": pa.array(index * 200 * MS),
        "connect_ns": pa.array(np.full(count, MS // 5)),
        "sent_ns": pa.array(np.full(count, MS // 4)),
        "first_byte_ns": pa.array(arrivals[:, 0] - MS // 10),
        "end_ns": pa.array(arrivals[:, -1] + MS // 10),
        "arrivals_ns": _lists(arrivals),
        "tokens": _lists(np.ones_like(arrivals, np.int32)),
        "engine_prompt_n": pa.array(np.full(count, 20)),
        "engine_cache_n": pa.array(np.zeros(count, np.int64)),
        "engine_prompt_ms": pa.array(arrivals[:, 0] / MS),
        "engine_predicted_n": pa.array(np.full(count, TOKENS)),
        "engine_predicted_ms": pa.array(spent),
        "finish_reason": pa.array(["length"]).take(pa.array(np.zeros(count, np.int64))),
        "text": pa.array(["synthetic answer"]).take(pa.array(np.zeros(count, np.int64))),
    }
    return pa.table([columns.get(field.name, pa.nulls(count, field.type)) for field in REQUESTS], schema=REQUESTS)


def _arrivals(pace: Floats, index: Ints, rng: np.random.Generator) -> Ints:
    """Nanoseconds after the planned start, shape ``(requests, TOKENS)``; the first request of a run is slower."""
    cold = np.where(index == 0, 1.6, 1.0)
    first = 40 * MS * pace * cold * rng.lognormal(0, 0.05, len(pace))
    gaps = 10 * MS * pace[:, None] * rng.lognormal(0, 0.1, (len(pace), TOKENS - 1))
    times: Ints = np.cumsum(np.column_stack([first, gaps]), axis=1).astype(np.int64)
    return times


def _lists(values: npt.NDArray[np.int64] | npt.NDArray[np.int32]) -> pa.Array:
    offsets = np.arange(0, values.size + 1, values.shape[1], dtype=np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values.ravel()))


def _words(codes: Ints, words: Sequence[str], index: pa.DataType) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes).cast(index), pa.array(words))


def _manifest(
    study: Study, planned: Sequence[Planned], files: dict[str, FileEntry], seed: int, version: int
) -> Manifest:
    about = header(study, tuple(planned), seed + 1000 * version)
    return Manifest(
        schema_version=SCHEMA_VERSION,
        study=study.id,
        version=version,
        title=about.title,
        profile=about.profile,
        fingerprint=about.fingerprint,
        design=about.design,
        only={},
        journal_id=about.journal_id,
        order_seed=about.order_seed,
        calibration=None,
        code=about.code,
        environment=about.environment,
        models=list(about.models),
        outcomes=dict(Counter(["ok"] * len(planned))),
        planned_runs=len(planned),
        created=about.created,
        files=files,
    )
