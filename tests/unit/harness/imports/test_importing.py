"""An imported dataset: its status and origin, imported once, travelling, and shown by every command."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.datasets.catalog import find
from harness.datasets.read import Dataset
from harness.errors import DatasetCorrupt, UsageError
from harness.imports.formats import FORMATS, format_of
from harness.imports.importing import dataset_name, import_file
from harness.imports.source import Source
from harness.recorder.archive import pack
from harness.recorder.unpack import unpack
from harness.validity.audit import audit
from tests.support.imported import FIXTURES, imported, load

FOUND = {
    "guidellm.json": "guidellm JSON",
    "vllm-bench.json": "vLLM bench JSON",
    "aiperf-records.jsonl": "AIPerf records",
    "aiperf.json": "AIPerf JSON",
    "genai-perf-raw.json": "genai-perf raw JSON",
    "genai-perf.json": "genai-perf JSON",
    "inference-perf-requests.json": "inference-perf requests",
    "inference-perf.json": "inference-perf summary",
    "llama-bench.json": "llama-bench JSON",
    "llama-bench.jsonl": "llama-bench JSONL",
    "llama-bench.csv": "llama-bench CSV",
    "loadgen-detail.txt": "LoadGen detail log",
    "loadgen-summary.txt": "LoadGen summary",
    "optimum-benchmark.json": "optimum-benchmark JSON",
}


@pytest.mark.parametrize(("file", "name"), FOUND.items())
def test_the_format_is_found_from_the_content(file: str, name: str, tmp_path: Path) -> None:
    shutil.copy(FIXTURES / file, tmp_path / "a file.tar")
    assert format_of(Source.of(tmp_path / "a file.tar")).name == name


def test_every_format_has_a_reader() -> None:
    assert all(callable(one.read) for one in FORMATS)


def test_the_origin_is_part_of_the_design(tmp_path: Path) -> None:
    dataset = imported(FIXTURES / "guidellm.json", tmp_path / "data")
    origin = dataset.manifest.imported
    assert origin is not None
    assert (origin.tool, origin.version, origin.file) == ("guidellm", "0.8.1", "guidellm.json")
    assert origin.sha256 == hashlib.sha256((FIXTURES / "guidellm.json").read_bytes()).hexdigest()
    assert origin.bytes == (FIXTURES / "guidellm.json").stat().st_size
    assert dataset.manifest.status == "imported from guidellm 0.8.1"
    assert dataset.manifest.calibration is None
    assert "host_id" not in dataset.manifest.environment


def test_the_same_file_is_imported_once(tmp_path: Path) -> None:
    first, second = (import_file(FIXTURES / "vllm-bench.json", tmp_path / "data") for _ in range(2))
    assert (first.new, second.new) == (True, False)
    assert first.label == second.label
    third = import_file(FIXTURES / "vllm-bench.json", tmp_path / "data", "another name")
    assert third.label == "another-name/v1"


def test_it_travels_as_others_do(tmp_path: Path) -> None:
    dataset = imported(FIXTURES / "aiperf-records.jsonl", tmp_path / "data")
    pack(tmp_path / "data", find(tmp_path / "data", dataset.manifest.study), tmp_path / "pack.tar")
    (there,) = unpack(tmp_path / "pack.tar", tmp_path / "there")
    assert there.digest == dataset.digest
    assert Dataset.open(tmp_path / "there" / there.label).manifest.status.startswith("imported from AIPerf")


def test_nothing_vouches_for_it(tmp_path: Path) -> None:
    rows = {row.rule: row for row in audit(imported(FIXTURES / "guidellm.json", tmp_path / "data"), tmp_path / "data")}
    assert rows["imported"].severity.name == "WARNING"
    assert "loop_lag" not in rows
    assert "calibrated" not in rows


def test_a_design_that_lies_about_its_origin_is_damaged(tmp_path: Path) -> None:
    dataset = imported(FIXTURES / "guidellm.json", tmp_path / "data")
    path = dataset.path / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"tool":"guidellm"', b'"tool":7'))
    with pytest.raises(DatasetCorrupt):
        Dataset.open(dataset.path)


def test_the_commands_say_what_it_is(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    run = CliRunner().invoke
    done = run(app(), ["import", str(FIXTURES / "guidellm.json"), "--data", data])
    assert "Imported guidellm-demo-8b/v1, imported from guidellm 0.8.1: 1 run, 12 requests (sha256" in done.output
    assert "Here already" in run(app(), ["import", str(FIXTURES / "guidellm.json"), "--data", data]).output
    assert "imported from guidellm 0.8.1" in run(app(), ["show", "guidellm-demo-8b", "--data", data]).output
    assert '"status": "imported from guidellm 0.8.1"' in run(app(), ["datasets", "--json", "--data", data]).output
    assert "imported from guidellm" in run(app(), ["audit", "guidellm-demo-8b", "--data", data]).output


def test_what_a_file_holds_is_said(tmp_path: Path) -> None:
    def holds(content: object) -> str:
        path = tmp_path / "results"
        path.write_text(json.dumps(content), encoding="utf-8")
        return import_file(path, tmp_path / "data").holds

    report = load("guidellm.json")
    requests = report["benchmarks"][0]["requests"]
    requests["errored"], requests["successful"] = requests["successful"][:3], requests["successful"][3:]
    report["benchmarks"] *= 2
    assert holds(report) == "2 runs, 24 requests, 6 failed"
    assert holds(load("aiperf.json")) == "1 run, no requests"


def test_a_name_is_that_of_a_dataset() -> None:
    assert dataset_name("../My Model: 7B!") == "my-model-7b"
    with pytest.raises(UsageError, match="--name"):
        dataset_name("…")
