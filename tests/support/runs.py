"""Synthetic runs: plausible events drawn from a seeded generator, never measured."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

from harness.design import Cell, Planned, Study, Value, level_key
from harness.events import Counters, Phase, Reading, Request, Run, Started
from harness.models import MODELS
from harness.outcomes import OK, Code, Missing, failed

MS = 1_000_000
BEGAN_UNIX_NS = 1_767_322_000_000_000_000


class RunMaker:
    """Makes the runs of one synthetic recording; arguments as for ``datasets.make_dataset``."""

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
            started_unix_ns=BEGAN_UNIX_NS + item.position * 10_000 * MS,
            duration_ns=duration,
            requested=self._settings(item.cell),
            engines=(Started("synthetic", "1.0", int(200 * MS * pace), self._effective(item.cell)),),
            requests=requests,
            readings=tuple(_readings(rng, duration)),
            facts={"load_before": round(rng.uniform(0, 0.2), 3)},
        )

    def failure(self, item: Planned) -> Run:
        outcome = failed(Code.ENGINE_EXITED, "synthetic failure <b>&amp;</b> =1+1")
        return Run(
            run_id=item.run_id,
            cell_id=item.cell.id,
            replicate=item.replicate,
            block=item.block,
            position=item.position,
            outcome=outcome,
            started_unix_ns=BEGAN_UNIX_NS + item.position * 10_000 * MS,
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
        nth: Counter[Phase] = Counter()
        for index, phase in enumerate(phases):
            request = self._request(rng, pace, index, phase, nth[phase], planned_ns)
            nth[phase] += 1
            planned_ns += (request.end_ns or 0) + MS
            made.append(request)
        return tuple(made)

    def _request(self, rng: random.Random, pace: float, index: int, phase: Phase, nth: int, planned_ns: int) -> Request:
        """The ``nth`` request of its phase; each phase begins with the first prompt, as the harness does."""
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
            prompt_id=prompts[nth % len(prompts)].id,
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
