"""Synthetic datasets, sealed through the real recorder: for tests of everything that reads datasets.

Times are drawn from a seeded generator, never measured; the manifest's environment says ``synthetic: true``.
"""

from __future__ import annotations

import random
import tempfile
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from harness.datasets.manifest import Code, ModelEntry
from harness.design import Factor, Planned, Profile, Prompt, Study, Workload, plan
from harness.events import Run, Scalar
from harness.models import GEMMA_3_270M, MODELS, SMOLLM2_135M
from harness.recorder.recorder import Recorder
from harness.recorder.records import Header
from harness.recorder.seal import Metered, seal, seal_recording
from tests.support.runs import RunMaker

CREATED = "2026-01-02T03:04:05+00:00"
ENVIRONMENT: dict[str, Scalar] = {
    "synthetic": True,
    "host_id": "0123456789abcdef",
    "os": "Synthetic OS 1",
    "kernel": "0.0.0",
    "arch": "x86_64",
    "python": "CPython 3.11.0",
    "cpu_model": "Synthetic CPU",
    "cores_logical": 2,
    "cores_physical": 2,
    "memory_bytes": 8 * 2**30,
    "gpu_count": None,
    "gpu_count.missing": "no_sensor",
}


def synthetic_study(study_id: str = "tr108") -> Study:
    """Eight cells: two models, a factor without effect (``num_gpu``) and one with (``threads``)."""
    return Study(
        id=study_id,
        title="Single-Inference Performance (synthetic)",
        question="Which settings matter for one request?",
        backend="llama_cpp",
        factors=(
            Factor("model", (GEMMA_3_270M.name, SMOLLM2_135M.name), "model_sha256"),
            Factor("num_gpu", (0, 80), "layers_offloaded", "layers"),
            Factor("threads", (1, 2), "threads", "threads"),
        ),
        workload=Workload(tuple(Prompt(f"p{n}", f"Synthetic prompt {n}.") for n in range(5)), max_tokens=16),
        profiles=(Profile("quick", runs=5),),
        metrics=("ttft", "tpot", "itl", "e2e_latency", "decode_tps", "server_decode_tps", "load_time"),
    )


def make_dataset(
    root: Path,
    *,
    study: Study | None = None,
    runs: int = 5,
    requests: int = 5,
    tokens: int = 16,
    seed: int = 0,
    effect: Mapping[str, float] | None = None,
    failures: int = 0,
    supersedes_reason: str | None = None,
    version: int | None = None,
    calibration: str | None = None,
    environment: Mapping[str, Scalar] | None = None,
    flags: Mapping[str, str] | None = None,
    session: Mapping[str, Scalar] | None = None,
    amend: Callable[[Run], Run] = lambda run: run,
    meter: Metered | None = None,
) -> Path:
    """Seals a synthetic dataset under ``root`` as the study's next version, or as ``version``, and returns its folder.

    ``runs`` replicates per cell of the study's first profile, each with one cold, the declared warm-up and
    ``requests`` measured requests of ``tokens`` tokens. ``effect`` multiplies the speed of the cells that have a
    level, named ``factor=level`` (``{"threads=2": 1.5}``). The first ``failures`` runs fail. Another ``seed`` is
    another journal; the same arguments give the same bytes. ``calibration`` is the digest that the manifest names,
    ``environment`` replaces facts of the machine, and ``flags`` are carried by every run. With what a ``session``
    found, it seals the study's next recording instead. ``amend`` changes each run before it is recorded;
    ``meter`` is what an external meter read of the runs of a version.
    """
    study = study or synthetic_study()
    profile = study.profiles[0]
    planned = plan(study.matrix(profile.name).cells(), runs, study.order_seed)
    maker = RunMaker(study, requests, tokens, seed, effect or {})
    begun = replace(
        header(study, planned, seed), calibration=calibration, environment={**ENVIRONMENT, **(environment or {})}
    )
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal"
        with Recorder.create(journal, begun) as recorder:
            for number, item in enumerate(planned):
                run = amend(maker.failure(item) if number < failures else maker.run(item))
                recorder.append(replace(run, flags=dict(flags or {})))
        if session is not None:
            return seal_recording(journal, root, session).path
        return seal(journal, root, supersedes_reason=supersedes_reason, version=version, meter=meter).path


def header(study: Study, planned: tuple[Planned, ...], seed: int = 0) -> Header:
    """A header of a synthetic recording of ``planned``."""
    return Header(
        journal_id=uuid.UUID(int=random.Random(f"{study.fingerprint()} {seed}").getrandbits(128), version=4).hex,
        study=study.id,
        title=study.title,
        fingerprint=study.fingerprint(),
        design=study.canonical(),
        profile=study.profiles[0].name,
        only={},
        order_seed=study.order_seed,
        planned=tuple(item.run_id for item in planned),
        code=Code(revision="0" * 40, dirty=False, version="0.0.0"),
        environment=ENVIRONMENT,
        models=tuple(_model_entry(name) for name in _model_names(study)),
        calibration=None,
        created=CREATED,
    )


def _model_names(study: Study) -> list[str]:
    varied = [str(level) for f in study.factors if f.name == "model" for level in f.levels]
    fixed = [str(level) for name, level in study.fixed if name == "model"]
    return sorted(name for name in varied + fixed if name in MODELS)


def _model_entry(name: str) -> ModelEntry:
    model = MODELS[name]
    return ModelEntry(
        name=model.name,
        family=model.family,
        source=model.source,
        architecture=model.architecture,
        layers=model.layers,
        parameters=model.parameters,
        quantisation=model.quantisation,
        sha256=model.sha256,
    )
