"""Synthetic calibrations, sealed through the real recorder: the client is late by a known time."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from harness.design import Planned, Profile, plan
from harness.events import Phase, Request, Run, Scalar, Started
from harness.outcomes import OK
from harness.recorder.recorder import Recorder
from harness.recorder.seal import seal
from harness.studies.calibration import STUDY
from tests.support.datasets import header
from tests.support.runs import BEGAN_UNIX_NS, MS

TOKENS = 20
LOADS = (("ttft_ms", (10,)), ("itl_ms", (5, 20)), ("streams", (1, 8)))


def make_calibration(
    root: Path,
    *,
    late_ms: float = 0.2,
    profile: str = "quick",
    seed: int = 0,
    flags: Mapping[str, str] | None = None,
    environment: Mapping[str, Scalar] | None = None,
) -> Path:
    """Seals a calibration of four loads under ``root`` and returns its folder.

    Every arrival is late by ``late_ms`` times the number of streams, and by up to a tenth of that more. ``flags`` are
    carried by every run. ``environment`` is what it says of the machine beside what all synthetic recordings say.
    """
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal"
        write_calibration(journal, late_ms=late_ms, profile=profile, seed=seed, flags=flags, environment=environment)
        return seal(journal, root).path


def write_calibration(
    journal: Path,
    *,
    late_ms: float = 0.2,
    profile: str = "quick",
    seed: int = 0,
    flags: Mapping[str, str] | None = None,
    environment: Mapping[str, Scalar] | None = None,
) -> None:
    """Writes the same to a new journal, which is not sealed."""
    study = replace(STUDY, profiles=(Profile(profile, runs=2, subset=LOADS, max_tokens=TOKENS),))
    planned = plan(study.matrix(profile).cells(), 2, study.order_seed)
    head = header(study, planned, seed)
    head = replace(head, environment={**head.environment, **(environment or {})})
    with Recorder.create(journal, head) as recorder:
        for item in planned:
            recorder.append(replace(_run(item, late_ms, seed), flags=dict(flags or {})))


def _run(item: Planned, late_ms: float, seed: int) -> Run:
    settings = item.cell.settings
    rng = random.Random(f"{seed} {item.run_id}")
    streams = int(settings["streams"])
    requests = tuple(
        _request(rng, index, stream, float(settings["itl_ms"]), late_ms * streams)
        for index, stream in enumerate(stream for _ in range(3) for stream in range(streams))
    )
    return Run(
        run_id=item.run_id,
        cell_id=item.cell.id,
        replicate=item.replicate,
        block=item.block,
        position=item.position,
        outcome=OK,
        started_unix_ns=BEGAN_UNIX_NS + item.position * 1000 * MS,
        duration_ns=1000 * MS,
        requested=settings,
        engines=(Started("pacer", "1", MS, {"ttft_ms": settings["ttft_ms"], "itl_ms": settings["itl_ms"]}),),
        requests=requests,
        facts={"client_cpu_ns": 25 * MS, "drive_ns": 1000 * MS, "loop_lag_p99_ns": float(MS)},
    )


def _request(rng: random.Random, index: int, stream: int, itl_ms: float, late_ms: float) -> Request:
    writes = [int((11 + itl_ms * token) * MS) for token in range(TOKENS)]
    arrivals = tuple(write + int(late_ms * MS * rng.uniform(1.0, 1.1)) for write in writes)
    return Request(
        index=index,
        phase=Phase.MEASURED,
        prompt_id="round-1",
        stream=stream,
        planned_ns=index * MS,
        connect_ns=MS // 5,
        sent_ns=MS // 4,
        first_byte_ns=arrivals[0],
        end_ns=arrivals[-1] + 1,
        arrivals_ns=arrivals,
        tokens=(1,) * TOKENS,
        effective={"seen_ns": MS, "due_ns": 11 * MS, "writes_ns": " ".join(map(str, writes))},
        finish_reason="length",
        text="tok" * TOKENS,
    )
