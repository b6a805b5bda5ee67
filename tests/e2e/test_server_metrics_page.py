"""What a server says of its own work, and tokens of reasoning, from one command to a page that bears the referee."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.datasets.read import Dataset
from harness.outcomes import FIRST_ANSWER_MS
from hooks.verify import verify
from tests.support.dialect_server import DialectServer, Manner, closing, delta, paced, whole
from tests.support.stream_server import served

ROOT = Path(__file__).resolve().parents[2]
TOKENS, GAP_S = 24, 0.07


class Telling(DialectServer):
    """Reasons before it answers, works on one request at a time, and tells how many run and wait, and what it made."""

    def __init__(self) -> None:
        thoughts = [delta(f" t{k}", "reasoning_content") for k in range(TOKENS // 2)]
        answer = [delta(f" a{k}") for k in range(TOKENS // 2)]
        super().__init__([*paced(iter([*thoughts, *answer]), GAP_S), *closing(TOKENS)], Manner(metrics="told"))
        self._asked, self._made = 0, 0
        self._slot = asyncio.Lock()

    def _listed(self, path: str) -> bytes:
        if path != "/metrics":
            return super()._listed(path)
        running = min(self._asked, 1)
        said = {
            "vllm:num_requests_running": running,
            "vllm:num_requests_waiting": self._asked - running,
            "vllm:kv_cache_usage_perc": 0.25 * running,
            "vllm:generation_tokens_total": self._made,
            "vllm:num_preemptions_total": 0,
        }
        return whole("".join(f"{name} {value}\n" for name, value in said.items()), kind="text/plain")

    async def _answer(self, writer: asyncio.StreamWriter, path: str, asked: Mapping[str, Any]) -> None:
        self._asked += 1
        try:
            async with self._slot:
                await super()._answer(writer, path, asked)
                self._made += TOKENS
        finally:
            self._asked -= 1


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory, site_store: Path) -> tuple[Path, dict[str, Any]]:
    """A folder with a measured server and its page, and what the command printed."""
    folder = tmp_path_factory.mktemp("telling")
    with served(Telling()) as url:
        how = ("--concurrency", "2", "--runs", "1", "--num-prompts", "2", "--output-tokens", str(TOKENS))
        done = call("harness", folder, "bench", url, *how, "--json")
    assert done.returncode == 0, done.stderr
    built = call("hooks", folder, "build", "--data", "bench", "--out", "site", BINDERY_CACHE=str(site_store))
    assert built.returncode == 0, built.stdout + built.stderr
    return folder, json.loads(done.stdout)


def call(program: str, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    script = folder / f"{program}_command.py"
    script.write_text(f"from {program}.cli import main\nif __name__ == '__main__':\n    main()\n", encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "BINDERY_"))}
    return subprocess.run(
        [sys.executable, str(script), *arguments],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=1500,
    )


def test_the_answer_comes_after_the_first_token(measured: tuple[Path, dict[str, Any]]) -> None:
    folder, said = measured
    numbers = said["loads"][0]["numbers"]
    assert numbers["reasoning_tokens"]["median"] == TOKENS // 2
    assert numbers["first_answer_ms"]["median"] > numbers["ttft_ms"]["median"]
    name, _, version = said["dataset"].partition("/")
    for row in Dataset.open(folder / "bench" / name / version).requests.to_pylist():
        assert json.loads(row["effective"])[FIRST_ANSWER_MS] == pytest.approx(row["arrivals_ns"][TOKENS // 2] / 1e6)


def test_the_page_says_what_the_server_said_and_bears_the_referee(measured: tuple[Path, dict[str, Any]]) -> None:
    folder, said = measured
    page = (folder / "site" / "servers" / f"{said['dataset'].partition('/')[0]}.html").read_text(encoding="utf-8")
    for shown in ('id="table-server"', 'id="figure-meanwhile-1"', "longest queue of the server", "reasoning tokens"):
        assert shown in page
    report = verify(folder / "site", folder / "bench")
    assert report.passed, report.lines()
