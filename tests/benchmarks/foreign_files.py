"""Large files as other tools write them, in pieces of text; each of about ``size`` bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random

TOKENS = 128


def guidellm(size: int, random: Random) -> Iterator[str]:
    """The JSON of guidellm 0.8.1 of about ``size`` bytes."""
    yield '{"metadata": {"guidellm_version": "0.8.1"}, '
    yield '"benchmarks": [{"config": {"strategy": {"type_": "throughput"}}, '
    yield '"metrics": {}, "requests": {"successful": ['
    written, start = 0, 1_795_000_000.0
    while written < size:
        start += random.expovariate(50)
        first, last = start + random.uniform(0.03, 0.06), start + random.uniform(1.2, 1.5)
        timings = {
            "targeted_start": start,
            "request_start": start,
            "first_token_iteration": first,
            "last_token_iteration": last,
            "request_end": last + 0.001,
        }
        row = {
            "request_id": str(written),
            "request_args": json.dumps({"body": {"messages": ["word " * 300]}}),
            "output": " word" * TOKENS,
            "info": {"status": "completed", "timings": timings, "error": None},
            "output_tokens": TOKENS,
            "prompt_tokens": 300,
            "request_latency": last + 0.001 - start,
            "time_per_output_token_ms": (last - start) * 1000 / TOKENS,
        }
        text = ("," if written else "") + json.dumps(row)
        written += len(text)
        yield text
    yield '], "errored": [], "incomplete": []}}]}'


def aiperf(size: int, random: Random) -> Iterator[str]:
    """AIPerf's records of about ``size`` bytes."""
    written, start = 0, 1_795_000_000 * 10**9
    while written < size:
        start += int(random.expovariate(50) * 1e9)
        gaps = [random.uniform(8, 12) for _ in range(TOKENS - 1)]
        metrics = {
            "request_latency": {"value": 40.0 + sum(gaps), "unit": "ms"},
            "time_to_first_token": {"value": 40.0, "unit": "ms"},
            "inter_chunk_latency": {"value": gaps, "unit": "ms"},
            "output_sequence_length": {"value": TOKENS, "unit": "tokens"},
        }
        metadata = {"credit_issued_ns": start, "request_start_ns": start, "request_end_ns": start + 2 * 10**9}
        text = json.dumps({"metadata": metadata, "metrics": metrics}) + "\n"
        written += len(text)
        yield text


def vllm(size: int, random: Random) -> Iterator[str]:
    """The JSON of ``vllm bench serve --save-detailed`` of about ``size`` bytes."""
    count = max(1, size // (TOKENS * 28))
    yield f'{{"endpoint_type": "openai-chat", "model_id": "m", "num_prompts": {count}, "completed": {count}, '
    yield '"request_rate": "inf", "max_concurrency": 64, "duration": 1000.0'
    columns: dict[str, Callable[[], object]] = {
        "input_lens": lambda: 300,
        "output_lens": lambda: TOKENS,
        "ttfts": lambda: random.uniform(0.03, 0.06),
        "itls": lambda: [random.uniform(0.008, 0.012) for _ in range(TOKENS - 1)],
        "start_times": lambda: random.uniform(3000, 4000),
        "generated_texts": lambda: " word" * TOKENS,
        "errors": lambda: "",
    }
    for name, value in columns.items():
        yield f', "{name}": ['
        for place in range(count):
            yield ("," if place else "") + json.dumps(value())
        yield "]"
    yield "}"


def genai_perf(size: int, random: Random) -> Iterator[str]:
    """The raw file of genai-perf of about ``size`` bytes: each response with its time."""
    yield '{"experiments": [{"experiment": {"mode": "concurrency", "value": 64}, "requests": ['
    written, start = 0, 1_795_000_000 * 10**9
    event = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    while written < size:
        start += int(random.expovariate(50) * 1e9)
        words = [
            {**event, "choices": [{"index": 0, "delta": {"content": f" {random.randrange(1000)}"}}]}
            for _ in range(TOKENS)
        ]
        at = start
        times = [at := at + int(random.uniform(8e6, 12e6)) for _ in words]
        row = {
            "timestamp": start,
            "request_inputs": {"payload": json.dumps({"model": "m", "prompt": "word " * 300})},
            "response_timestamps": times,
            "response_outputs": [{"response": f"data: {json.dumps(word)}\n\n"} for word in words],
        }
        text = ("," if written else "") + json.dumps(row)
        written += len(text)
        yield text
    yield "]}]}"


def inference_perf(size: int, random: Random) -> Iterator[str]:
    """The requests of inference-perf of about ``size`` bytes, as it writes them: indented."""
    yield "[\n"
    written, start = 0, 4000.0
    event = {"id": "c1", "object": "text_completion", "created": 1, "model": "m"}
    while written < size:
        start += random.expovariate(50)
        at = start
        times = [at := at + random.uniform(0.008, 0.012) for _ in range(TOKENS)]
        words = [{**event, "choices": [{"index": 0, "text": f" {random.randrange(1000)}"}]} for _ in times]
        row = {
            "start_time": start,
            "end_time": at + 0.001,
            "request": json.dumps({"model": "m", "prompt": "word " * 300}),
            "response": "".join(f"data: {json.dumps(word)}\n\n" for word in words) + "data: [DONE]\n\n",
            "info": {
                "request_metrics": {"text": {"input_tokens": 300}},
                "response_metrics": {"output_tokens": TOKENS, "chunk_times": times},
            },
            "error": None,
        }
        text = (",\n" if written else "") + json.dumps(row, indent=2)
        written += len(text)
        yield text
    yield "\n]\n"


def loadgen(size: int, random: Random) -> Iterator[str]:
    """LoadGen's detail log of about ``size`` bytes: all but its end is messages."""
    written = 0
    while written < size:
        metadata = {"is_error": False, "is_warning": False, "file": "loadgen.cc", "line_no": 1, "pid": 1, "tid": 22014}
        entry = {
            "key": "generic_message",
            "value": f"Sample {random.randrange(10**6)} was issued late",
            "time_ms": random.uniform(0, 1e6),
            "namespace": "mlperf::logging",
            "event_type": "POINT_IN_TIME",
            "metadata": metadata,
        }
        text = f":::MLLOG {json.dumps(entry)}\n"
        written += len(text)
        yield text
    results = {"effective_scenario": "Server", "result_mean_latency_ns": 10**9, "result_validity": "VALID"}
    for name, value in results.items():
        yield f":::MLLOG {json.dumps({'key': name, 'value': value, 'metadata': {}})}\n"
