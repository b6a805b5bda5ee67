"""AIPerf's records (``profile_export.jsonl``, one request a line, or a list of them) and its summary (JSON).

Its "inter token latency" is our ``tpot``, its "inter chunk latency" the gaps between chunks. A request counts from the
call, its planned start is when its credit was issued.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ..events import Phase, Scalar
from ..metrics.definitions.imported.aiperf import METRICS
from ..outcomes import OK, Code, Outcome, failed
from ..recorder.pack_members import opened
from .fields import LARGEST, Fields, plain_array, read_object, unicode
from .foreign import (
    MS,
    NO_CHUNKS,
    STREAMED,
    Answer,
    Floats,
    Foreign,
    ForeignRun,
    S,
    Span,
    known,
    named,
    ns,
    summed,
)
from .json_reader import JsonReader
from .once import Once
from .perf_summary import printed_facts, scale_to_ms
from .source import Source, shown
from .spool import Spool

TOOL = "AIPerf"
OF_REQUESTS = {
    f"aiperf_{name}": name for name in ("request_latency", "time_to_first_output_token", "time_to_second_token")
}
"""Our metrics of a request that are the tool's own, and its names of them."""
_PRINTED = {
    "time_to_first_token": "aiperf_printed_ttft",
    "time_to_first_output_token": "aiperf_printed_ttfot",
    "time_to_second_token": "aiperf_printed_ttst",
    "inter_token_latency": "aiperf_printed_itl",
    "inter_chunk_latency": "aiperf_printed_icl",
    "request_latency": "aiperf_printed_request_latency",
    "adj_time_to_first_token": "aiperf_printed_adj_ttft",
    "adj_inter_token_latency": "aiperf_printed_adj_itl",
    "adj_request_latency": "aiperf_printed_adj_latency",
}
_ROUNDED_MS, _TOLERANCE = 0.01, 1e-3
_MEANS = {
    "request_throughput": "aiperf_request_throughput",
    "output_token_throughput": "aiperf_output_token_throughput",
    "benchmark_duration": "aiperf_duration",
    "goodput": "aiperf_goodput",
    "output_sequence_length": "aiperf_output_sequence_length",
}


def read_records(source: Source, spool: Spool) -> Foreign:
    """The requests of ``profile_export.jsonl``. Raises ``DataError``."""
    requests, span, once, sums = spool.requests(), Span(), Once("x_request_id"), Sums()
    begin: int | None = None
    with opened(source.path) as file, requests:
        reader = JsonReader(file, source)
        for line, row in reader.listed_or_lines():
            record = Fields(row, source, f"line {line}")
            metadata = record.fields("metadata")
            once.demand(metadata)
            start = _start(metadata)
            begin = start if begin is None else begin
            with record.naming():
                answer = _answer(record, metadata, requests.count, start, begin, sums)
                answer.spool(requests)
                span.hold(answer)
    requests.shift_ns = -span.earliest_ns
    began = None if begin is None else begin + span.earliest_ns
    run = ForeignRun({"load": "not recorded"}, {}, requests, began, span.duration_ns, sums.remark)
    return Foreign(TOOL, None, named(()), [run], (*STREAMED, *OF_REQUESTS))


@dataclass(slots=True)
class Sums:
    """Records whose chunks do not add up to their latency: how many, and the place of the first."""

    number: int = 0
    place: str = ""

    def hold(self, record: Fields, last_ns: int, latency: float) -> None:
        """Takes a record: when its last chunk came, and its latency in milliseconds."""
        if abs(last_ns / MS - latency) > _ROUNDED_MS + _TOLERANCE * latency:
            self.place = self.place or record.place
            self.number += 1

    @property
    def remark(self) -> str | None:
        """What to know of them, in one line."""
        if not self.number:
            return None
        return f"{self.place}: its chunks do not add up to its request_latency ({self.number:,} such in the file)"


def _start(metadata: Fields) -> int:
    start = metadata.stamp_ns("request_start_ns")
    if start is None:
        raise metadata.wrong("request_start_ns", "it is absent")
    return start


def _answer(record: Fields, metadata: Fields, index: int, start: int, begin: int, sums: Sums) -> Answer:
    metrics = record.fields("metrics")
    end, credit = metadata.stamp_ns("request_end_ns"), metadata.stamp_ns("credit_issued_ns")
    latency, first = _ms(metrics, "request_latency"), _ms(metrics, "time_to_first_token")
    outcome, gaps = _outcome(record, metadata), _list_ms(metrics, "inter_chunk_latency")
    if outcome.usable and first is not None and latency is not None and first > latency + _ROUNDED_MS:
        raise metrics.wrong(
            "time_to_first_token", f"it is {first:g} ms, later than the request_latency of {latency:g} ms"
        )
    whole = len(gaps) > 0 or latency is None or first is None or latency <= first
    if not whole and latency is not None and first is not None:
        gaps = [latency - first]
    chunks = NO_CHUNKS if first is None else summed(first, gaps, MS)
    if latency is not None and len(chunks) and outcome.usable:
        sums.hold(record, int(chunks[-1]), latency)
    return Answer(
        index=index,
        begin_ns=start - begin,
        wait_ns=None if credit is None else start - credit,
        chunks_ns=chunks,
        end_ns=None if end is None else end - start,
        tokens=_count(metrics, "output_sequence_length"),
        all_chunks=whole,
        outcome=outcome,
        phase=Phase.WARMUP if metadata.text("benchmark_phase") == "warmup" else Phase.MEASURED,
        prompt_tokens=_count(metrics, "usage_prompt_tokens"),
        told=_own(metrics),
    )


def _own(metrics: Fields) -> dict[str, Scalar]:
    told: dict[str, Scalar] = {}
    for metric, name in OF_REQUESTS.items():
        number = _ms(metrics, name)
        if number is not None:
            told[metric] = number
    return told


def _outcome(record: Fields, metadata: Fields) -> Outcome:
    if "error" in record:
        error = record.raw("error")
        said = Fields(error, record.source, f"{record.place}.error") if isinstance(error, Mapping) else None
        words = str((said.raw("message") or said.raw("type") or "") if said else error)
        code = said.number("code") if said and not isinstance(said.raw("code"), str) else None
        return failed(Code.HTTP_STATUS if code and 400 <= code < 600 else Code.TOOL_ERROR, unicode(words))
    return failed(Code.CANCELLED) if metadata.flag("was_cancelled") else OK


def _ms(metrics: Fields, name: str) -> float | None:
    """A time in milliseconds."""
    found = metrics.raw(name)
    if found is None:
        return None
    if _is_plain(found, float) and found.get("unit") == "ms":
        return cast("float", found["value"])
    said = metrics.fields(name)
    number = said.amount("value")
    return None if number is None else number * scale_to_ms(said)


def _list_ms(metrics: Fields, name: str) -> Sequence[float] | Floats:
    found = metrics.raw(name)
    if found is None:
        return []
    if type(found) is dict and found.get("unit") == "ms":
        gaps = plain_array(found.get("value"))
        if gaps is not None:
            return gaps
    said = metrics.fields(name)
    if not isinstance(said.raw("value"), list):
        number = said.number("value")
        return [] if number is None else [number * scale_to_ms(said)]
    scale = scale_to_ms(said)
    numbers = said.numbers("value")
    return numbers if scale == 1 else [number * scale for number in numbers]


def _count(metrics: Fields, name: str) -> int | None:
    found = metrics.raw(name)
    if found is None:
        return None
    if _is_plain(found, int) and found.get("unit") == "tokens":
        return cast("int", found["value"])
    said = metrics.fields(name)
    if said.text("unit") not in (None, "tokens"):
        raise said.wrong("unit", f"it is {shown(said.raw('unit'))}, tokens are expected")
    return said.whole("value")


def _is_plain(found: Any, kind: type[float]) -> bool:
    """Whether a quantity is a number as nearly all are, of this kind and in bounds; others are asked for one by one."""
    if type(found) is not dict:
        return False
    value = found.get("value")
    return type(value) is kind and 0 <= value <= LARGEST


def read_summary(source: Source, spool: Spool) -> Foreign:
    """What AIPerf printed, of ``profile_export_aiperf.json``. Raises ``DataError``."""
    del spool
    found = read_object(source, "the summary")
    printed = found.fields("records") if "records" in found else found
    facts = printed_facts(printed, _PRINTED, _MEANS)
    for name in ("request_count", "error_request_count"):
        if name in printed:
            facts[f"requests.{name}"] = printed.fields(name).amount("avg")
    duration = facts.get("aiperf_duration")
    run = ForeignRun(
        {"load": _load(found)}, facts, duration_ns=ns(duration, S) if isinstance(duration, float) else None
    )
    return Foreign(
        tool=TOOL,
        version=found.text("aiperf_version"),
        models=named(_models(found)),
        runs=[run],
        metrics=known([metric.id for metric in METRICS], [run]),
        told={name: found.scalar(name) for name in ("schema_version", "benchmark_id", "start_time", "was_cancelled")},
    )


def _config(found: Fields) -> Mapping[str, Any]:
    config = found.raw("input_config")
    return config if isinstance(config, Mapping) else {}


def _models(found: Fields) -> Iterator[str | None]:
    config = _config(found)
    models = config.get("models")
    items = models.get("items") if isinstance(models, Mapping) else models
    if isinstance(items, list) and items:
        for item in items:
            yield Fields(item, found.source, "input_config.models").text("name")
        return
    endpoint = config.get("endpoint")
    names = endpoint.get("model_names") if isinstance(endpoint, Mapping) else None
    yield from (unicode(str(name)) for name in names) if isinstance(names, list) else ()


def _load(found: Fields) -> str:
    """The load of the first phase that is measured: its rate, and its concurrency, which may only bound it."""
    for part in ("phases", "load", "loadgen", "profiling"):
        said = _config(found).get(part)
        rows = said if isinstance(said, list) else list(said.values()) if isinstance(said, Mapping) else []
        for row in [said, *rows]:
            if isinstance(row, Mapping) and "warmup" not in (row.get("kind"), row.get("name")):
                load = Fields(row, found.source, f"input_config.{part}")
                names = [name for name in ("request_rate", "concurrency") if isinstance(row.get(name), int | float)]
                if names:
                    return ", ".join(f"{name.replace('_', ' ')} {load.number(name):g}" for name in names)
    return "not recorded"
