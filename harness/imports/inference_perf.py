"""inference-perf's requests (``per_request_lifecycle_metrics.json``) and summaries (of all stages, or of one).

Times are seconds of a monotonic clock, so only differences mean anything. A request counts from its dispatch in the
client; gaps are taken from the times of chunks, for the tool's own gaps are zero between the tokens of one chunk.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..events import Scalar
from ..metrics.definitions.imported.inference_perf import METRICS
from ..metrics.definitions.imported.printed_by_tools import STATISTICS
from ..outcomes import OK, Code, Missing, Outcome, failed
from ..recorder.pack_members import opened
from .decoding import as_tools_read
from .fields import Fields, read_object, unicode
from .foreign import Answer, Foreign, ForeignRun, S, Span, fact, known, named, ns, stamps
from .json_reader import JsonReader
from .source import Source
from .spool import Spool
from .stream_text import said_in

TOOL = "inference-perf"
WHOLE, NORMALIZED = "inference_perf_request_latency", "inference_perf_normalized_tpot"
OURS = (
    "ttft_from_send",
    "itl",
    "inter_chunk_latency",
    "tpot",
    "e2e_from_send",
    "output_token_throughput",
    "request_throughput",
    WHOLE,
    NORMALIZED,
)
_PRINTED = {
    "time_to_first_token": "inference_perf_printed_ttft",
    "time_per_output_token": "inference_perf_printed_tpot",
    "inter_token_latency": "inference_perf_printed_itl",
    "request_latency": "inference_perf_printed_request_latency",
    "normalized_time_per_output_token": "inference_perf_printed_ntpot",
}
_RATES = {
    "requests_per_sec": "inference_perf_request_throughput",
    "output_tokens_per_sec": "inference_perf_output_token_throughput",
}


def read_requests(source: Source, spool: Spool) -> Foreign:
    """A list of requests. Raises ``DataError``."""
    requests, span = spool.requests(), Span()
    begin: float | None = None
    models: dict[str | None, None] = {}
    with opened(source.path) as file, requests:
        reader = JsonReader(file, source)
        for place, found in enumerate(reader.values()):
            row = Fields(found, source, f"request {place}")
            start, end = row.number("start_time"), row.number("end_time")
            if start is None:
                raise row.wrong("start_time", "it is absent")
            begin = start if begin is None else begin
            models[_model(row)] = None
            with row.naming():
                answer = _answer(row, place, start, end, begin)
                answer.spool(requests)
                span.hold(answer)
        reader.end()
    requests.shift_ns = -span.earliest_ns
    run = ForeignRun({"load": "not recorded"}, {}, requests, duration_ns=span.duration_ns)
    return Foreign(TOOL, None, named(models), [run], OURS)


def _answer(row: Fields, index: int, start: float, end: float | None, begin: float) -> Answer:
    info = row.fields("info")
    metrics = info.fields("response_metrics") if "response_metrics" in info else info
    if "chunk_times" in metrics:
        times = metrics.numbers("chunk_times")
    else:
        times = list(dict.fromkeys(metrics.numbers("output_token_times")))
    tokens = metrics.whole("output_tokens")
    said = said_in(row.text("response") or "")
    outcome = _outcome(row)
    outcome = said.outcome if outcome.usable else outcome
    asked = info.fields("request_metrics").fields("text").whole("input_tokens")
    if any(one < start for one in times):
        raise row.wrong("chunk_times", "a chunk came before the request began")
    return Answer(
        index=index,
        begin_ns=ns(start - begin, S),
        wait_ns=None,
        chunks_ns=stamps([one - start for one in times], S),
        end_ns=None if end is None else ns(end - start, S),
        tokens=tokens,
        outcome=outcome,
        prompt_tokens=asked if asked is not None else info.whole("input_tokens"),
        text=said.text,
        told=_own(None if end is None else end - start, tokens) if outcome.usable else {},
    )


def _own(latency_s: float | None, tokens: int | None) -> dict[str, Scalar]:
    if latency_s is None:
        return {}
    found: dict[str, Scalar] = {WHOLE: latency_s * 1e3}
    return found | ({NORMALIZED: latency_s * 1e3 / tokens} if tokens else {})


def _outcome(row: Fields) -> Outcome:
    error = row.raw("error")
    if error is None:
        return OK
    said = Fields(error, row.source, f"{row.place}.error") if isinstance(error, Mapping) else None
    words = (said.text("error_msg") or said.text("error_type") or "") if said else str(error)
    return failed(Code.TOOL_ERROR, unicode(words))


def _model(row: Fields) -> str | None:
    asked = row.raw("request")
    try:
        found = as_tools_read(asked) if isinstance(asked, str) else asked
    except (ValueError, RecursionError):
        return None
    model = found.get("model") if isinstance(found, Mapping) else None
    return unicode(model) if isinstance(model, str) else None


def read_summary(source: Source, spool: Spool) -> Foreign:
    """What inference-perf printed of one stage, or of all. Raises ``DataError``."""
    del spool
    found = read_object(source, "the summary")
    successes = found.fields("successes")
    none = not successes.number("count")
    facts: dict[str, Scalar] = {}
    for name, metric in _PRINTED.items():
        said = successes.fields("latency").fields(name)
        zero = name.startswith("normalized") and not said.number("max")
        for ending in STATISTICS:
            number = None if none or zero else said.amount(ending)
            facts |= fact(f"{metric}_{ending}", None if number is None else number * 1e3, Missing.NO_TOKENS)
    for name, metric in _RATES.items():
        facts |= fact(metric, None if none else successes.fields("throughput").amount(name))
    facts["requests.successes"] = successes.whole("count")
    facts["requests.failures"] = found.fields("failures").whole("count")
    load = found.fields("load_summary")
    rate = load.number("requested_rate")
    duration = found.amount("benchmark_time_seconds")
    run = ForeignRun(
        {"load": "all stages, or not recorded" if rate is None else f"requested rate {rate:g}"},
        facts,
        duration_ns=None if duration is None else ns(duration, S),
    )
    return Foreign(TOOL, None, named(()), [run], known([metric.id for metric in METRICS], [run]))
