"""`harness bench` as a new user meets it: an empty folder, a server, one command, a page."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.datasets.read import Dataset
from hooks.verify import verify
from tests.e2e.conftest import Typed
from tests.support.openai_double import OpenAIDouble

ROOT = Path(__file__).resolve().parents[2]
KEY, HEADER, PASSWORD = "sk-a-key-of-mine-42", "a-header-of-mine-42", "a-password-of-mine-42"
SMALLEST = ("--quick", "--runs", "1", "--concurrency", "1,2")


def run(program: str, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    code = f"from {program}.cli import main\nif __name__ == '__main__':\n    main()\n"
    script = folder.parent / f"{program}_command.py"
    script.write_text(code, encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "BINDERY_OPENAI"))}
    return subprocess.run(
        [sys.executable, str(script), *arguments],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=1500,
    )


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIDouble]:
    with OpenAIDouble(key=KEY, echo=True).serving() as double:
        yield double


@pytest.fixture(scope="module")
def measured(server: OpenAIDouble, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """A folder where a server was measured twice, and what was printed."""
    folder = tmp_path_factory.mktemp("new-user") / "empty"
    folder.mkdir()
    printed = []
    for _ in range(2):
        arguments = ("bench", *SMALLEST, "--json", "--slo", "ttft=60000", "--server-info", "gpu=H100")
        done = run("harness", folder, *arguments, OPENAI_BASE_URL=server.url, OPENAI_API_KEY=KEY)
        assert done.returncode == 0, done.stderr
        printed.append(json.loads(done.stdout))
    return folder, printed


def test_each_load_has_its_numbers(measured: tuple[Path, list[Any]]) -> None:
    folder, (first, _) = measured
    assert first["dataset"] == "bench-model-8b/v1"
    assert [load["level"] for load in first["loads"]] == [1, 2]
    assert first["input_tokens"] == "32"
    assert first["prompt_tokens"] == {"median": 32, "low": 32, "high": 32}
    for load in first["loads"]:
        assert (load["runs"], load["failed"], load["requests"]) == (1, 0, load["level"])
        numbers = load["numbers"]
        assert numbers["ttft_ms"]["median"] > 9
        assert numbers["tpot_ms"]["median"] > 1.9
        assert numbers["ttft_ms"]["missing"] == "too_few_runs"
        assert numbers["goodput_req_per_s"]["median"] == numbers["req_per_s"]["median"] > 0
    written = (folder / "bench" / "bench-model-8b-v1.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(written.splitlines()))
    assert [float(row["ttft_ms"]) for row in rows] == [one["numbers"]["ttft_ms"]["median"] for one in first["loads"]]


def test_the_model_is_what_the_server_calls_it_and_nothing_else(measured: tuple[Path, list[Any]]) -> None:
    _, (first, _) = measured
    model = first["model"]
    assert (model.pop("name"), model.pop("source")) == ("mock/model-8B", "served")
    assert set(model.values()) == {None}


def test_measuring_again_makes_the_next_version_and_compares(measured: tuple[Path, list[Any]]) -> None:
    _, (first, second) = measured
    assert (second["dataset"], second["compared_with"]) == ("bench-model-8b/v2", "bench-model-8b/v1")
    assert first["compared_with"] is None
    assert {change["name"] for change in second["changes"]} == {"ttft_ms", "tpot_ms", "output_tok_per_s"}


def test_no_credential_is_on_the_disk_though_the_server_repeats_it(
    measured: tuple[Path, list[Any]], server: OpenAIDouble
) -> None:
    folder, _ = measured
    assert any(sent.get("Authorization") == f"Bearer {KEY}" for sent in server.headers)
    found = [path for path in folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert found == []
    for name in ("v1", "v2"):
        dataset = Dataset.open(folder / "bench" / "bench-model-8b" / name)
        for table in ("runs", "requests", "readings", "engines", "tasks"):
            assert KEY not in json.dumps(dataset.table(table).to_pylist(), default=str)
        assert "[removed]" in json.dumps(dataset.requests["text"].to_pylist())


def test_the_page_is_built_from_an_empty_folder_and_bears_the_referee(
    measured: tuple[Path, list[Any]], site_store: Path
) -> None:
    folder, _ = measured
    done = run("hooks", folder, "build", "--data", "bench", "--out", "site", BINDERY_CACHE=str(site_store))
    assert done.returncode == 0, done.stdout + done.stderr
    page = (folder / "site" / "servers" / "bench-model-8b.html").read_text(encoding="utf-8")
    for said in (
        "mock/model-8B",
        "declared by the operator",
        "smallest prompt tokens of a run",
        "The machine that the client ran on",
        "goodput",
    ):
        assert said in page
    assert (folder / "site" / "servers" / "bench-model-8b-v1.html").is_file()
    assert "servers/bench-model-8b.html" in (folder / "site" / "index.html").read_text(encoding="utf-8")
    report = verify(folder / "site", folder / "bench")
    assert report.passed, report.lines()
    one = folder / "site" / "servers" / "bench-model-8b.html"
    stated = max(re.findall(r'<data value="([0-9.]+)"', page), key=float)
    one.write_text(page.replace(f'value="{stated}"', f'value="{float(stated) * 2!r}"', 1), encoding="utf-8")
    assert not verify(folder / "site", folder / "bench").passed


def test_failures_are_one_line_and_record_nothing(server: OpenAIDouble, tmp_path: Path, typed: Typed) -> None:
    refused = {
        ("bench", server.url, *SMALLEST): "401",
        ("bench", "http://127.0.0.1:9/v1", *SMALLEST): "does not answer",
        ("bench",): "name a server",
        ("bench", server.url, "--sweep", "--concurrency", "2"): "give one of them",
        ("bench", server.url, "--slo", "speed=1"): "--slo",
        ("bench", server.url, "--header", f"X {HEADER}"): "--header takes NAME: VALUE",
        ("bench", server.url, "--extra-body", "[]"): "--extra-body is no JSON object",
        ("bench", server.url, "--ca-file", "none.pem"): "there is no file of certificates",
        ("bench", server.url.replace("//", f"//user:{PASSWORD}@")): "user or a password",
    }
    for arguments, said in refused.items():
        done = typed(tmp_path, *arguments)
        assert done.status in (2, 5), arguments
        assert said in done.err
        assert done.err.count("\n") == 1, done.err
        assert not [word for word in (KEY, HEADER, PASSWORD) if word in done.out + done.err]
    assert list(tmp_path.iterdir()) == []
