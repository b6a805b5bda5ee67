"""Blocks on a real Ray cluster of several nodes on this machine, whose nodes, drivers and links fail."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from harness.datasets.catalog import recordings
from harness.datasets.read import Dataset
from tests.support.ray_cluster import HostApart, RayCluster, driver, study, until

pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")

HOSTS = ("gpu-a", "gpu-b")
LEVELS = 3


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RayCluster]:
    found = RayCluster(tmp_path_factory.mktemp("hosts"), *HOSTS)
    yield found
    found.shutdown()


def arrived(folder: Path, name: str) -> dict[str, Dataset]:
    """The blocks that arrived, by host; each host has one, and each holds every planned run once."""
    found = [Dataset.open(ref.path) for ref in recordings(folder / "data", name)]
    by_host = {str((one.manifest.session or {})["placed.host"]): one for one in found}
    assert len(by_host) == len(found)
    for one in found:
        assert len(set(one.runs["run_id"].to_pylist())) == one.runs.num_rows == one.manifest.planned_runs == LEVELS
    return by_host


def test_each_host_seals_its_own_block_and_ships_it(cluster: RayCluster, tmp_path: Path) -> None:
    path = study(tmp_path, "plain", LEVELS)
    client = f"ray://127.0.0.1:{cluster.client_port}"
    for on, said in ((client, "is proven, and is plain/r000"), ("ray", "already recorded on 2 hosts (plain/r000")):
        process = driver(cluster, path, on=on)
        out, errors = process.communicate(timeout=600)
        assert (process.returncode, errors) == (0, "")
        assert said in out
    found = arrived(tmp_path, "plain")
    assert sorted(found) == list(HOSTS)
    for host, dataset in found.items():
        (there,) = recordings(cluster.root / host / "data", "plain")
        assert there.digest == dataset.digest


def test_a_node_that_is_killed_goes_on_where_its_journal_ends(cluster: RayCluster, tmp_path: Path) -> None:
    process = driver(cluster, study(tmp_path, "node", LEVELS))
    until(lambda: cluster.runs("gpu-b", "node"), process)
    cluster.kill("gpu-b")
    before = cluster.runs("gpu-b", "node")
    cluster.start("gpu-b")
    out, errors = process.communicate(timeout=600)
    assert (process.returncode, errors) == (0, "")
    assert "gpu-b: lost for NodeDiedError; its block goes on there where its journal ends." in out
    after = cluster.runs("gpu-b", "node")
    assert 0 < len(before) < len(after) == LEVELS
    assert before.items() <= after.items()
    assert sorted(arrived(tmp_path, "node")) == list(HOSTS)


def test_a_driver_that_is_killed_is_followed_by_the_same_command(cluster: RayCluster, tmp_path: Path) -> None:
    path = study(tmp_path, "driver", LEVELS)
    process = driver(cluster, path)
    until(lambda: all(cluster.runs(host, "driver") for host in HOSTS), process)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    before = {host: cluster.runs(host, "driver") for host in HOSTS}
    again = driver(cluster, path)
    out, errors = again.communicate(timeout=600)
    assert (again.returncode, errors) == (0, ""), out
    assert sorted(arrived(tmp_path, "driver")) == list(HOSTS)
    for host in HOSTS:
        assert before[host].items() <= cluster.runs(host, "driver").items()


def test_a_slow_node_keeps_nobody_waiting(cluster: RayCluster, tmp_path: Path) -> None:
    process = driver(cluster, study(tmp_path, "slow", LEVELS))
    until(lambda: cluster.runs("gpu-b", "slow"), process)
    go_on = cluster.stop_clock("gpu-b")
    until(lambda: recordings(tmp_path / "data", "slow"), process)
    assert list(arrived(tmp_path, "slow")) == ["gpu-a"]
    go_on()
    _, errors = process.communicate(timeout=600)
    assert (process.returncode, errors) == (0, "")
    assert sorted(arrived(tmp_path, "slow")) == list(HOSTS)


def test_a_host_that_is_cut_off_goes_on_and_ships_when_it_is_back(cluster: RayCluster, tmp_path: Path) -> None:
    if missing := HostApart.missing():
        pytest.skip(missing)
    with HostApart(cluster, "far") as far:
        far.start()
        process = driver(cluster, study(tmp_path, "cut", LEVELS), "--host", "far")
        until(lambda: cluster.runs("far", "cut"), process)
        far.cut()
        until(lambda: recordings(cluster.root / "far" / "data", "cut"), process)
        assert arrived(tmp_path, "cut") == {}
        far.end()
        far.restore()
        far.start()
        out, errors = process.communicate(timeout=600)
    assert (process.returncode, errors) == (0, "")
    assert "far: its block arrived, is proven" in out, "whether Ray lost it before, or what it had sent still came"
    (there,) = recordings(cluster.root / "far" / "data", "cut")
    assert arrived(tmp_path, "cut")["far"].digest == there.digest


def test_a_host_that_is_not_there_is_said_and_the_others_go_on(cluster: RayCluster, tmp_path: Path) -> None:
    hosts = ("--host", "gpu-a", "--host", "gpu-z")
    process = driver(cluster, study(tmp_path, "away", LEVELS), *hosts, "--patience", "1")
    _, errors = process.communicate(timeout=600)
    assert process.returncode == 5
    assert errors == (
        "harness: 1 block of 2 did not arrive: gpu-z: no host with this label for 1 s. Run the same command again to "
        "continue\n"
    )
    assert list(arrived(tmp_path, "away")) == ["gpu-a"]
