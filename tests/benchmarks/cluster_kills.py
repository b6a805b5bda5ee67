"""Random kills on a Ray cluster of three hosts on this machine: which acknowledged runs are lost, which are doubled.

    python tests/benchmarks/cluster_kills.py [--kills 200] [--seed 1]

Studies are recorded one after another on all hosts with ``harness run --on ray``. At random times a whole host is
killed and started again, or the process of a block, or the command itself, which is then given again. Acknowledged is
what a host's journal holds when the kill comes. Goal: 0 lost, 0 doubled, and every block arrives once.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from harness.datasets.catalog import recordings  # noqa: E402 - the path is set above
from harness.datasets.read import Dataset  # noqa: E402
from harness.events import Run  # noqa: E402
from tests.support.ray_cluster import RayCluster, driver, study  # noqa: E402

HOSTS = ("gpu-a", "gpu-b", "gpu-c")
LEVELS = 4
KINDS = ("host", "block", "command")
PAUSE_S = (0.5, 4.0)


class Kills:
    """What was killed so far, and what it cost."""

    def __init__(self, root: Path, most: int, seed: int) -> None:
        self._root, self._most = root, most
        self._rng = random.Random(seed)
        self._cluster = RayCluster(root / "hosts", *HOSTS)
        self.kinds: Counter[str] = Counter()
        self.blocks = self.acknowledged = self.lost = self.doubled = self.missing = 0

    @property
    def left(self) -> int:
        """How many kills are still to come."""
        return self._most - self.kinds.total()

    def record(self, number: int) -> None:
        """Records one study on all hosts, with kills as long as any are left."""
        name = f"kills-{number}"
        path = study(self._root / name, name, LEVELS)
        before: dict[str, dict[str, Run]] = {host: {} for host in HOSTS}
        process = driver(self._cluster, path)
        while process.poll() is None:
            pause = self._rng.uniform(*PAUSE_S)
            try:
                process.wait(pause if self.left else 1500)
            except subprocess.TimeoutExpired:
                process = self._kill(process, path, name, before)
        out, errors = process.communicate()
        if process.returncode:
            raise SystemExit(out + errors)
        self._count(name, before)

    def _kill(
        self, process: subprocess.Popen[str], path: Path, name: str, before: dict[str, dict[str, Run]]
    ) -> subprocess.Popen[str]:
        kind, host = self._rng.choice(KINDS), self._rng.choice(HOSTS)
        if kind == "command":
            process.send_signal(signal.SIGKILL)
            process.communicate()
            process = driver(self._cluster, path)
        elif kind == "host":
            self._cluster.kill(host)
            self._note(name, before, host)
            self._cluster.start(host)
        elif not self._cluster.kill_block(host):
            return process
        self._note(name, before, host)
        self.kinds[kind] += 1
        return process

    def _note(self, name: str, before: dict[str, dict[str, Run]], host: str) -> None:
        """Nothing that a journal held before may be gone or altered now."""
        now = self._cluster.runs(host, name)
        self.lost += sum(now.get(run_id) != run for run_id, run in before[host].items())
        before[host] = now

    def _count(self, name: str, before: dict[str, dict[str, Run]]) -> None:
        for host in HOSTS:
            self._note(name, before, host)
            self.acknowledged += len(before[host])
        found = [Dataset.open(ref.path) for ref in recordings(self._root / name / "data", name)]
        hosts = Counter(str((one.manifest.session or {})["placed.host"]) for one in found)
        ids = [run_id for one in found for run_id in one.runs["run_id"].to_pylist()]
        self.blocks += len(hosts)
        self.doubled += hosts.total() - len(hosts) + sum(one.runs.num_rows - LEVELS for one in found)
        self.missing += len(HOSTS) * LEVELS - len(ids)

    def shutdown(self) -> None:
        """Ends the cluster."""
        self._cluster.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        kills = Kills(Path(folder), chosen.kills, chosen.seed)
        try:
            number = 0
            while kills.left:
                number += 1
                kills.record(number)
        finally:
            kills.shutdown()
    said = ", ".join(f"{count} of a {kind}" for kind, count in sorted(kills.kinds.items()))
    print(f"{kills.kinds.total()} kills ({said}) in {time.monotonic() - began:.0f} s, seed {chosen.seed}")
    print(f"{number} studies, {kills.blocks} blocks on {len(HOSTS)} hosts, {kills.acknowledged} runs acknowledged")
    bad = kills.lost + kills.doubled + kills.missing
    print(f"lost {kills.lost}, doubled {kills.doubled}, missing {kills.missing}; goal 0: {'MISSED' if bad else 'met'}")


if __name__ == "__main__":
    main()
