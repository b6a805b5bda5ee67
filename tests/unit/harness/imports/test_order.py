"""Files whose requests stand in another order, twice, or years apart: when a run began and how long it lasted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.errors import BinderyError, DataError
from harness.imports.importing import import_file
from tests.support.imported import FIXTURES, imported_json, load, value


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data"


def records() -> list[Any]:
    text = (FIXTURES / "aiperf-records.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def aiperf(rows: list[Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def guidellm(rows: list[Any]) -> Any:
    report = load("guidellm.json")
    report["benchmarks"][0]["requests"]["successful"] = rows
    report["benchmarks"][0].pop("duration", None)
    return report


def genai(rows: list[Any]) -> Any:
    raw = load("genai-perf-raw.json")
    raw["experiments"][0]["requests"] = rows
    return raw


FILES: dict[str, tuple[Callable[[], list[Any]], Callable[[list[Any]], Any]]] = {
    "AIPerf": (records, aiperf),
    "guidellm": (lambda: load("guidellm.json")["benchmarks"][0]["requests"]["successful"], guidellm),
    "genai-perf": (lambda: load("genai-perf-raw.json")["experiments"][0]["requests"], genai),
    "inference-perf": (lambda: load("inference-perf-requests.json"), list),
}


@pytest.mark.parametrize("tool", FILES)
def test_a_run_begins_and_lasts_the_same_in_whatever_order_its_requests_stand(root: Path, tool: str) -> None:
    rows, whole = FILES[tool]
    found = []
    for order in (rows(), rows()[::-1], rows()[5:] + rows()[:5]):
        dataset = imported_json(whole(order), root)
        (run,) = dataset.runs.to_pylist()
        planned = dataset.requests["planned_ns"].to_pylist()
        sent = [at + wait for at, wait in zip(planned, dataset.requests["sent_ns"].to_pylist(), strict=True)]
        assert 0 in (min(sent), min(planned))
        found.append((run["started_unix_ns"] or 0, run["duration_ns"], *sorted(planned)))
    for other in found[1:]:
        assert other == pytest.approx(found[0], rel=0, abs=1_000), "a microsecond, of seconds since 1970"


@pytest.mark.parametrize(
    ("tool", "said"), [("AIPerf", "line 13.metadata.x_request_id"), ("guidellm", "successful[12].request_id")]
)
def test_a_request_that_is_there_twice_is_refused(root: Path, tool: str, said: str) -> None:
    rows, whole = FILES[tool]
    with pytest.raises(DataError) as caught:
        imported_json(whole([*rows(), rows()[3]]), root)
    assert said in str(caught.value)
    assert "which another request has; keep one of them" in str(caught.value)


def test_a_request_of_another_year_is_refused(root: Path) -> None:
    rows = records()
    rows[4]["metadata"] |= {"request_start_ns": 1, "request_end_ns": 2, "credit_issued_ns": 1}
    with pytest.raises(DataError, match="line 5: it is more than a year before or after another request"):
        imported_json(aiperf(rows), root)


def test_a_list_of_records_is_one_of_lines(root: Path) -> None:
    assert value(imported_json(records(), root), "ttft") == value(imported_json(aiperf(records()), root), "ttft")
    rows = records()
    rows[3]["metrics"]["request_latency"]["value"] = "soon"
    with pytest.raises(DataError, match=r"line 5\.metrics\.request_latency\.value: it is 'soon'"):
        imported_json("[\n" + ",\n".join(map(json.dumps, rows)) + "]", root)


@pytest.mark.parametrize("group", ["errored", "incomplete"])
def test_a_request_of_guidellm_without_any_time_moves_no_other(root: Path, group: str) -> None:
    plain = imported_json(load("guidellm.json"), root).runs.to_pylist()[0]
    report = load("guidellm.json")
    requests = report["benchmarks"][0]["requests"]
    lost = json.loads(json.dumps(requests["successful"][0])) | {"request_id": "lost"}
    lost["info"]["timings"] = {"request_end": lost["info"]["timings"]["request_end"]}
    report["benchmarks"][0]["requests"] = {group: [lost], "successful": requests["successful"]}
    dataset = imported_json(report, root)
    assert dataset.runs.to_pylist()[0]["started_unix_ns"] == plain["started_unix_ns"]
    assert dataset.requests.num_rows == 13


def test_a_rate_that_its_own_repetitions_contradict_is_said(root: Path) -> None:
    rows = load("llama-bench.json")
    path = root.parent / "rows.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    assert list(import_file(path, root).remarks) == []
    rows[0]["samples_ns"] = [one / 1000 for one in rows[0]["samples_ns"]]
    path.write_text(json.dumps(rows), encoding="utf-8")
    (remark,) = import_file(path, root).remarks
    assert remark.startswith("line 1: avg_ts is ")
    assert "its samples_ns give " in remark


def test_a_sample_of_guidellm_gives_no_throughput(root: Path) -> None:
    report = load("guidellm.json")
    del report["benchmarks"][0]["requests"]["successful"][5:]
    path = root.parent / "sample.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    found = import_file(path, root)
    assert list(found.remarks) == [
        "benchmarks[0]: it holds 5 of 12 successful requests, a sample; throughput is not computed from them"
    ]
    metrics = imported_json(report, root).manifest.design["metrics"]
    assert not {"request_throughput", "output_token_throughput"} & set(metrics)
    assert {"ttft", "tpot", "guidellm_request_throughput"} <= set(metrics)


def test_chunks_that_do_not_add_up_are_said(root: Path) -> None:
    rows = records()
    path = root.parent / "records.jsonl"
    path.write_text(aiperf(rows), encoding="utf-8")
    assert list(import_file(path, root).remarks) == []
    rows[2]["metrics"]["inter_chunk_latency"]["unit"] = "us"
    path.write_text(aiperf(rows), encoding="utf-8")
    assert list(import_file(path, root).remarks) == [
        "line 3: its chunks do not add up to its request_latency (1 such in the file)"
    ]


def changed(name: str, *path: Any, to: Any) -> Any:
    document = holder = load(name)
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = to
    return document


FIRST = ("benchmarks", 0, "requests", "successful", 0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (changed("vllm-bench.json", "ttfts", to={"0": 0.1}), "line 1.ttfts: it is {}, a list is expected"),
        (changed("vllm-bench.json", "ttfts", to=0.1), "line 1.ttfts: it is 0.1, a list is expected"),
        (changed("vllm-bench.json", "duration", to=[1.0]), "line 1.duration: it is [], a number is expected"),
        (
            changed("vllm-bench.json", "latencies", 0, to=0.001),
            "line 1.request 0: its latency of 0.001 s is shorter than",
        ),
        (
            changed("vllm-bench.json", "output_lens", 0, to=10**9),
            "line 1.request 0: it has more than 100,000,000 tokens",
        ),
        (changed("guidellm.json", "benchmarks", to={"0": {}}), "line 1: [ is expected, not '{'"),
        (changed("guidellm.json", "benchmarks", 0, "requests", to=[]), "line 1: { is expected, not '['"),
        (changed("guidellm.json", *FIRST[:-1], to={}), "line 1: [ is expected, not '{'"),
        (changed("guidellm.json", "benchmarks", 0, "metrics", to=[]), "benchmarks[0].metrics: an object is expected"),
        (changed("guidellm.json", "benchmarks", 0, "config", to="x"), "benchmarks[0].config: an object is expected"),
        (changed("genai-perf-raw.json", "experiments", 0, "requests", to={}), "line 1: [ is expected, not '{'"),
        (changed("genai-perf-raw.json", "experiments", 0, "experiment", to=7), "experiments[0].experiment: it is 7"),
        (
            changed("guidellm.json", *FIRST, "info", "timings", "last_token_iteration", to=1795641608.25),
            "successful[0].last token: it comes before the first one",
        ),
    ],
)
def test_what_is_of_another_shape_is_not_left_out_in_silence(root: Path, content: Any, said: str) -> None:
    with pytest.raises(DataError) as caught:
        imported_json(content, root)
    assert said in str(caught.value)


def test_a_count_in_another_unit_is_refused(root: Path) -> None:
    rows = records()
    rows[0]["metrics"]["output_sequence_length"]["unit"] = "ktokens"
    with pytest.raises(DataError, match=r"line 1\.metrics\.output_sequence_length\.unit: it is 'ktokens', tokens are"):
        imported_json(aiperf(rows), root)


@pytest.mark.parametrize("name", ["loadgen-detail.txt", "loadgen-summary.txt"])
def test_a_latency_of_loadgen_below_zero_is_refused(root: Path, name: str) -> None:
    text = (FIXTURES / name).read_text(encoding="utf-8")
    assert "25562288" in text
    with pytest.raises(DataError, match=r"it is -2\.55623e\+07, which no benchmark measures"):
        imported_json(text.replace("25562288", "-25562288"), root, name)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"BZh91AY", "compressed (bzip2); unpack it"),
        (b"\x04\x22\x4d\x18", "compressed (lz4); unpack it"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it"),
        (b"PAR1" + bytes(600), "Parquet; export JSON from the tool"),
        (b"SQLite format 3\0" + bytes(600), "a database of SQLite"),
        ("[]".encode("utf-32"), "text in UTF-32"),
        (
            b'{"results": [1], "other": 2}',
            "of no format that is known: its first object has ['other', 'results']; import",
        ),
        (b"[[" * 3000, "of no format that is known: it is a list whose first value has no names; import"),
        (b"[{}]", "of no format that is known: it is a list whose first value has no names; import"),
        (b"{}", "of no format that is known: its first object is empty; import"),
        (b'{"a":' * 5000, "line 1: it is nested too deeply"),
    ],
)
def test_a_file_of_no_known_format_says_what_it_has(root: Path, content: bytes, said: str) -> None:
    path = root.parent / "results"
    path.write_bytes(content)
    with pytest.raises(BinderyError) as caught:
        import_file(path, root)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not root.exists()
