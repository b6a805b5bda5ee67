"""A synthetic recording of TR122: caches as the formula says, changes with a known effect, and what was provoked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from harness.design import Study
from harness.events import Phase, Reading, Request, Run, Scalar
from harness.models import GEMMA_3_270M
from harness.outcomes import OK, Code, Outcome, degraded, failed
from harness.studies.tr122 import STUDY
from tests.support.datasets import make_dataset

MIB = 1 << 20
EFFECT = {"context=1024": 0.8, "context=2048": 0.6, "change=kv-q8_0": 1.2, "change=one-thread": 0.5}
"""How fast each level is; those not named are as fast as the base."""

EACH = {"kv-q8_0": 34 / 32, "kv-q4_0": 18 / 32}
PERPLEXITY = {"kv-q4_0": 24.0}
OVERHEAD = 1.002
READ_PER_S = 2e10
LAYERS = {"attention": 4.0, "mlp": 3.0, "norm": 1.0, "embedding": 0.1, "head": 1.0, "sampling": 0.1, "other": 0.8}
_GREEDY = " ".join(map(str, range(100)))


def resources_study() -> Study:
    """TR122 with the quick profile first, which is what synthetic recordings are made of."""
    quick = STUDY.profile("quick")
    return replace(STUDY, profiles=(quick, *(one for one in STUDY.profiles if one is not quick)))


def make_resources(root: Path) -> Path:
    """Seals a recording under ``root`` and returns its folder."""
    study = resources_study()
    return make_dataset(root, study=study, runs=8, requests=4, tokens=8, effect=EFFECT, amend=_amended)


def _amended(run: Run) -> Run:
    change, context = str(run.requested["change"]), int(str(run.requested["context"]))
    if change == "limit-copied":
        outcome = failed(Code.OUT_OF_MEMORY, "no room for the weights")
        return replace(run, outcome=outcome, engines=(), requests=(), readings=())
    gemma = run.requested["model"] == GEMMA_3_270M.name
    kept = _cache(change, context, gemma=gemma)
    told = tuple(replace(engine, effective={**engine.effective, **kept}) for engine in run.engines)
    requests = tuple(_request(request, change) for request in run.requests)
    refused = change == "long-prompt"
    return replace(
        run,
        outcome=failed(Code.REQUESTS_FAILED, "all were refused") if refused else OK,
        engines=told,
        requests=requests,
        requested={**run.requested, "backend": "pytorch" if change == "pytorch" else "llama_cpp"},
        readings=(*run.readings, *_readings(run, kept)),
        facts={**run.facts, **_facts(change, context)},
    )


def _cache(change: str, context: int, *, gemma: bool) -> dict[str, Scalar]:
    """What the engine's log says: 18 layers, of which 15 slide, or 30 that keep everything."""
    layers, sliding, heads, width = (3, 15, 1, 256) if gemma else (30, 0, 3, 64)
    of_a_layer = 2 * heads * width * EACH.get(change, 2.0)
    cells = min(context, 1024)
    return {
        "model_layers": layers + sliding,
        "kv_heads": heads,
        "kv_head_dim_k": width,
        "kv_head_dim_v": width,
        "kv_bytes": round(of_a_layer * layers * context),
        "kv_cells": context,
        "kv_layers": layers,
        "kv_sliding_bytes": round(of_a_layer * sliding * cells) if gemma else None,
        "kv_sliding_cells": cells if gemma else None,
        "kv_sliding_layers": sliding if gemma else None,
        "kv_type": change.removeprefix("kv-") if change in EACH else "f16",
        "weights_bytes": 92 * MIB,
        "compute_bytes": 8 * MIB,
        "output_bytes": MIB,
    }


def _request(request: Request, change: str) -> Request:
    ended: dict[str, Outcome] = {
        "long-prompt": failed(Code.CONTEXT_FULL, "400: it does not fit"),
        "long-output": degraded(Code.CONTEXT_FULL, "7 of 8 tokens"),
        "long-output-shifted": degraded(Code.CONTEXT_SHIFTED, "forgotten"),
    }
    request = replace(request, outcome=ended.get(change, OK))
    if change != "telemetry" or request.phase is not Phase.MEASURED:
        return request
    pair, second = divmod(request.index - 1, 2)
    watched = pair % 2 == second
    counters = replace(request.counters, predicted_ms=70.0 * (OVERHEAD if watched else 1.0))
    spent = int((0.03 if watched else 0.025) * (request.end_ns or 0))
    return replace(request, counters=counters, effective={"watched": watched, "pair": pair, "client_cpu_ns": spent})


def _facts(change: str, context: int) -> dict[str, Scalar]:
    facts: dict[str, Scalar] = {
        "after.foreign_cpu": 0.9 if change == "competing-load" else 0.01,
        "after.steal": 0.0,
        "memory.read_per_s": READ_PER_S,
        "memory.copied_per_s": READ_PER_S,
    }
    if context == 256 and change in ("base", "kv-q8_0", "kv-q4_0", "no-flash-attention", "small-batch", "pytorch"):
        facts |= {"accuracy.perplexity": PERPLEXITY.get(change, 20.0), "accuracy.greedy": _GREEDY}
    if change == "pytorch":
        facts |= _layers("prefill", 10.0) | _layers("decode", 1.0)
    return facts


def _layers(phase: str, scale: float) -> dict[str, Scalar]:
    told = sum(LAYERS.values()) * scale
    parts = {f"layers.{phase}.{part}": time * scale for part, time in LAYERS.items()}
    return {
        **parts,
        f"layers.{phase}.told": told,
        f"layers.{phase}.profiled": told * 1.01,
        f"layers.{phase}.plain": told,
    }


def _readings(run: Run, kept: Mapping[str, Scalar]) -> list[Reading]:
    cache = sum(int(kept[name] or 0) for name in ("kv_bytes", "kv_sliding_bytes"))
    values = {"anonymous": 50 * MIB + cache, "pss": 100 * MIB + cache, "rss_highest": 180 * MIB + cache}
    values |= {"minor_faults": 16_000, "major_faults": 0}
    return [
        Reading("memory", f"engine.{name}", "", at, float(value))
        for name, value in values.items()
        for at in (0, run.duration_ns)
    ]
