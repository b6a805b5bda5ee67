"""The JSON of ``vllm bench serve``: one object, or one a line where results were appended.

Lists are seconds, the summary is milliseconds. A request that failed stays in the lists with 0.0, which is null here.
Chats are measured as ours; completions count the closing chunk, which has no text, so their times have ids of their
own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..design import Value
from ..events import Scalar
from ..metrics.definitions.imported.printed_by_tools import STATISTICS
from ..metrics.definitions.imported.vllm import METRICS
from ..outcomes import OK, Code, Missing, failed
from ..recorder.pack_members import opened
from ..recorder.request_spool import SpooledRequests
from .fields import Fields, plain_numbers, unicode
from .foreign import (
    MODEL,
    MOST_RUNS,
    NO_CHUNKS,
    STREAMED,
    Answer,
    Foreign,
    ForeignModel,
    ForeignRun,
    Ints,
    S,
    fact,
    known,
    levels_of,
    named,
    ns,
    summed,
    varied,
)
from .json_reader import JsonReader
from .source import Source, shown
from .spool import Column, Spool
from .vllm_summary import Recount

TOOL = "vllm bench serve"
COMPLETIONS = ("vllm_ttft", "vllm_tpot", "vllm_mean_itl", "vllm_e2el")
_NUMBERS = ("ttfts", "latencies", "start_times", "queue_times", "input_lens", "output_lens")
_ROUNDED_S = 1e-6
_COUNTS = frozenset({"input_lens", "output_lens"})
_TEXTS = ("generated_texts", "errors")
_LISTS = frozenset({*_NUMBERS, *_TEXTS, "itls"})
_LOAD = ("request_rate", "max_concurrency")
_TOLD = ("date", "endpoint_type", "backend", "label", "tokenizer_id", "num_prompts", "burstiness", *_LOAD)
_RAMP = ("ramp_up_strategy", "ramp_up_start_rps", "ramp_up_end_rps")
_CONTAINERS: Mapping[str, object] = {"[": [], "{": {}}
"""What stands for a list or an object that is passed over, so that it is no number and no text."""
_SET = frozenset({"num_prompts", "burstiness"})
_ELSEWHERE = frozenset({"date", "model_id", "endpoint_type", *_LOAD, *_RAMP})
"""No settings, or settings that are said in another place; the type of the endpoint is the backend again."""
_RATES = {
    "request_throughput": "vllm_request_throughput",
    "output_throughput": "vllm_output_throughput",
    "request_goodput": "vllm_request_goodput",
    "duration": "vllm_duration",
}


def read(source: Source, spool: Spool) -> Foreign:
    """The benchmarks of a file. Raises ``DataError``."""
    summaries: list[Fields] = []
    runs: list[ForeignRun] = []
    with opened(source.path) as file:
        reader = JsonReader(file, source)
        while reader.peek():
            summary, columns = _result(reader, source, spool, f"line {reader.line()}")
            summaries.append(summary)
            runs.append(_run(summary, columns, spool))
            if len(runs) > MOST_RUNS:
                raise reader.wrong(f"it holds more than {MOST_RUNS:,} results")
    first = summaries[0]
    models = named(summary.text("model_id") for summary in summaries)
    settings = _settings(summaries)
    groups = varied(summaries, settings)
    runs = [
        replace(run, levels={**_of_model(summary, models), **run.levels, **levels_of(summary, groups)})
        for summary, run in zip(summaries, runs, strict=True)
    ]
    chats = {
        _is_chat(summary) for summary, run in zip(summaries, runs, strict=True) if run.requests and run.requests.count
    }
    requested = itertools.chain(STREAMED if True in chats else (), COMPLETIONS if False in chats else ())
    told = (*_TOLD, *settings)
    differ = set(itertools.chain(*varied(summaries, told)))
    return Foreign(
        tool=TOOL,
        version=None,
        models=models,
        runs=runs,
        metrics=(*requested, *known([metric.id for metric in METRICS], runs)),
        told={name: first.scalar(name) for name in told if name not in differ},
    )


def _settings(summaries: Sequence[Fields]) -> list[str]:
    """What the tool or its user set beside the load: a text, or one of the numbers that are no result."""
    names = dict.fromkeys(name for summary in summaries for name in summary)
    return [
        name
        for name in names
        if name not in _ELSEWHERE and (name in _SET or any(isinstance(summary.raw(name), str) for summary in summaries))
    ]


def _of_model(summary: Fields, models: Sequence[ForeignModel]) -> dict[str, Value]:
    name = named([summary.text("model_id")])[0].name
    return {MODEL: name} if len(models) > 1 else {}


def _result(reader: JsonReader, source: Source, spool: Spool, place: str) -> tuple[Fields, dict[str, Column]]:
    """The fields of one result that are no lists of requests, and those that are."""
    if reader.peek() != "{":
        raise reader.wrong("an object is expected")
    plain: dict[str, object] = {}
    columns: dict[str, Column] = {}
    for name in reader.members():
        if name in _LISTS and reader.peek() == "[":
            columns[name] = _column(reader, source, spool, place, name)
        elif reader.peek() in _CONTAINERS:
            plain[name] = _CONTAINERS[reader.peek()]
            reader.skip()
        else:
            plain[name] = reader.value()
    return Fields(plain, source, place), columns


def _column(reader: JsonReader, source: Source, spool: Spool, place: str, name: str) -> Column:
    column = spool.column()
    for some in reader.batches():
        if name in _TEXTS:
            column.add_texts(_texts(some, source, f"{place}.{name}", len(column)))
        elif name == "itls":
            column.add_lists(_lists(some, source, place, len(column)))
        else:
            column.add_singles(_singles(some, source, place, name, len(column)))
    return column


def _texts(some: Sequence[Any], source: Source, name: str, place: int) -> Iterator[str]:
    for at, found in enumerate(some, place):
        if not isinstance(found, str):
            raise source.wrong(f"{name}[{at}]", f"it is {shown(found)}, a text is expected")
        yield unicode(found)


def _lists(some: Sequence[Any], source: Source, where: str, place: int) -> Sequence[Sequence[float]]:
    if set(map(type, some)) == {list} and plain_numbers(list(itertools.chain.from_iterable(some))):
        return some
    names = (f"itls[{at}]" for at in itertools.count(place))
    return [Fields({name: found}, source, where).numbers(name) for name, found in zip(names, some, strict=False)]


def _singles(some: Sequence[Any], source: Source, where: str, name: str, place: int) -> Sequence[float]:
    if plain_numbers(some) and min(some) >= 0 and (name not in _COUNTS or all(one == int(one) for one in some)):
        return some
    rows = (Fields({f"{name}[{at}]": found}, source, where) for at, found in enumerate(some, place))
    return [_single(row, *row, count=name in _COUNTS) for row in rows]


def _single(row: Fields, name: str, *, count: bool) -> float:
    found = row.whole(name) if count else row.amount(name)
    if found is None:
        raise row.wrong(name, "it is null, a number is expected")
    return found


def _run(summary: Fields, columns: dict[str, Column], spool: Spool) -> ForeignRun:
    levels = {name: _level(summary.scalar(name)) for name in _LOAD}
    if "ramp_up_strategy" in summary:
        levels["request_rate"] = "ramp-up, {}, {} to {}".format(*(_level(summary.scalar(name)) for name in _RAMP))
    duration = summary.amount("duration")
    for name in _LISTS:
        if name in summary:
            raise summary.wrong(name, f"it is {shown(summary.raw(name))}, a list is expected")
    requests, remark = spool.requests(), None
    with requests:
        if "output_lens" in columns and "ttfts" in columns and ("itls" in columns or "latencies" in columns):
            remark = _add(requests, summary, columns).remark(summary, summary.place)
    return ForeignRun(
        levels=levels,
        facts=_facts(summary),
        requests=requests,
        duration_ns=None if duration is None else ns(duration, S),
        remark=remark,
    )


def _level(value: Scalar) -> str:
    return "unlimited" if value in (None, "inf") else f"{value:g}" if isinstance(value, int | float) else str(value)


def _add(requests: SpooledRequests, summary: Fields, columns: dict[str, Column]) -> Recount:
    recount = Recount()
    count = len(columns["ttfts"])
    for name, column in columns.items():
        if len(column) != count:
            raise summary.wrong(name, f"it has {len(column)} entries, ttfts has {count}")
    starts = _column_or_nulls(columns.get("start_times"), count)
    begin = min((start for start in starts if start is not None), default=None)
    rows = zip(
        starts,
        _column_or_nulls(columns["ttfts"], count),
        _column_or_nulls(columns["output_lens"], count),
        _column_or_nulls(columns.get("input_lens"), count),
        _column_or_nulls(columns.get("latencies"), count),
        _column_or_nulls(columns.get("queue_times"), count),
        columns["itls"].lists() if "itls" in columns else ((),) * count,
        columns["generated_texts"].texts() if "generated_texts" in columns else ("",) * count,
        columns["errors"].texts() if "errors" in columns else ("",) * count,
        strict=True,
    )
    chat, closed, gapped = _is_chat(summary), _is_closed(summary), "itls" in columns
    index = 0
    try:
        for index, (start, ttft, tokens, prompt, latency, queued, gaps, text, error) in enumerate(rows):
            chunks = _chunks(ttft, gaps if gapped else None, latency)
            end = latency or (chunks[-1] / S if len(chunks) else None)
            ok = not error and (bool(ttft) or bool(tokens))
            if ok and ttft and latency and latency < ttft - _ROUNDED_S:
                raise ValueError(f"its latency of {latency:g} s is shorter than its ttft of {ttft:g} s")
            if ok:
                recount.add(ttft, gaps, end, tokens)
            count_of = None if tokens is None else int(tokens)
            told = {} if chat or not ok else _own(ttft, gaps, end, count_of)
            Answer(
                index=index,
                begin_ns=0 if start is None or begin is None else ns(start - begin, S),
                wait_ns=0 if closed else None if queued is None else ns(queued, S),
                chunks_ns=chunks if chat else NO_CHUNKS,
                end_ns=ns(end, S) if end is not None and start is not None else None,
                tokens=count_of,
                all_chunks=gapped,
                outcome=OK if ok else failed(Code.TOOL_ERROR, error or "it counts as failed: no token, no time"),
                prompt_tokens=None if prompt is None else int(prompt),
                text=text,
                told=told,
            ).spool(requests)
    except ValueError as error:
        raise summary.wrong(f"request {index}", str(error)) from None
    return recount


def _chunks(ttft: float | None, gaps: Sequence[float] | None, latency: float | None) -> Ints:
    """When chunks came; without ``gaps`` only the first and the last one are known."""
    if not ttft:
        return NO_CHUNKS
    if gaps is None:
        gaps = [latency - ttft] if latency and latency > ttft else []
    return summed(ttft, gaps, S)


def _column_or_nulls(column: Column | None, count: int) -> Sequence[float | None]:
    return (None,) * count if column is None else column.singles()


def _own(ttft: float | None, gaps: Sequence[float], end: float | None, tokens: int | None) -> dict[str, Scalar]:
    """What completions say of a request, in milliseconds."""
    found: dict[str, Scalar] = {}
    if ttft:
        found["vllm_ttft"] = ttft * 1e3
    if end:
        found["vllm_e2el"] = end * 1e3
    if len(gaps):
        found["vllm_mean_itl"] = float(np.mean(gaps)) * 1e3
    if ttft and end and tokens and tokens > 1:
        found["vllm_tpot"] = (end - ttft) / (tokens - 1) * 1e3
    return found


def _is_chat(summary: Fields) -> bool:
    kind = summary.text("endpoint_type") or summary.text("backend") or ""
    return "chat" in kind and "embed" not in kind


def _is_closed(summary: Fields) -> bool:
    """Whether a request is sent when another has ended, so that it is planned when it is sent. A rate that ramps up is
    written as ``inf``."""
    at_once = summary.scalar("request_rate") in (None, "inf") and "ramp_up_strategy" not in summary
    return at_once and "max_concurrency" in summary


def _facts(summary: Fields) -> dict[str, Scalar]:
    facts: dict[str, Scalar] = {}
    for name in ("ttft", "tpot", "itl", "e2el"):
        there = bool(summary.amount(f"mean_{name}_ms"))
        for ending in STATISTICS:
            key = f"{ending}_{name}_ms"
            number = summary.amount(key) if there else None
            facts |= fact(f"vllm_printed_{name}_{ending}", number, Missing.NO_TOKENS)
    for name, metric in _RATES.items():
        facts |= fact(metric, summary.amount(name if name in summary else f"{name}:"))
    for name in ("completed", "failed"):
        facts[f"requests.{name}"] = summary.whole(name)
    return facts
