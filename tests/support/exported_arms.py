"""A synthetic recording of TR118: graphs take less time than PyTorch, one precision predicts as well as full precision
and one does not, and arms that need a GPU end as unsupported."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from pathlib import Path

from harness.design import Cell, Study, Value
from harness.events import Request, Run
from harness.models import MODELS
from harness.outcomes import Code, unsupported
from harness.studies.tr118 import STUDY
from tests.support.datasets import make_dataset

SPEED = {"arm=onnxruntime": 2.0, "arm=onnxruntime-anew": 1.5}
SLOWER = 4.0
EXPORT_S, NODES = 12.0, 90
_PERPLEXITY = {"fp32": 40.0, "int8": 41.0, "int8-static": 120.0}
_LIKELIEST = {"fp32": "1 2 3 4", "int8": "1 2 3 4", "int8-static": "1 9 9 9"}


def arms_study() -> Study:
    """TR118 with the quick profile first, which is what synthetic recordings are made of."""
    quick = STUDY.profile("quick")
    return replace(STUDY, profiles=(quick, *(one for one in STUDY.profiles if one is not quick)))


def make_arms(root: Path, runs: int, slow: Collection[str] = ()) -> Path:
    """Seals a recording under ``root``; returns its folder. Graphs of ``slow`` models take ``SLOWER`` times theirs."""
    amend = partial(_amended, slow=slow)
    return make_dataset(root, study=arms_study(), runs=runs, requests=3, tokens=8, effect=SPEED, amend=amend)


def _amended(run: Run, slow: Collection[str]) -> Run:
    """What the engines say of graphs and accuracy."""
    asked = _settings(run)
    run = replace(run, requested=asked)
    if asked["backend"] == "tensorrt":
        return _unsupported(run, Code.ENGINE_MISSING)
    if asked.get("provider") == "cuda":
        return _unsupported(run, Code.DEVICE_MISSING)
    model, precision = MODELS[str(asked["model"])], str(asked["precision"])
    said: dict[str, int | float] = {"n_params": model.parameters}
    facts: dict[str, int | float | str | None] = {
        "accuracy.perplexity": _PERPLEXITY[precision] if model.trained else None,
        "accuracy.greedy": _LIKELIEST[precision],
        "accuracy.logit_difference": 0.0005 if precision == "fp32" else 0.5,
    }
    if asked["backend"] == "onnx_runtime":
        said |= {"export_s": EXPORT_S, "optimise_s": 1.0, "disk_bytes": 4 * model.parameters}
        facts |= {"placement.nodes": NODES, "placement.fallback_nodes": 0}
        if model.name in slow:
            run = replace(run, requests=tuple(map(_slower, run.requests)))
    engines = tuple(replace(engine, effective={**engine.effective, **said}) for engine in run.engines)
    return replace(run, engines=engines, facts={**run.facts, **facts})


def _settings(run: Run) -> dict[str, Value]:
    """All settings of a run as the executor records them, from its levels."""
    cell = Cell(tuple((factor.name, _level(run.requested[factor.name])) for factor in STUDY.factors))
    return {"backend": STUDY.backend, **STUDY.settings(cell)}


def _level(value: object) -> Value:
    assert isinstance(value, str | int | float | bool)
    return value


def _slower(request: Request) -> Request:
    counters = request.counters
    times = {name: SLOWER * getattr(counters, name) for name in ("prompt_ms", "predicted_ms")}
    return replace(request, counters=replace(counters, **times))


def _unsupported(run: Run, code: Code) -> Run:
    return replace(run, outcome=unsupported(code, "not here"), engines=(), requests=(), readings=(), facts={})
