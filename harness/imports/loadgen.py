"""MLPerf LoadGen's detail log (``mlperf_log_detail.txt``) and its summary (``mlperf_log_summary.txt``).

Neither holds single samples: what it printed is one run. Times are whole nanoseconds. Where a sample reported one token
or none, its time per output token is below zero and the mean is nonsense: all of them are null then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ..events import Scalar
from ..metrics.definitions.imported.loadgen import METRICS
from ..outcomes import Missing
from ..recorder.pack_members import opened
from .decoding import decoded, said_of
from .fields import LARGEST, Fields
from .foreign import Foreign, ForeignRun, fact, known, named
from .source import Source, shown
from .spool import Spool

TOOL = "MLPerf LoadGen"
PREFIX = ":::MLLOG "
_MOST_LINE, _MOST_BYTES = 16 << 20, 1 << 31
_LINE = re.compile(r"^\s*(.{1,80}?)\s*:\s*(.*?)\s*$")
_ENDINGS = {"mean": "mean", "median": "50.00", "p90": "90.00", "p99": "99.00"}
_TITLE, _LAST_PART = "MLPerf Results Summary", "Test Parameters Used"

_DETAIL = {
    "loadgen_latency": ("result_mean_latency_ns", "result_{}_percentile_latency_ns"),
    "loadgen_first_token_latency": (
        "result_first_token_mean_latency_ns",
        "result_first_token_{}_percentile_latency_ns",
    ),
    "loadgen_time_per_output_token": (
        "result_time_to_output_token_mean",
        "result_time_per_output_token_{}_percentile_ns",
    ),
}
_SUMMARY = {
    "loadgen_latency": ("mean latency (ns)", "{} percentile latency (ns)"),
    "loadgen_first_token_latency": ("mean first token latency (ns)", "{} percentile first token latency (ns)"),
    "loadgen_time_per_output_token": ("mean time per output token (ns)", "{} percentile time to output token (ns)"),
}
_SMALLEST = ("result_time_to_output_token_min", "min time per output token (ns)")
_SAMPLES = (
    "result_completed_samples_per_sec",
    "result_samples_per_second",
    "completed samples per second",
    "samples per second",
)
_TOKENS = (
    "result_completed_tokens_per_second",
    "result_tokens_per_second",
    "completed tokens per second",
    "tokens per second",
)


def read_detail(source: Source, spool: Spool) -> Foreign:
    """The results of a detail log. Raises ``DataError``."""
    del spool
    found: dict[str, Any] = {}
    errors = 0
    with opened(source.path) as file:
        for number, line in enumerate(iter(lambda: file.readline(_MOST_LINE), b""), start=1):
            if not line.strip():
                continue
            entry = _entry(line, source, f"line {number}")
            metadata = entry.fields("metadata")
            errors += metadata.flag("is_error")
            name = entry.text("key")
            if name is None:
                raise entry.wrong("key", "it is absent")
            if name.startswith(("result_", "requested_", "effective_", "loadgen_", "test_", "sut_", "num_")):
                if name in found and name == "result_validity":
                    raise entry.wrong("key", "the log holds results a second time; import one run at a time")
                found[name] = entry.raw("value")
    said = Fields(found, source, "the log")
    if "result_validity" not in said:
        raise source.wrong("its end", "the log ends before the results")
    told = {
        "result": said.scalar("result_validity"),
        "mode": said.scalar("effective_test_mode"),
        "target_qps": said.scalar("effective_target_qps"),
        "min_query_count": said.scalar("effective_min_query_count"),
        "errors_in_log": errors,
    }
    scenario = said.text("effective_scenario") or said.text("requested_scenario") or "not recorded"
    run = ForeignRun({"scenario": scenario}, _facts(said, _DETAIL), started_unix_ns=said.date_ns("test_datetime"))
    return _foreign(said.text("loadgen_version"), said.text("sut_name"), run, told)


def _entry(line: bytes, source: Source, place: str) -> Fields:
    if len(line) >= _MOST_LINE:
        raise source.wrong(place, f"it is longer than {_MOST_LINE >> 20} MiB")
    try:
        text = line.decode("utf-8-sig" if place == "line 1" else "utf-8")
    except UnicodeDecodeError:
        raise source.wrong(place, "it is no UTF-8") from None
    if not text.startswith(PREFIX):
        raise source.wrong(place, f"it begins with {shown(text[:20])}, {PREFIX.strip()} is expected")
    try:
        return Fields(decoded(text[len(PREFIX) :]), source, place)
    except RecursionError:
        raise source.wrong(place, "it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise source.wrong(place, said_of(error)) from None
    except ValueError as error:
        raise source.wrong(place, str(error)) from None


def read_summary(source: Source, spool: Spool) -> Foreign:
    """The results of a summary. Raises ``DataError``, ``UsageError`` for a text that is none."""
    del spool
    if source.bytes > _MOST_LINE:
        raise source.wrong("the file", f"it is longer than {_MOST_LINE >> 20} MiB")
    with opened(source.path) as file:
        text = file.read().decode("utf-8", "replace")
    if _TITLE not in text:
        raise source.wrong("line 2", "it is no summary of MLPerf LoadGen")
    if text.count(_TITLE) > 1:
        raise source.wrong("the file", "it holds results a second time; import one run at a time")
    found: dict[str, Any] = {}
    for line in text.splitlines():
        matched = _LINE.match(line)
        if matched:
            found.setdefault(matched[1].lower(), matched[2])
    said = Fields(found, source, "the summary")
    if _LAST_PART not in text or "result is" not in said or not any(name in said for name, _ in _SUMMARY.values()):
        raise source.wrong("its end", "the summary ends before the results")
    told = {
        "result": said.scalar("result is"),
        "mode": said.scalar("mode"),
        "target_qps": said.scalar("target_qps"),
        "min_query_count": said.scalar("min_query_count"),
    }
    run = ForeignRun({"scenario": said.text("scenario") or "not recorded"}, _facts(said, _SUMMARY))
    return _foreign(None, said.text("sut name"), run, told)


def _facts(said: Fields, names: Mapping[str, tuple[str, str]]) -> dict[str, Scalar]:
    facts: dict[str, Scalar] = {}
    for metric, (mean, percentile) in names.items():
        numbers = {
            ending: _number(said, mean if ending == "mean" else percentile.format(word))
            for ending, word in _ENDINGS.items()
        }
        smallest = next((number for name in _SMALLEST if (number := _number(said, name)) is not None), None)
        if not metric.endswith("output_token"):
            for name, number in numbers.items():
                if number is not None and not 0 <= number <= LARGEST:
                    key = mean if name == "mean" else percentile.format(_ENDINGS[name])
                    raise said.wrong(key, f"it is {number:g}, which no benchmark measures")
        bad = metric.endswith("output_token") and not all(
            0 <= number <= LARGEST for number in (*numbers.values(), smallest) if number is not None
        )
        for ending, number in numbers.items():
            value = None if bad or number is None else number / 1e6
            facts |= fact(f"{metric}_{ending}", value, Missing.BAD_COUNTER if bad else Missing.NOT_REPORTED)
        facts |= fact(f"{metric}_std", None)
    for metric, candidates in (("loadgen_samples_per_second", _SAMPLES), ("loadgen_tokens_per_second", _TOKENS)):
        facts |= fact(
            metric, next((number for name in candidates if (number := _number(said, name)) is not None), None)
        )
    return facts


def _number(said: Fields, name: str) -> float | None:
    """A number, which logs also hold as text; null where there is none. Raises ``DataError`` for what is no number."""
    found = said.raw(name)
    if isinstance(found, str):
        try:
            found = float(found)
        except ValueError:
            raise said.wrong(name, f"it is {shown(found)}, a number is expected") from None
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or found != found or abs(found) == float("inf"):
        raise said.wrong(name, f"it is {shown(found)}, a number is expected")
    return float(found) if abs(found) < 1e300 else 1e300


def _foreign(version: str | None, sut: str | None, run: ForeignRun, told: dict[str, Scalar]) -> Foreign:
    return Foreign(
        tool=TOOL,
        version=version,
        models=named([sut or "system not recorded"]),
        runs=[run],
        metrics=known([metric.id for metric in METRICS], [run]),
        told=told,
    )
