"""The kernel ends what wants too much."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

BEGIN = "from harness.processes.limits import limit; limit(memory_bytes=200 << 20, cpu_s=1, file_bytes=1000)\n"


@pytest.mark.parametrize(
    ("wants", "status"),
    [
        ("while True: pass", -signal.SIGXCPU),
        pytest.param(
            "try: bytearray(400 << 20)\nexcept MemoryError: raise SystemExit(7)",
            7,
            marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory"),
        ),
        (
            "import pathlib, sys\ntry: pathlib.Path(sys.argv[1]).write_bytes(b'x' * 2000)\nexcept OSError: sys.exit(7)",
            7,
        ),
        ("bytearray(10 << 20)", 0),
    ],
)
def test_a_process_stays_within_its_limits(wants: str, status: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("limited") / "file"
    done = subprocess.run([sys.executable, "-c", BEGIN + wants, str(file)], timeout=300, check=False)
    assert done.returncode == status


def test_a_client_may_hold_more_connections_than_a_shell_begins_with() -> None:
    check = (
        "import resource as r; from harness.processes.limits import allow_connections, most_connections\n"
        "_, hard = r.getrlimit(r.RLIMIT_NOFILE); r.setrlimit(r.RLIMIT_NOFILE, (64, hard)); allow_connections()\n"
        "assert r.getrlimit(r.RLIMIT_NOFILE) == (most_connections(), hard)"
    )
    subprocess.run([sys.executable, "-c", check], timeout=300, check=True)
