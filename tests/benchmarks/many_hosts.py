"""Time and memory of planning, cataloguing and scheduling a study of many cells, sessions and hosts, at three scales.

    python tests/benchmarks/many_hosts.py [--cells 10000] [--hosts 100]

A study of 10,000 cells, seven sessions of it on each of 100 hosts. *Plan*: its matrix, and the runs of seven blocks in
their order, which each host plans for itself. *Catalog*: the manifests of 700 recordings, with a version for each
session that lists all recordings so far, and which placed blocks have arrived. *Schedule*: 700 blocks given to hosts
that answer at once, in the code that gives them to Ray; one in fifty is lost and given again. Each part runs in a
process of its own, at 1/10, 1/3 and 1/1 of the cells and hosts. Goal: linear growth, and 10 s in all at full scale.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from harness.cluster.hosts import Ended  # noqa: E402 - the path is set above
from harness.cluster.order import BLOCK_FACT, Answer, Order  # noqa: E402
from harness.cluster.placement import Placed, Placement, arrived, write  # noqa: E402
from harness.cluster.schedule import Schedule  # noqa: E402
from harness.datasets.catalog import catalog, sealed  # noqa: E402
from harness.datasets.manifest import Listed, Manifest, VersionManifest  # noqa: E402
from harness.datasets.recordings import read_manifest  # noqa: E402
from harness.design import Factor, Profile, Prompt, Study, Workload, plan  # noqa: E402
from harness.execution.recording_session import Session  # noqa: E402
from harness.models import PACER  # noqa: E402
from harness.processes.json_lines import dump  # noqa: E402
from tests.support.datasets import make_dataset  # noqa: E402

SESSIONS = 7
SCALES = (1 / 10, 1 / 3, 1.0)
GOAL_S, LINEAR = 10.0, 1.2
Measured = Callable[[], object]


class AnsweringHosts:
    """Hosts that answer a block at once, one at a time, and lose one in fifty."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = frozenset(labels)
        self._queues = {label: deque[str]() for label in labels}
        self._busy: deque[str] = deque()
        self._given = 0
        self.sent: Counter[str] = Counter()

    def labelled(self) -> frozenset[str]:
        return self._labels

    def place(self, order: Order) -> None:
        dump(order)
        self.sent[order.block] += 1
        self._queues[order.host].append(order.block)
        self._busy.append(order.host)

    def ended(self, within_s: float) -> Sequence[Ended]:
        if not self._busy:
            return ()
        self._given += 1
        block = self._queues[self._busy.popleft()].popleft()
        return [Ended(block, lost="a simulated loss") if self._given % 50 == 0 else Ended(block, Answer("pack"))]

    def withdraw(self, block: str) -> None:
        raise AssertionError("no host is ever away")


def study(cells: int) -> Study:
    return Study(
        id="many",
        title="Many cells",
        question="Does it grow linearly?",
        backend="pacer",
        factors=(
            Factor("itl_ms", tuple(range(1, 11)), "itl_ms", "ms"),
            Factor("ttft_ms", tuple(range(1, 11)), "ttft_ms", "ms"),
            Factor("load.streams", tuple(range(1, max(1, cells // 100) + 1)), None, "streams"),
        ),
        fixed=(("model", PACER.name),),
        workload=Workload((Prompt("one", "Say tok."),), max_tokens=8, warmup=0),
        profiles=(Profile("quick", runs=SESSIONS),),
        metrics=("ttft",),
        sessions=SESSIONS,
    )


def planning(_: Path, cells: int, hosts: int) -> Measured:
    declared = study(cells)

    def measured() -> int:
        runs = plan(declared.matrix("quick").cells(), SESSIONS, declared.order_seed)
        assert len(runs) == cells * SESSIONS
        return hosts

    return measured


def cataloguing(folder: Path, cells: int, hosts: int) -> Measured:
    declared, data = study(cells), folder / "data" / "many"
    made = read_manifest(make_dataset(folder / "made", runs=1, requests=1, session={"number": 1}))
    design, fingerprint = declared.canonical(), declared.fingerprint()
    recordings: list[Manifest] = []
    for number in range(1, hosts * SESSIONS + 1):
        name = f"r{number:04d}"
        about = {"study": "many", "recording": name, "design": design, "profile": "quick"}
        seen = {"session": {BLOCK_FACT: f"{number:016x}"}, "fingerprint": fingerprint}
        one = made.model_copy(update={**about, **seen, "journal_id": f"{number:032x}", "only": {}})
        (data / name).mkdir(parents=True)
        (data / name / "manifest.json").write_bytes(one.to_bytes())
        recordings.append(one.identified(one.to_bytes()))
    for session in range(1, SESSIONS + 1):
        listed = [Listed(name=one.name, digest=one.digest) for one in recordings[: session * hosts]]
        version = VersionManifest(
            schema_version=made.schema_version, study="many", version=session, title=made.title, profile="quick",
            fingerprint=fingerprint, recordings=listed, created=made.created,
        )  # fmt: skip
        (data / f"v{session}").mkdir()
        (data / f"v{session}" / "manifest.json").write_bytes(version.to_bytes())
    placed = tuple(Placed(f"{number:016x}", f"host-{number % hosts}", 1) for number in range(1, len(recordings) + 1))

    def measured() -> None:
        assert len(catalog(data.parent)) == SESSIONS
        assert len(sealed(data.parent, "many")) == SESSIONS * (hosts + 1)
        assert len(arrived(data.parent, Placement(fingerprint, placed), "many")) == len(placed)

    return measured


def scheduling(folder: Path, cells: int, hosts: int) -> Measured:
    session = Session(study(cells), study(cells).profile("quick"), {}, folder)
    labels = [f"host-{number}" for number in range(hosts)]

    def measured() -> None:
        placement = Placement(session.study.fingerprint()).over(labels)
        more = tuple(replace(one, block=f"{k:08x}{one.block[8:]}") for one in placement.blocks for k in range(SESSIONS))
        placement = Placement(placement.fingerprint, more)
        write(session, placement)
        took: Counter[str] = Counter()
        answering = AnsweringHosts(labels)
        orders = placement.orders(session, labels)
        failures = Schedule(orders, answering, lambda order, _: took.update([order.block]), lambda _: None, 60).run()
        assert not failures
        assert set(took.values()) == {1}, "a block arrived twice"
        assert len(took) == hosts * SESSIONS
        assert answering.sent.total() > len(took), "no block was lost"

    return measured


PARTS: dict[str, Callable[[Path, int, int], Measured]] = {
    "plan": planning,
    "catalog": cataloguing,
    "schedule": scheduling,
}


def measure(part: str, cells: int, hosts: int) -> dict[str, float]:
    """Seconds of wall clock and of processor time, and the growth of the largest resident set (MB)."""
    with tempfile.TemporaryDirectory() as name:
        measured = PARTS[part](Path(name), cells, hosts)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        wall, cpu = time.perf_counter(), time.process_time()
        measured()
        took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        return {**took, "mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--part", choices=list(PARTS))
    chosen = parser.parse_args()
    if chosen.part:
        print(json.dumps(measure(chosen.part, chosen.cells, chosen.hosts)))
        return
    total = 0.0
    for part in PARTS:
        found = []
        for scale in SCALES:
            cells, hosts = max(100, round(chosen.cells * scale / 100) * 100), max(1, round(chosen.hosts * scale))
            command = [sys.executable, __file__, "--part", part, "--cells", str(cells), "--hosts", str(hosts)]
            found.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
            took = found[-1]
            print(
                f"{part}: {cells:,} cells × {SESSIONS} sessions × {hosts} hosts: {took['wall']:.2f} s wall, "
                f"{took['cpu']:.2f} s CPU, {took['mb']:.0f} MB"
            )
        total += found[-1]["cpu"]
        power = math.log(found[-1]["cpu"] / found[0]["cpu"]) / math.log(SCALES[-1] / SCALES[0])
        print(f"{part} grows with the power {power:.2f}: {'linear' if power <= LINEAR else 'MORE THAN LINEAR'}")
    print(f"all parts at full scale: {total:.1f} s CPU; goal {GOAL_S:.0f} s: {'met' if total <= GOAL_S else 'MISSED'}")


if __name__ == "__main__":
    main()
