"""A block on its host, without a cluster: what is asked, recorded, shipped, and asked again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from harness.cluster import on_host, ray_hosts
from harness.cluster.arrival import arrive
from harness.cluster.block_process import answered, recorded
from harness.cluster.order import Answer, Order
from harness.cluster.placement import Placement, arrived, begun, set_aside, write
from harness.commands.run import run
from harness.datasets.catalog import recordings
from harness.datasets.read import Dataset
from harness.errors import DataError, DatasetCorrupt, Unavailable, UsageError
from harness.execution.recording_session import Session
from harness.processes.json_lines import dump, load
from harness.studies import STUDIES
from tests.support.datasets import make_dataset
from tests.support.recorded_study import STUDY


def order(block: str = "0" * 16, seed: int = 7) -> Order:
    return Order(block, "gpu-a", STUDY, STUDY.fingerprint(), "quick", seed)


def session(state: Path) -> Session:
    return Session(STUDY, STUDY.profile("quick"), {}, state)


@pytest.mark.parametrize("name", sorted(STUDIES))
def test_an_order_crosses_as_json_without_a_change(name: str) -> None:
    study = STUDIES.load(name)
    only = {factor.name: factor.levels[:1] for factor in study.factors}
    asked = Order("0" * 16, "gpu-a", study, study.fingerprint(), study.profiles[0].name, 3, only)
    heard = load(Order, dump(asked))
    assert heard == asked
    assert heard.study.fingerprint() == study.fingerprint()


def test_a_block_is_sealed_on_its_host_and_arrives_once(tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    here.mkdir()
    labels = []
    for _ in range(2):
        answer = recorded(order(), there / "data", there / "state")
        labels.append(arrive(order(), Path(answer.pack).read_bytes(), tmp_path, here))
    assert labels == ["paced/r0001"] * 2
    (ref,) = recordings(here, "paced")
    dataset = Dataset.open(ref.path)
    assert dataset.digest == recordings(there / "data", "paced")[0].digest
    assert dataset.manifest.order_seed == 7
    assert dataset.manifest.recorded_runs == dataset.manifest.planned_runs == 2
    placement = replace(Placement(STUDY.fingerprint()).over(["gpu-a"]), blocks=())
    assert arrived(here, placement, "paced") == {}
    with pytest.raises(Unavailable, match="less than an hour ago; wait 60 min"):
        recorded(order("1" * 16), there / "data", there / "state")
    with pytest.raises(DatasetCorrupt, match="shipped paced/r0001, and not the block that it was asked for"):
        arrive(order("1" * 16), Path(answer.pack).read_bytes(), tmp_path, here)


def test_what_goes_wrong_on_a_host_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answered(replace(order(), fingerprint="0" * 64)).refused == (
        "its code reads paced as another study; install the same version there"
    )
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BINDERY_STATE", str(tmp_path / "file"))
    monkeypatch.setenv("BINDERY_DATA", str(tmp_path / "data"))
    assert answered(order()).refused.startswith("cannot record here: ")


def test_what_ray_does_to_its_workers_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    started = {"PATH": os.environ["PATH"], "BINDERY_DATA": "there", "LD_PRELOAD": "rays.so", "RAY_X": "1"}
    rays = {"PATH": "rays", "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", "RAY_JOB_ID": "1"}
    monkeypatch.setattr(os, "environ", dict(rays))
    on_host._restore_environment(started)
    assert os.environ == {"PATH": started["PATH"], "BINDERY_DATA": "there", "RAY_JOB_ID": "1"}


def test_a_block_whose_process_ends_is_lost_and_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_host, "python", lambda _: (sys.executable, "-c", "raise SystemExit('out of memory')"))
    monkeypatch.setattr(on_host, "_restore_environment", lambda _: None)
    answer, pack = on_host.record_on_host(dump(order()))
    assert load(Answer, answer).lost == "the block ended with exit status 1: out of memory"
    assert pack == b""


def test_a_priority_that_cannot_be_restored_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError

    assert on_host._restore_priority(os.getpriority(os.PRIO_PROCESS, 0)) == ""
    monkeypatch.setattr(os, "setpriority", refuse)
    assert "start Ray there with RAY_worker_niceness=0" in on_host._restore_priority(-20)


def test_a_placement_is_kept_and_grows(tmp_path: Path) -> None:
    first = begun(session(tmp_path)).over(["gpu-b", "gpu-a"])
    write(session(tmp_path), first)
    assert begun(session(tmp_path)) == first
    more = first.over(["gpu-c", "gpu-a"])
    assert [one.host for one in more.blocks] == ["gpu-a", "gpu-b", "gpu-c"]
    assert [one.host for one in more.orders(session(tmp_path), ["gpu-c"])] == ["gpu-c"]
    with pytest.raises(UsageError, match="'gpu a' is no label of a host"):
        first.over(["gpu a"])
    changed = replace(session(tmp_path), study=replace(STUDY, metrics=("ttft", "itl", "tpot")))
    with pytest.raises(UsageError, match="paced has changed since its blocks were placed"):
        begun(changed)
    (tmp_path / "placements" / "paced-quick" / "placement.json").write_text("{")
    with pytest.raises(DataError, match="cannot be read; --again places new blocks"):
        begun(session(tmp_path))
    set_aside(session(tmp_path))
    assert begun(session(tmp_path)).blocks == ()


def test_recordings_that_nobody_placed_are_no_blocks(tmp_path: Path) -> None:
    make_dataset(tmp_path, runs=1, requests=1, session={"number": 1})
    assert arrived(tmp_path, Placement("").over(["gpu-a"]), "tr108") == {}


def test_without_ray_one_line_says_what_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['ray'] = None; from harness.cli import main; main()"
    line = [sys.executable, "-c", code, "run", "tr108", "--on", "ray", "--state", str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == Unavailable.exit_code
    assert done.stderr == (
        "harness: --on ray needs Ray, and ray is not installed; install this project with its extra named ray\n"
    )


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")
def test_a_cluster_that_is_not_there_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    monkeypatch.setenv("RAY_ADDRESS", address)
    for on, shown in (("ray", address), (f"ray://{address}", f"ray://{address}")):
        line = [sys.executable, "-m", "harness", "run", "tr108", "--on", on, "--state", str(tmp_path)]
        done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=600)
        assert done.returncode == Unavailable.exit_code
        assert done.stderr.startswith(f"harness: the cluster at {shown} cannot be reached: ")
        assert done.stderr.endswith("Connection refused\n")
        assert done.stderr.count("\n") == 1


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")
@pytest.mark.parametrize("says", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"\x00"])
def test_what_answers_and_is_no_ray_is_one_error_at_once(says: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with server.accept()[0] as client:
                client.recv(1000)
                client.sendall(says)

        thread = threading.Thread(target=answer)
        thread.start()
        address = f"127.0.0.1:{server.getsockname()[1]}"
        monkeypatch.setenv("RAY_ADDRESS", address)
        said = f"{address} cannot be reached: what answers there is no Ray"
        with pytest.raises(Unavailable, match=said), ray_hosts.connected("ray"):
            pass
        thread.join()


@pytest.mark.parametrize(
    "on",
    [
        "slurm",
        "ray:/x",
        "",
        "RAY",
        " ray",
        "ray://",
        "ray://host",
        "ray://:10001",
        "ray://host:0",
        "ray://host:99999",
        "ray://host:port",
        "ray://[::1",
        "ray://host:10001/x",
        "ray://host:10001?x=1",
        "ray://me@host:10001",
        "ray://host:10001\n",
        "ray://ho st:10001",
        "http://host:10001",
    ],
)
def test_another_scheduler_is_unknown(on: str) -> None:
    with pytest.raises(UsageError, match=r"is not known; use ray, or ray://HOST:PORT"), ray_hosts.connected(on):
        pass


def test_options_of_one_machine_are_refused_beside_on(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--seal is not for --on: each host seals its own block"):
        run("tr108", on="ray", and_seal=True, state=tmp_path)
    with pytest.raises(UsageError, match="--host chooses among the hosts of a cluster"):
        run("tr108", hosts=["gpu-a"], state=tmp_path)
