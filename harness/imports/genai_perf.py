"""genai-perf's raw file (``profile_export.json``, of perf_analyzer) and its summary
(``profile_export_genai_perf.json``).

The raw file has each response with its time. Tokens are counted by the tool's own tokenizer, which the file does not
hold: where the server reports none, there is no ``tpot``. Neither file names the version of the tool. The tool counts
an answer that is an error as given; here its request failed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..events import Scalar
from ..metrics.definitions.imported.genai_perf import METRICS
from ..outcomes import OK
from ..recorder.pack_members import opened
from ..recorder.request_spool import SpooledRequests
from .decoding import as_tools_read
from .fields import Fields, read_object, unicode
from .foreign import MOST_RUNS, NO_CHUNKS, Answer, Foreign, ForeignRun, Span, known, named
from .json_reader import JsonReader
from .perf_summary import printed_facts
from .source import Source
from .spool import Spool
from .stream_text import said_in

TOOL = "genai-perf"
SECOND = "genai_perf_time_to_second_token"
OURS = (
    "ttft",
    "ttft_from_send",
    "inter_chunk_latency",
    "tpot",
    "e2e_latency",
    "e2e_from_send",
    "request_throughput",
    SECOND,
)
_PRINTED = {
    "time_to_first_token": "genai_perf_printed_ttft",
    "time_to_second_token": "genai_perf_printed_ttst",
    "inter_token_latency": "genai_perf_printed_itl",
    "request_latency": "genai_perf_printed_request_latency",
}
_OLD_STIMULUS = ("concurrency", "request_rate")
"""Where version 0.0.8 says the load: beside the names of the models."""
_MEANS = {
    "request_throughput": "genai_perf_request_throughput",
    "output_token_throughput": "genai_perf_output_token_throughput",
}


def read_raw(source: Source, spool: Spool) -> Foreign:
    """Every request of each experiment. Raises ``DataError``."""
    runs: list[ForeignRun] = []
    plain: dict[str, object] = {}
    models: dict[str, None] = {}
    with opened(source.path) as file:
        reader = JsonReader(file, source)
        for name in reader.members():
            if name == "experiments" and reader.peek() == "[":
                runs += [_experiment(reader, source, spool, place, models) for place in reader.items()]
            elif reader.peek() in ("[", "{"):
                reader.skip()
            else:
                plain[name] = reader.value()
        reader.end()
    about = Fields(plain, source, "the file")
    return Foreign(
        tool=TOOL,
        version=None,
        models=named(models),
        runs=runs,
        metrics=OURS,
        told={name: about.scalar(name) for name in ("service_kind", "endpoint")},
    )


def _experiment(reader: JsonReader, source: Source, spool: Spool, place: int, models: dict[str, None]) -> ForeignRun:
    where = f"experiments[{place}]"
    if place >= MOST_RUNS:
        raise reader.wrong(f"it holds more than {MOST_RUNS:,} experiments")
    experiment = Fields({}, source, where)
    requests, span = spool.requests(), Span()
    begin: int | None = None
    with requests:
        for name in reader.members():
            if name == "experiment" and reader.peek() != "n":
                experiment = Fields(reader.value(), source, f"{where}.experiment")
            elif name == "requests" and reader.peek() != "n":
                closed = experiment.text("mode") == "concurrency"
                for row in _rows(reader, source, f"{where}.requests"):
                    start = row.stamp_ns("timestamp")
                    if start is None:
                        raise row.wrong("timestamp", "it is absent")
                    begin = start if begin is None else begin
                    models.update(dict.fromkeys(_model(row)))
                    with row.naming():
                        span.hold(_add(requests, row, start, begin, closed=closed))
            else:
                reader.skip()
    requests.shift_ns = -span.earliest_ns
    mode, value = experiment.text("mode"), experiment.number("value")
    load = "not recorded" if mode is None or value is None else f"{mode.replace('_', ' ')} {value:g}"
    if begin is None:
        return ForeignRun({"load": load}, {}, requests)
    return ForeignRun({"load": load}, {}, requests, begin + span.earliest_ns, span.duration_ns)


def _rows(reader: JsonReader, source: Source, where: str) -> Iterator[Fields]:
    for place, row in enumerate(reader.values()):
        yield Fields(row, source, f"{where}[{place}]")


def _add(requests: SpooledRequests, row: Fields, start: int, begin: int, *, closed: bool) -> Answer:
    """Adds a request."""
    stamps = [row.checked_stamp(one, "response_timestamps") for one in row.entries("response_timestamps")]
    outputs = row.entries("response_outputs")
    if len(stamps) != len(outputs):
        raise row.wrong("response_outputs", f"there are {len(outputs)}, and {len(stamps)} times")
    if min(stamps, default=start) < start:
        raise row.wrong("response_timestamps", "a response came before the request")
    texts, chunks, tokens, whole, outcome = [], [], None, False, OK
    for at, output in zip(stamps, outputs, strict=True):
        said = said_in(_response(output))
        tokens = said.tokens if said.tokens is not None else tokens
        whole |= said.whole
        outcome = said.outcome if outcome.usable else outcome
        if said.text:
            texts.append(said.text)
            chunks.append(at - start)
    told: dict[str, Scalar] = {SECOND: (chunks[1] - chunks[0]) / 1e6} if len(chunks) > 1 and not whole else {}
    answer = Answer(
        index=requests.count,
        begin_ns=start - begin,
        wait_ns=0 if closed else None,
        chunks_ns=NO_CHUNKS if whole else np.array(chunks, np.int64),
        end_ns=stamps[-1] - start if stamps else None,
        tokens=tokens if chunks else 0,
        outcome=outcome,
        text=unicode("".join(texts)),
        told=told,
    )
    answer.spool(requests)
    return answer


def _response(output: object) -> str:
    if not isinstance(output, dict):
        return ""
    response = output.get("response")
    return response if isinstance(response, str) else json.dumps(output)


def _model(row: Fields) -> Iterator[str]:
    payload = row.fields("request_inputs").raw("payload")
    try:
        found = as_tools_read(payload) if isinstance(payload, str) else None
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, Mapping) and isinstance(found.get("model"), str):
        yield unicode(found["model"])


def read_summary(source: Source, spool: Spool) -> Foreign:
    """What genai-perf printed. Raises ``DataError``."""
    del spool
    found = read_object(source, "the summary")
    facts = printed_facts(found, _PRINTED, _MEANS)
    config = found.fields("input_config")
    run = ForeignRun({"load": _load(config)}, facts)
    names = config.entries("model_names") or config.entries("model")
    return Foreign(
        tool=TOOL,
        version=None,
        models=named(unicode(name) for name in names if isinstance(name, str)),
        runs=[run],
        metrics=known([metric.id for metric in METRICS], [run]),
    )


def _load(config: Fields) -> str:
    analyzer: Any = config.raw("perf_analyzer")
    stimulus = analyzer.get("stimulus") if isinstance(analyzer, Mapping) else None
    if not isinstance(stimulus, Mapping):
        stimulus = {name: config.raw(name) for name in _OLD_STIMULUS}
    said = Fields(dict(stimulus), config.source, "input_config")
    for name, value in stimulus.items():
        if isinstance(value, int | float):
            return f"{unicode(name)[:40].replace('_', ' ')} {said.number(name):g}"
    return "not recorded"
