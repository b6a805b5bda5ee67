"""A Ray cluster of several nodes on this machine, each a host with folders of its own, and how its hosts fail."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from harness.events import Run
from harness.recorder.records import decode
from harness.recorder.recover import read

ROOT = Path(__file__).parents[2]
STUDY = """
id = "{study}"
title = "Paced"
question = "Does a slower pace reach the client?"
backend = "pacer"
metrics = ["ttft", "itl"]
[factors.itl_ms]
levels = {levels}
effective = "itl_ms"
[fixed]
model = "pacer"
ttft_ms = 2
[workload]
prompts = {{one = "Say tok."}}
max_tokens = 2
warmup = 0
[profiles.quick]
runs = 1
"""
SYSTEM = {"health_check_period_ms": 1000, "health_check_timeout_ms": 5000, "health_check_failure_threshold": 3}
_NET = "10.213.7"
_SMALL = {"object_store_memory": 80 << 20, "include_log_monitor": False}


class RayCluster:
    """A head without a label, and a node for each of ``hosts``. Its folders are below ``root``."""

    def __init__(self, root: Path, *hosts: str) -> None:
        self.root = root
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from ray.cluster_utils import Cluster

            with socket.socket() as free:
                free.bind(("", 0))
                self.client_port = free.getsockname()[1]
            head = {"num_cpus": 0, "include_dashboard": False, "_system_config": SYSTEM, "env_vars": self._imports()}
            self._cluster = Cluster(
                initialize_head=True, head_node_args={**_SMALL, **head, "ray_client_server_port": self.client_port}
            )
        self._nodes: dict[str, Any] = {}
        for host in hosts:
            self.start(host)

    @property
    def address(self) -> str:
        """Where its head listens."""
        return str(self._cluster.address)

    def start(self, host: str) -> None:
        """Starts Ray on a host."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._nodes[host] = self._cluster.add_node(
                num_cpus=1, resources={f"host:{host}": 1}, env_vars=self.environment(host), **_SMALL
            )

    def kill(self, host: str) -> None:
        """Ends every process of a host at once, as a power cut does."""
        node = self._nodes.pop(host)
        for process in self._processes(node):
            process.kill()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._cluster.remove_node(node, allow_graceful=False)

    def stop_clock(self, host: str) -> Callable[[], None]:
        """Stops what a host records; the function returned lets it go on."""
        found = [one for process in self._blocks(host) for one in (process, *process.children(recursive=True))]
        for process in found:
            process.suspend()
        return lambda: [process.resume() for process in found] and None

    def kill_block(self, host: str) -> bool:
        """Ends the process that records on a host; whether there was one."""
        found = self._blocks(host)
        for process in found:
            process.kill()
        return bool(found)

    def _blocks(self, host: str) -> list[psutil.Process]:
        return [one for one in self._processes(self._nodes[host]) if "harness.cluster.block_process" in _line(one)]

    def environment(self, host: str) -> dict[str, str]:
        """What Ray is started with on a host."""
        folder = self.root / host
        return {**self._imports(), "BINDERY_DATA": str(folder / "data"), "BINDERY_STATE": str(folder / "state")}

    def runs(self, host: str, study: str) -> dict[str, Run]:
        """What the journals of a host hold of a study; raises where a run was recorded twice."""
        found: dict[str, Run] = {}
        for journal in (self.root / host / "state").glob(f"placed/*/journals/{study}-*/journal*"):
            for record in map(decode, read(journal).records):
                if isinstance(record, Run):
                    assert record.run_id not in found, "a run was recorded twice"
                    found[record.run_id] = record
        return found

    def shutdown(self) -> None:
        """Ends every node."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._cluster.shutdown()

    @staticmethod
    def _imports() -> dict[str, str]:
        return {"PYTHONPATH": str(ROOT)}

    @staticmethod
    def _processes(node: Any) -> list[psutil.Process]:
        daemons = [psutil.Process(info.process.pid) for kind in node.all_processes.values() for info in kind]
        return [one for daemon in daemons for one in (daemon, *daemon.children(recursive=True))]


class HostApart:
    """A host behind a link of its own: Ray in a network namespace, started by its own command. Needs root."""

    def __init__(self, cluster: RayCluster, host: str) -> None:
        self._cluster, self._host = cluster, host
        self._space, self._link = f"bindery-{os.getpid()}", f"bind{os.getpid()}"
        self._ray: subprocess.Popen[bytes] | None = None

    @staticmethod
    def missing() -> str:
        """Why there can be none here."""
        if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("ip") is None:
            return "a network namespace needs Linux, root and the command ip"
        tried = subprocess.run(["ip", "netns", "add", "bindery-try"], capture_output=True, text=True, check=False)
        subprocess.run(["ip", "netns", "delete", "bindery-try"], capture_output=True, check=False)
        return f"no network namespace can be made: {tried.stderr.strip()}" if tried.returncode else ""

    def __enter__(self) -> HostApart:
        ours, theirs, inside = f"{_NET}.1", f"{_NET}.2", ("ip", "-n", self._space)
        _do("ip", "netns", "add", self._space)
        _do("ip", "link", "add", self._link, "type", "veth", "peer", "name", "veth0", "netns", self._space)
        _do("ip", "address", "add", f"{ours}/30", "dev", self._link)
        _do("ip", "link", "set", self._link, "up")
        _do(*inside, "address", "add", f"{theirs}/30", "dev", "veth0")
        _do(*inside, "link", "set", "lo", "up")
        self._join()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        _do("ip", "link", "delete", self._link)
        _do("ip", "netns", "delete", self._space)

    def start(self) -> None:
        """Starts Ray there."""
        self._ray = subprocess.Popen(
            ["ip", "netns", "exec", self._space, sys.executable, "-m", "ray.scripts.scripts", "start",
             f"--address={self._cluster.address}", f"--node-ip-address={_NET}.2", "--num-cpus=1", "--block",
             f"--resources={json.dumps({f'host:{self._host}': 1})}", f"--object-store-memory={80 << 20}"],
            env={**os.environ, **self._cluster.environment(self._host)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def cut(self) -> None:
        """Takes the link away; what runs there goes on."""
        _do("ip", "link", "set", self._link, "down")

    def restore(self) -> None:
        """Brings the link back."""
        _do("ip", "link", "set", self._link, "up")
        self._join()

    def end(self) -> None:
        """Ends everything that Ray runs there."""
        if self._ray is not None:
            left = [*psutil.Process(self._ray.pid).children(recursive=True)] if self._ray.poll() is None else []
            for process in left:
                process.kill()
            self._ray.kill()
            self._ray.wait()

    def _join(self) -> None:
        """Its way to the head, which goes with the link."""
        _do("ip", "-n", self._space, "link", "set", "veth0", "up")
        _do("ip", "-n", self._space, "route", "replace", "default", "via", f"{_NET}.1")


def study(folder: Path, name: str, levels: int) -> Path:
    """A study of one run for each of its levels, of which each takes about a second."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(STUDY.format(study=name, levels=list(range(1, levels + 1))), encoding="utf-8")
    return path


def driver(cluster: RayCluster, path: Path, *options: str, on: str = "ray") -> subprocess.Popen[str]:
    """``harness run PATH --on …`` as a process of its own; its data and state are beside the study."""
    folder = path.parent
    places = ("--data", str(folder / "data"), "--state", str(folder / "state"))
    return subprocess.Popen(
        [sys.executable, "-m", "harness", "run", str(path), "--on", on, *places, *options],
        env={**os.environ, "PYTHONPATH": str(ROOT), "RAY_ADDRESS": cluster.address},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(condition: Callable[[], object], process: subprocess.Popen[str], within_s: float = 300.0) -> None:
    """Returns when it is so. Raises where the process ends before, or the time does."""
    deadline = time.monotonic() + within_s
    while not condition():
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError("".join(process.communicate()) if process.poll() is not None else "it never was so")
        time.sleep(0.02)


def _do(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
