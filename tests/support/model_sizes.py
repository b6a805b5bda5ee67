"""A synthetic recording of TR121: each layer and each parameter of a shape costs, and memory is read at one rate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from harness.design import Study
from harness.events import Run
from harness.models import GPT2_SHAPES, MODELS
from harness.studies.tr121 import STUDY
from tests.support.datasets import make_dataset

READ_PER_S = 2e10
LAYER, PARAMETER = 0.1, 1e-7
"""What a step takes longer for each layer and parameter, in units of the synthetic step."""


def sizes_study() -> Study:
    """TR121 with the quick profile first, which is what synthetic recordings are made of."""
    quick = STUDY.profile("quick")
    return replace(STUDY, profiles=(quick, *(one for one in STUDY.profiles if one is not quick)))


def step(name: str) -> float:
    """What a step of a shape takes, in units of the synthetic step."""
    model = MODELS[name]
    return LAYER * model.layers + PARAMETER * model.parameters


def make_sizes(root: Path, **options: int) -> Path:
    """Seals a recording under ``root`` and returns its folder."""
    effect = {f"model={name}": 1 / step(name) for name in GPT2_SHAPES}
    return make_dataset(root, study=sizes_study(), requests=2, tokens=8, effect=effect, amend=_with_sizes, **options)


def _with_sizes(run: Run) -> Run:
    """What the engines say, and the rates of memory."""
    model = MODELS[str(run.requested["model"])]
    said = {"n_params": model.parameters, "weights_bytes": 4 * model.parameters, "model_layers": model.layers}
    engines = tuple(replace(engine, effective={**engine.effective, **said}) for engine in run.engines)
    return replace(
        run, engines=engines, facts={**run.facts, "memory.read_per_s": READ_PER_S, "memory.copied_per_s": READ_PER_S}
    )
