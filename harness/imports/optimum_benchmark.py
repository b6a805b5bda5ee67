"""optimum-benchmark's JSON: a model in the tool's own process, without a server; each repetition is a run.

What it calls ``per_token`` adds up over repetitions and is never read, and neither is the throughput of ``generate``,
whose unit is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..events import Scalar
from ..metrics.definitions.imported.optimum import METRICS
from .fields import Fields, read_object
from .foreign import MOST_REPETITIONS, Foreign, ForeignRun, fact, known, named, ns
from .source import Source
from .spool import Spool

TOOL = "optimum-benchmark"
_REPEATED = {
    "prefill": "optimum_prefill_latency",
    "decode": "optimum_decode_latency",
    "generate": "optimum_generate_latency",
    "forward": "optimum_forward_latency",
    "call": "optimum_forward_latency",
}
_ONCE = {"load_model": "optimum_load_latency", "first_generate": "optimum_first_generate_latency"}
_MACHINE = {"cpu": "cpu_model", "cpu_count": "cores_logical", "system": "os", "machine": "arch", "gpu": "gpu_name"}


def read(source: Source, spool: Spool) -> Foreign:
    """The repetitions of a file. Raises ``DataError``."""
    del spool
    found = read_object(source, "the file")
    config, report = found.fields("config"), found.fields("report")
    backend, scenario, environment = (config.fields(name) for name in ("backend", "scenario", "environment"))
    values = {name: _latencies(report, name) for name in _REPEATED if name in report}
    count = max(map(len, values.values()), default=0)
    if not count:
        raise report.wrong("", "it holds no latency of prefill, decode, generate, forward or call")
    if count > MOST_REPETITIONS:
        raise report.wrong("", f"it holds more than {MOST_REPETITIONS:,} repetitions")
    runs = [_run(values, place, scenario) for place in range(count)]
    runs[0] = ForeignRun(runs[0].levels, {**runs[0].facts, **_once(report)}, duration_ns=runs[0].duration_ns)
    return Foreign(
        tool=TOOL,
        version=environment.text("optimum_benchmark_version"),
        models=named([backend.text("model")]),
        runs=runs,
        metrics=known([metric.id for metric in METRICS], runs),
        told={
            **{
                f"backend.{name}": backend.scalar(name) for name in ("name", "version", "device", "task", "torch_dtype")
            },
            **{name: scenario.scalar(name) for name in ("warmup_runs", "iterations", "duration", "new_tokens")},
            **{f"generate.{name}": _generate(scenario).scalar(name) for name in ("max_new_tokens", "num_beams")},
        },
        machine={
            **{known_as: environment.scalar(name) for name, known_as in _MACHINE.items()},
            "transformers_version": environment.scalar("transformers_version"),
        },
    )


def _latencies(report: Fields, name: str) -> Sequence[float]:
    """The seconds of each repetition."""
    latency = report.fields(name).fields("latency")
    if "values" not in latency:
        return ()
    if latency.text("unit") != "s":
        raise latency.wrong("unit", f"it is {latency.raw('unit')!r}, seconds are expected"[:80])
    found = latency.numbers("values")
    if any(one < 0 for one in found):
        raise latency.wrong("values", "a latency is below zero")
    return found


def _run(values: Mapping[str, Sequence[float]], place: int, scenario: Fields) -> ForeignRun:
    facts: dict[str, Scalar] = {}
    for name, seconds in values.items():
        facts |= fact(_REPEATED[name], seconds[place] * 1e3 if place < len(seconds) else None)
    shapes = scenario.fields("input_shapes")
    batch = shapes.whole("batch_size") or 1
    generate = _generate(scenario)
    new = generate.whole("max_new_tokens") or scenario.whole("new_tokens")
    decode = values.get("decode", ())
    if new and new > 1 and place < len(decode) and decode[place] > 0:
        beams = generate.whole("num_beams") or 1
        facts["optimum_decode_tpot"] = decode[place] * 1e3 / (new - 1)
        facts["optimum_decode_throughput"] = batch * beams * (new - 1) / decode[place]
    whole = next((values[name] for name in ("generate", "forward", "call") if name in values), ())
    length = shapes.whole("sequence_length")
    return ForeignRun(
        {"load": f"batch {batch}" + (f", {length} input tokens" if length else "")},
        facts,
        duration_ns=ns(whole[place], 1e9) if place < len(whole) else None,
    )


def _generate(scenario: Fields) -> Fields:
    return scenario.fields("generate_kwargs")


def _once(report: Fields) -> dict[str, Scalar]:
    """What was measured once before the repetitions: facts of the first run."""
    found: dict[str, Scalar] = {}
    for name, metric in _ONCE.items():
        if name in report and (values := _latencies(report, name)):
            found |= fact(metric, values[0] * 1e3)
    return found
