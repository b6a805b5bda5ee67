"""guidellm's JSON, of 0.8.1 and of 0.3.1.

A request's times are seconds since 1970. Between first and last token chunk nothing is recorded. Its mean "inter token
latency" of a request is our ``tpot``; what it prints of a benchmark is weighted by tokens, so it has ids of its own. A
group without a request prints zeros: these are null.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..events import Phase, Scalar
from ..metrics.definitions.imported.guidellm import METRICS
from ..metrics.definitions.imported.printed_by_tools import STATISTICS
from ..outcomes import OK, Code, Missing, Outcome, failed
from ..recorder.pack_members import opened
from ..recorder.request_spool import SpooledRequests
from .fields import Fields
from .foreign import MODEL, MOST_RUNS, Answer, Foreign, ForeignRun, S, Span, fact, known, named, ns, stamps
from .json_reader import JsonReader
from .once import Once
from .source import Source
from .spool import Spool

TOOL = "guidellm"
OURS = ("ttft", "ttft_from_send", "tpot", "e2e_latency", "e2e_from_send")
OF_ALL = ("output_token_throughput", "request_throughput")
"""Metrics that need every request of a benchmark, of which a file may hold a sample."""
_ASYNCHRONOUS = frozenset({"constant", "poisson", "async"})
_GROUPS = {"successful": Phase.MEASURED, "errored": Phase.MEASURED, "incomplete": Phase.UNFINISHED}
_PRINTED = {
    "time_to_first_token_ms": ("guidellm_printed_ttft", 1.0),
    "inter_token_latency_ms": ("guidellm_printed_itl", 1.0),
    "time_per_output_token_ms": ("guidellm_printed_tpot", 1.0),
    "request_latency": ("guidellm_printed_request_latency", 1e3),
}
_PARTS = frozenset({"args", "config", "metrics", "request_totals", "worker"})
_OLD_TPOT = "guidellm_0_3_printed_tpot"
_OWN, _OLD_OWN = "guidellm_time_per_output_token", "guidellm_0_3_time_per_output_token"
_STREAMED_ONLY = ("time_to_first_token_ms", "inter_token_latency_ms", "time_per_output_token_ms")
_RATES = {
    "requests_per_second": "guidellm_request_throughput",
    "output_tokens_per_second": "guidellm_output_token_throughput",
}


@dataclass
class _Benchmark:
    """A benchmark while it is read; ``begin_s`` is what its requests' times are counted from."""

    requests: SpooledRequests
    place: str
    parts: dict[str, Fields] = field(default_factory=dict)
    begin_s: float | None = None
    span: Span = field(default_factory=lambda: Span(from_plan=True))
    once: Once = field(default_factory=lambda: Once("request_id"))
    old: bool = False
    rows: dict[str, int] = field(default_factory=dict)


def read(source: Source, spool: Spool) -> Foreign:
    """The benchmarks of a file. Raises ``DataError``."""
    about: dict[str, Fields] = {}
    found: list[_Benchmark] = []
    with opened(source.path) as file:
        reader = JsonReader(file, source)
        for name in reader.members():
            if name == "benchmarks":
                found += [_benchmark(reader, source, spool, place) for place in reader.items()]
            elif name in ("metadata", "args", "config") and reader.peek() == "{":
                about[name] = Fields(reader.value(), source, name)
            else:
                reader.skip()
        reader.end()
    names = [_model(one, about) for one in found]
    models = named(names)
    runs = [_run(one, source) for one in found]
    if len(models) > 1:
        runs = [
            replace(run, levels={MODEL: named([name])[0].name, **run.levels})
            for run, name in zip(runs, names, strict=True)
        ]
    requested = any(run.requests is not None and run.requests.count for run in runs)
    old = any(one.old for one in found)
    own = ("guidellm_request_latency", _OLD_OWN if old else _OWN)
    ours = OURS if any(run.remark for run in runs) else (*OURS, *OF_ALL)
    printed = known([metric.id for metric in METRICS], runs)
    metadata = about.get("metadata", Fields({}, source, "metadata"))
    first = found[0] if found else None
    return Foreign(
        tool=TOOL,
        version=metadata.text("guidellm_version"),
        models=models,
        runs=runs,
        metrics=(*ours, *own, *printed) if requested else printed,
        told=_told(first),
        machine={name: metadata.scalar(name) for name in ("python_version", "platform")},
    )


def _benchmark(reader: JsonReader, source: Source, spool: Spool, place: int) -> _Benchmark:
    if reader.peek() != "{":
        raise reader.wrong("a benchmark is expected")
    if place >= MOST_RUNS:
        raise reader.wrong(f"it holds more than {MOST_RUNS:,} benchmarks")
    found = _Benchmark(spool.requests(), f"benchmarks[{place}]")
    for name in reader.members():
        if name == "requests" and reader.peek() != "n":
            _read_requests(reader, source, found)
        elif name in ("start_time", "end_time", "duration", "type_"):
            found.parts.setdefault("itself", Fields({}, source, found.place))
            value = reader.value()
            merged = {one: found.parts["itself"].raw(one) for one in found.parts["itself"]} | {name: value}
            found.parts["itself"] = Fields(merged, source, found.place)
        elif reader.peek() == "{":
            found.parts[name] = Fields(reader.value(), source, f"{found.place}.{name}")
            found.old |= name == "worker"
        elif name in _PARTS and reader.peek() != "n":
            raise reader.wrong(f"{found.place}.{name}: an object is expected")
        else:
            reader.skip()
    found.requests.close()
    return found


def _read_requests(reader: JsonReader, source: Source, found: _Benchmark) -> None:
    for group in reader.members():
        if group not in _GROUPS or reader.peek() == "n":
            reader.skip()
            continue
        for place, row in enumerate(reader.values()):
            found.rows[group] = place + 1
            one = Fields(row, source, f"{found.place}.requests.{group}[{place}]")
            found.once.demand(one)
            with one.naming():
                answer = _answer(one, group, found)
                answer.spool(found.requests)
                found.span.hold(answer)


def _answer(row: Fields, group: str, found: _Benchmark) -> Answer:
    if "info" in row:
        times = row.fields("info").fields("timings")
        names = ("request_start", "request_end", "targeted_start")
        first = _first_of(times, "first_token_iteration", "first_iteration")
        last = _first_of(times, "last_token_iteration", "last_iteration")
        start, end, planned = (times.number(name) for name in names)
        text, error = row.text("output"), row.fields("info").text("error")
        tokens = row.whole("output_tokens")
        if tokens is None:
            tokens = row.fields("output_metrics").whole("text_tokens")
    else:
        found.old = True
        first, last = row.number("first_token_time"), row.number("last_token_time")
        start, end = row.number("start_time"), row.number("end_time")
        scheduled = row.fields("scheduler_info")
        planned = scheduled.number("targeted_start_time") if _asynchronous(found) else start
        text, error, tokens = row.text("output"), row.text("error"), row.whole("output_tokens")
    if start is None and planned is None:
        if group == "successful":
            raise row.wrong("", "it does not say when the request began")
        end = first = last = None
    start = start if start is not None else planned
    if found.begin_s is None and start is not None:
        found.begin_s = start
    start = start if start is not None else found.begin_s or 0.0
    return _timed(row, group, found, (start, end, planned, first, last), tokens, text, error)


def _timed(
    row: Fields,
    group: str,
    found: _Benchmark,
    times: tuple[float, float | None, float | None, float | None, float | None],
    tokens: int | None,
    text: str | None,
    error: str | None,
) -> Answer:
    start, end, planned, first, last = times
    for name, at in (("end", end), ("first token", first), ("last token", last)):
        if at is not None and at < start and group == "successful":
            raise row.wrong(name, "it comes before the request began")
    if first is not None and last is not None and last < first and group == "successful":
        raise row.wrong("last token", "it comes before the first one")
    chunks = [] if first is None else [first - start]
    if chunks and last is not None and last > (first or 0.0):
        chunks.append(last - start)
    return Answer(
        index=found.requests.count,
        begin_ns=ns(start - (found.begin_s or start), S),
        wait_ns=None if planned is None else ns(start - planned, S),
        chunks_ns=stamps(chunks, S),
        end_ns=None if end is None else ns(end - start, S),
        tokens=tokens,
        all_chunks=False,
        outcome=_outcome(group, error),
        phase=_GROUPS[group],
        prompt_tokens=row.whole("prompt_tokens"),
        text=text or "",
        told=_own(row, found) if group == "successful" else {},
    )


def _first_of(times: Fields, *names: str) -> float | None:
    return next((found for name in names if (found := times.number(name)) is not None), None)


def _asynchronous(found: _Benchmark) -> bool:
    args = found.parts.get("args")
    return args is not None and args.fields("strategy").text("type_") in _ASYNCHRONOUS


def _outcome(group: str, error: str | None) -> Outcome:
    if group == "successful":
        return OK
    return failed(Code.TOOL_ERROR if group == "errored" else Code.CANCELLED, error or "")


def _own(row: Fields, found: _Benchmark) -> dict[str, Scalar]:
    told: dict[str, Scalar] = {}
    latency, tpot = row.amount("request_latency"), row.amount("time_per_output_token_ms")
    if latency is not None:
        told["guidellm_request_latency"] = latency * 1e3
    if tpot:
        told[_OLD_OWN if found.old else _OWN] = tpot
    return told


def _run(found: _Benchmark, source: Source) -> ForeignRun:
    itself = found.parts.get("itself", Fields({}, source, found.place))
    with itself.naming():
        return _timed_run(found, itself)


def _timed_run(found: _Benchmark, itself: Fields) -> ForeignRun:
    begin = found.begin_s if found.begin_s is not None else itself.number("start_time")
    duration = itself.amount("duration")
    requested = found.span.duration_ns if found.requests.count else None
    found.requests.shift_ns = -found.span.earliest_ns
    return ForeignRun(
        levels={"load": _load(found)},
        facts=_facts(found),
        requests=found.requests,
        started_unix_ns=None if begin is None else ns(begin, S) + found.span.earliest_ns,
        duration_ns=requested if duration is None else ns(duration, S),
        remark=_sampled(found),
    )


def _sampled(found: _Benchmark) -> str | None:
    """What to know of a benchmark that had more requests than the file holds; null where it holds all or none."""
    if not found.requests.count:
        return None
    lacking = {group: total for group, total in _totals(found).items() if total > found.rows.get(group, 0)}
    if not lacking:
        return None
    said = ", ".join(f"{found.rows.get(group, 0):,} of {total:,} {group}" for group, total in lacking.items())
    return f"{found.place}: it holds {said} requests, a sample; throughput is not computed from them"


def _facts(found: _Benchmark) -> dict[str, Scalar]:
    metrics = found.parts.get("metrics")
    if metrics is None:
        return {}
    facts: dict[str, Scalar] = {}
    first = metrics.fields("time_to_first_token_ms").fields("successful")
    streamed = bool(first.number("count")) and first.number("max") != 0
    for name, (metric, scale) in _PRINTED.items():
        said = metrics.fields(name).fields("successful")
        there = bool(said.number("count")) and (streamed or name not in _STREAMED_ONLY)
        own = _OLD_TPOT if found.old and name == "time_per_output_token_ms" else metric
        facts |= _statistics(own, said, scale, there=there)
    for name, metric in _RATES.items():
        said = metrics.fields(name).fields("successful")
        facts |= fact(metric, said.amount("mean") if said.number("count") else None, Missing.NOT_APPLICABLE)
    for group, count in _totals(found).items():
        facts[f"requests.{group}"] = count
    return facts


def _totals(found: _Benchmark) -> dict[str, int]:
    metrics = found.parts.get("metrics")
    if metrics is not None and "request_totals" in metrics:
        totals: Fields | None = metrics.fields("request_totals")
    else:
        totals = found.parts.get("request_totals")
    counted = {group: totals.whole(group) for group in _GROUPS} if totals else {}
    return {group: count for group, count in counted.items() if count is not None}


def _statistics(metric: str, said: Fields, scale: float, *, there: bool) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    for ending in STATISTICS:
        name = {"std": "std_dev"}.get(ending, ending)
        number = (said.fields("percentiles") if ending.startswith("p") else said).amount(name) if there else None
        found |= fact(f"{metric}_{ending}", None if number is None else number * scale, Missing.NO_TOKENS)
    return found


def _load(found: _Benchmark) -> str:
    holder = found.parts.get("config") or found.parts.get("args")
    if holder is None:
        return "not recorded"
    strategy = holder.fields("strategy")
    kind = (strategy.text("type_") or "not recorded")[:60]
    for name in ("streams", "rate", "max_concurrency"):
        number = strategy.number(name)
        if number is not None:
            return f"{kind}, {name.replace('_', ' ')} {number:g}"
    return kind


def _model(found: _Benchmark, about: dict[str, Fields]) -> str | None:
    if "worker" in found.parts:
        return found.parts["worker"].text("backend_model")
    if "config" in found.parts:
        backend = found.parts["config"].raw("backend")
        if isinstance(backend, dict):
            return Fields(backend, found.parts["config"].source, f"{found.place}.config.backend").text("model")
    return about["args"].text("model") if "args" in about else None


def _told(first: _Benchmark | None) -> dict[str, Scalar]:
    if first is None:
        return {}
    if "worker" in first.parts:
        worker = first.parts["worker"]
        return {"backend": worker.scalar("backend_type"), "target": worker.scalar("backend_target")}
    backend = first.parts["config"].raw("backend") if "config" in first.parts else None
    if not isinstance(backend, dict):
        return {}
    said = Fields(backend, first.parts["config"].source, f"{first.place}.config.backend")
    return {name: said.scalar(name) for name in ("kind", "target", "request_format", "stream")}
