"""llama-bench's JSON, JSON lines and CSV: no server, no requests; each repetition of a test is a run.

Tests of prompts (pp) and of generation (tg) are different quantities, and one of both (pg) is neither. CSV has no
repetitions, only their mean.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Mapping, Sequence
from math import isclose
from statistics import fmean
from typing import Any

from ..design import Value
from ..events import Scalar
from ..metrics.definitions.imported.llama_bench import METRICS
from ..outcomes import Missing
from ..recorder.pack_members import opened
from .fields import Fields
from .foreign import (
    LONGEST_NAME,
    MODEL,
    MOST_REPETITIONS,
    Foreign,
    ForeignModel,
    ForeignRun,
    fact,
    known,
    levels_of,
    varied,
)
from .json_reader import JsonReader
from .source import Source
from .spool import Spool

TOOL = "llama-bench"
_RESULTS = frozenset({"test_time", "avg_ns", "stddev_ns", "avg_ts", "stddev_ts", "samples_ns", "samples_ts"})
_TEST = frozenset({"n_prompt", "n_gen", "n_depth"})
_MODEL = frozenset({"model_filename", "model_type", "model_size", "model_n_params"})
_MACHINE = {"cpu_info": "cpu_model", "gpu_info": "gpu_name"}
_RATES = ("llama_bench_prompt_tps", "llama_bench_generation_tps", "llama_bench_mixed_tps")
_TOLERANCE = 1e-3
_MOST_CSV, _MOST_COLUMNS = 64 << 20, 1_000


def read_json(source: Source, spool: Spool) -> Foreign:
    """A list of tests, or one test a line. Raises ``DataError``."""
    del spool
    rows: list[Fields] = []
    repetitions = 0
    with opened(source.path) as file:
        reader = JsonReader(file, source)
        for line, found in reader.listed_or_lines():
            row = Fields(found, source, f"line {line}")
            repetitions += max(1, len(row.entries("samples_ns")))
            if repetitions > MOST_REPETITIONS:
                raise row.wrong("samples_ns", f"the file holds more than {MOST_REPETITIONS:,} repetitions")
            rows.append(row)
    return _foreign(source, rows)


def read_csv(source: Source, spool: Spool) -> Foreign:
    """One test a line below a header. Raises ``DataError``."""
    del spool
    if source.bytes > _MOST_CSV:
        raise source.wrong("the file", f"it has more than {_MOST_CSV >> 20} MiB")
    with opened(source.path) as file:
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise source.wrong(f"byte {error.start}", "from here on it is no UTF-8") from None
    return _foreign(source, list(_csv_rows(source, text)))


def _csv_rows(source: Source, text: str) -> Iterator[Fields]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if len(header) > _MOST_COLUMNS or len(set(header)) < len(header):
            raise source.wrong("line 1", f"it has {len(header):,} columns, of which {len(set(header)):,} differ")
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                raise source.wrong(f"line {reader.line_num}", f"it has {len(row)} fields, the header has {len(header)}")
            yield Fields(
                {name: _typed(name, value) for name, value in zip(header, row, strict=True)},
                source,
                f"line {reader.line_num}",
            )
    except csv.Error as error:
        raise source.wrong(f"line {reader.line_num}", f"it is no CSV: {error}") from None


def _typed(name: str, value: str) -> Any:
    """A field of CSV as JSON has it; what should be a number and is none stays a text, and is refused there."""
    if name not in _RESULTS | _TEST and not name.startswith(("n_", "model_n_", "model_size")):
        return value
    try:
        return float(value) if "." in value or "e" in value.lower() else int(value)
    except ValueError:
        return value


def _foreign(source: Source, rows: Sequence[Fields]) -> Foreign:
    if not rows:
        raise source.wrong("the file", "it holds no test")
    names = _names(rows)
    models = dict(zip(reversed(names), reversed(rows), strict=True))
    settings = dict.fromkeys(name for row in rows for name in row if name not in _RESULTS | _TEST | _MODEL)
    groups = varied(rows, settings)
    several = {MODEL: names} if len(models) > 1 else {}
    runs = [
        run
        for place, row in enumerate(rows)
        for run in _runs(row, {name: one[place] for name, one in several.items()} | levels_of(row, groups))
    ]
    differ = set(itertools.chain(*groups, _MODEL if several else ()))
    first = rows[0]
    return Foreign(
        tool=TOOL,
        version=None if "build_commit" in differ else _version(first),
        models=[
            ForeignModel(name, row.whole("model_n_params"), row.text("model_type"))
            for name, row in reversed(models.items())
        ],
        runs=runs,
        metrics=known([metric.id for metric in METRICS], runs),
        told={name: first.scalar(name) for name in first if name not in _RESULTS | _TEST | _MACHINE.keys() | differ},
        machine={known_as: first.scalar(name) for name, known_as in _MACHINE.items() if name not in differ},
    )


def _names(rows: Sequence[Fields]) -> list[str]:
    """What the model of each test is called: its file, with folder and type where that tells too little."""
    alike = {tuple(repr(row.scalar(name)) for name in sorted(_MODEL)) for row in rows}
    names = [_model(row)[:LONGEST_NAME] for row in rows]
    if len(set(names)) == len(alike):
        return names
    return [f"{row.text('model_filename')} ({row.text('model_type')})"[-LONGEST_NAME:] for row in rows]


def _runs(row: Fields, settings: Mapping[str, Value]) -> Iterator[ForeignRun]:
    prompt, generated, depth = (row.whole(name) or 0 for name in ("n_prompt", "n_gen", "n_depth"))
    levels: dict[str, Value] = {"test": _test(prompt, generated, depth), **settings}
    printed = _printed(row)
    samples = row.numbers("samples_ns")
    if any(sample <= 0 for sample in samples):
        raise row.wrong("samples_ns", "a repetition takes no time")
    remark = _contradiction(row, samples, prompt + generated)
    if not samples:
        yield ForeignRun(levels, printed)
    for place, sample in enumerate(samples):
        rate = (prompt + generated) / sample * 1e9
        own = fact("llama_bench_time", sample / 1e6)
        for name in _RATES:
            own |= fact(name, rate if name == _rate(prompt, generated) else None, Missing.NOT_APPLICABLE)
        yield ForeignRun(
            levels,
            {**own, **printed} if place == 0 else own,
            started_unix_ns=row.date_ns("test_time") if place == 0 else None,
            duration_ns=int(sample),
            remark=remark if place == 0 else None,
        )


def _contradiction(row: Fields, samples: Sequence[float], tokens: int) -> str | None:
    """What is printed and differs from the repetitions, in one line; null where nothing does."""
    rates = [tokens / sample * 1e9 for sample in samples]
    for name, found in (("avg_ts", rates), ("avg_ns", samples)):
        printed = row.amount(name)
        if found and tokens and printed is not None and not isclose(printed, fmean(found), rel_tol=_TOLERANCE):
            return f"{row.place}: {name} is {printed:.6g}, its samples_ns give {fmean(found):.6g}"
    return None


def _printed(row: Fields) -> Mapping[str, Scalar]:
    """What is printed of all repetitions: a fact of the first."""
    count = len(row.entries("samples_ns"))
    mean_ns = row.amount("avg_ns")
    deviation = None if count == 1 else row.amount("stddev_ts")
    return (
        fact("llama_bench_printed_avg_ts", row.amount("avg_ts"))
        | fact("llama_bench_printed_stddev_ts", deviation, Missing.TOO_FEW_RUNS)
        | fact("llama_bench_printed_avg_ns", None if mean_ns is None else mean_ns / 1e6)
    )


def _rate(prompt: int, generated: int) -> str | None:
    """The rate that a test of so many tokens measures; null where it has none."""
    prompts, generation, both = _RATES
    return both if prompt and generated else prompts if prompt else generation if generated else None


def _test(prompt: int, generated: int, depth: int) -> str:
    """The name that llama-bench gives a test: ``pp512``, ``tg128``, ``pp512+tg128``, with the depth behind it."""
    parts = [f"pp{prompt}"] * bool(prompt) + [f"tg{generated}"] * bool(generated)
    return "+".join(parts or ["nothing"]) + (f" @ d{depth}" if depth else "")


def _version(row: Fields) -> str | None:
    commit, number = row.text("build_commit"), row.scalar("build_number")
    if not commit or commit == "unknown":
        return None
    return f"{commit} ({number})" if number else commit


def _model(row: Fields) -> str:
    name = row.text("model_filename") or row.text("model_type") or "model not recorded"
    return name.replace("\\", "/").rpartition("/")[2]
