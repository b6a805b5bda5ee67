"""What the machine refuses is one line with a status of its own, never a traceback."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.small_matrix import STUDY

ROOT = Path(__file__).resolve().parents[2]
HARNESS = [sys.executable, "-m", "harness"]
REPORTS = [sys.executable, "-c", "from hooks.cli import main; main()"]


def refused(command: list[str], message: str, status: int, **how: object) -> None:
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=600, check=False, **how)  # type: ignore[call-overload]
    assert "Traceback" not in done.stderr
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.returncode == status


def test_a_state_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    run = [*HARNESS, "run", "tr108", "--profile", "smoke", "--state", str(tmp_path / "state")]
    refused(run, "Not a directory; name another place", 4)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_state_that_is_read_only(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    run = [*HARNESS, "run", "tr108", "--profile", "smoke", "--state", str(tmp_path / "state")]
    refused(run, "Permission denied; name another place", 4)


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    refused([*HARNESS, "run", "tr108", "--profile", "smoke", "--state", name], "\\udcff' is not UTF-8", 2)
    refused([*HARNESS, "datasets"], "is not UTF-8", 2, env=os.environ | {"BINDERY_DATA": name})


def limited(kind: int, value: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(kind, (value, value))


def test_few_open_files(tmp_path: Path) -> None:
    run = [*HARNESS, "run", "tr108", "--profile", "smoke", "--state", str(tmp_path / "state")]
    refused(run, "Too many open files; raise the limit", 4, preexec_fn=limited(resource.RLIMIT_NOFILE, 8))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space so")
def test_little_memory() -> None:
    show = [*HARNESS, "show", "tr108", "--data", str(ROOT / "data")]
    refused(show, "there is not enough memory", 4, preexec_fn=limited(resource.RLIMIT_AS, 60 << 20))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_an_output_that_is_full(options: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        refused([*HARNESS, "studies", *options], "No space left on device; make room", 4, stdout=full)


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        message = f"cannot listen on {address}: Address already in use; choose another with --address"
        refused([*REPORTS, "serve", "--address", address], message, 2, cwd=ROOT)


def test_more_runs_than_a_plan_can_hold(tmp_path: Path) -> None:
    (tmp_path / "huge.toml").write_text(STUDY.format(runs=10**9))
    run = [*HARNESS, "run", str(tmp_path / "huge.toml"), "--profile", "smoke", "--state", str(tmp_path / "state")]
    refused(run, "are 2000000000 runs, the limit is 1000000: a plan is held in memory", 2)
