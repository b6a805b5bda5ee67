"""Synthetic datasets, sealed through the real recorder: for tests of everything that reads datasets.

Times are drawn from a seeded generator, never measured; the manifest's environment says ``synthetic: true``.
"""

from __future__ import annotations

import random
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path

from harness.datasets.manifest import Code, ModelEntry
from harness.design import Cell, Factor, Planned, Profile, Prompt, Scenario, Study, Value, Workload, level_key, plan
from harness.events import Counters, Phase, Reading, Request, Run, Scalar, Started
from harness.models import GEMMA_3_270M, MODELS, SMOLLM2_135M
from harness.outcomes import OK, Missing, failed
from harness.outcomes import Code as Why
from harness.recorder.recorder import Recorder
from harness.recorder.records import Header
from harness.recorder.seal import seal

MS = 1_000_000
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
        scenario=Scenario.SINGLE_STREAM,
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
) -> Path:
    """Seals a synthetic dataset under ``root`` as the study's next version and returns its folder.

    ``runs`` replicates per cell of the study's first profile, each with one cold, the declared warm-up and
    ``requests`` measured requests of ``tokens`` tokens. ``effect`` multiplies the speed of the cells that have a
    level, named ``factor=level`` (``{"threads=2": 1.5}``). The first ``failures`` runs fail. Another ``seed`` is
    another journal; the same arguments give the same bytes.
    """
    study = study or synthetic_study()
    profile = study.profiles[0]
    planned = plan(study.matrix(profile.name).cells(), runs, study.order_seed)
    maker = _Maker(study, requests, tokens, seed, effect or {})
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal"
        with Recorder.create(journal, header(study, planned, seed)) as recorder:
            for number, item in enumerate(planned):
                recorder.append(maker.failure(item) if number < failures else maker.run(item))
        return seal(journal, root, supersedes_reason=supersedes_reason).path


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


class _Maker:
    """Makes the runs of one synthetic recording."""

    def __init__(self, study: Study, requests: int, tokens: int, seed: int, effect: Mapping[str, float]) -> None:
        self.study = study
        self.requests = requests
        self.tokens = tokens
        self.seed = seed
        self.effect = effect

    def run(self, item: Planned) -> Run:
        rng = random.Random(f"{self.seed} {item.run_id}")
        pace = rng.gauss(1.0, 0.03) / self._speed(item.cell)
        requests = self._requests(rng, pace)
        duration = (requests[-1].end_ns or 0) + requests[-1].planned_ns
        return Run(
            run_id=item.run_id,
            cell_id=item.cell.id,
            replicate=item.replicate,
            block=item.block,
            position=item.position,
            outcome=OK,
            started_unix_ns=1_767_322_000_000_000_000 + item.position * 10_000 * MS,
            duration_ns=duration,
            requested=self._settings(item.cell),
            started=Started("synthetic", "1.0", int(200 * MS * pace), self._effective(item.cell)),
            requests=requests,
            readings=tuple(_readings(rng, duration)),
            facts={"load_before": round(rng.uniform(0, 0.2), 3)},
        )

    def failure(self, item: Planned) -> Run:
        outcome = failed(Why.ENGINE_EXITED, "synthetic failure <b>&amp;</b> =1+1")
        return Run(
            run_id=item.run_id,
            cell_id=item.cell.id,
            replicate=item.replicate,
            block=item.block,
            position=item.position,
            outcome=outcome,
            started_unix_ns=1_767_322_000_000_000_000 + item.position * 10_000 * MS,
            duration_ns=50 * MS,
            requested=self._settings(item.cell),
        )

    def _speed(self, cell: Cell) -> float:
        speed = 1.0
        for name, level in cell.levels:
            text = level if isinstance(level, str) else level_key(level)
            speed *= self.effect.get(f"{name}={text}", 1.0)
        return speed

    def _settings(self, cell: Cell) -> dict[str, Value]:
        return dict(self.study.fixed) | cell.settings

    def _effective(self, cell: Cell) -> dict[str, Value]:
        """What a CPU-only engine would report: every level took, except that no layer can be offloaded."""
        settings = cell.settings
        proofs = {f.effective: settings[f.name] for f in self.study.factors if f.effective}
        fixed: dict[str, Value] = {}
        if "layers_offloaded" in proofs:
            fixed["layers_offloaded"] = 0
        if "model_sha256" in proofs:
            fixed["model_sha256"] = MODELS[str(settings["model"])].sha256 or ""
        return proofs | fixed

    def _requests(self, rng: random.Random, pace: float) -> tuple[Request, ...]:
        warmup = self.study.workload.warmup
        phases = [Phase.COLD] + [Phase.WARMUP] * warmup + [Phase.MEASURED] * self.requests
        made: list[Request] = []
        planned_ns = int(250 * MS * pace)
        for index, phase in enumerate(phases):
            request = self._request(rng, pace, index, phase, planned_ns)
            planned_ns += (request.end_ns or 0) + MS
            made.append(request)
        return tuple(made)

    def _request(self, rng: random.Random, pace: float, index: int, phase: Phase, planned_ns: int) -> Request:
        prompts = self.study.workload.prompts
        slow = 1.6 if phase is Phase.COLD else 1.0
        first = int(40 * MS * pace * slow * rng.lognormvariate(0, 0.05))
        gaps = [int(10 * MS * pace * rng.lognormvariate(0, 0.1)) for _ in range(self.tokens - 1)]
        arrivals = [first]
        for gap in gaps:
            arrivals.append(arrivals[-1] + gap)
        return Request(
            index=index,
            phase=phase,
            prompt_id=prompts[index % len(prompts)].id,
            planned_ns=planned_ns,
            connect_ns=MS // 5,
            sent_ns=MS // 4,
            first_byte_ns=first - MS // 10,
            end_ns=arrivals[-1] + MS // 10,
            arrivals_ns=tuple(arrivals),
            tokens=(1,) * len(arrivals),
            counters=Counters(20, 0, (first - MS) / MS, self.tokens, sum(gaps) / MS),
            finish_reason="length",
            text=" ".join("token" for _ in arrivals),
        )


def _readings(rng: random.Random, duration_ns: int) -> list[Reading]:
    every = max(duration_ns // 4, 1)
    polls = range(0, duration_ns, every)
    cpu = [Reading("process", "engine.cpu", "%", at, rng.uniform(90, 110)) for at in polls]
    memory = [Reading("process", "engine.rss", "B", at, float(300 * 2**20 + rng.randrange(2**20))) for at in polls]
    power = [Reading("nvml", "gpu0.power", "W", at, None, Missing.NO_SENSOR) for at in polls]
    return cpu + memory + power


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
