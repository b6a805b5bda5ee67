"""Files of other tools that are cut short, damaged, hostile or of the wrong types: one clear line, and nothing left."""

from __future__ import annotations

import gzip
import json
import re
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from harness.cli import app
from harness.datasets.recordings import read_manifest
from harness.errors import BinderyError, DataError, UsageError
from harness.imports.importing import import_file
from tests.support.imported import FIXTURES

FILES = sorted(path.name for path in FIXTURES.iterdir() if path.name not in ("expected.json", "README.md"))
JSON = [name for name in FILES if name.endswith(".json")]
FEW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WRONG: list[Any] = [None, True, -1, 1e300, "", "x" * 100, "\x1b[2J\u202e", [], [1], {}, {"a": 1}, 10**400, "\ud800"]


def refused(content: bytes) -> BinderyError | None:
    """What an import of these bytes says, after a look at what it left behind; null where it made a dataset."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        path, root = folder / "results", folder / "data"
        path.write_bytes(content)
        found: BinderyError | None = None
        try:
            import_file(path, root)
        except BinderyError as error:
            found = error
        if found is not None:
            assert not root.exists() or [*root.rglob("*")] == []
            said = str(found)
            assert "\n" not in said
            assert str(path) in said
            assert len(said) < 800
        return found


@cache
def content(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


@pytest.mark.parametrize("name", FILES)
@FEW
@given(st.data())
def test_a_file_that_is_cut_short(name: str, data: st.DataObject) -> None:
    whole = content(name)
    error = refused(whole[: data.draw(st.integers(0, len(whole) - 2))])
    if not name.endswith((".jsonl", ".csv")) and name != "loadgen-summary.txt":
        assert error is not None, "a file that is no list of lines cannot be whole"


@pytest.mark.parametrize("name", FILES)
@FEW
@given(st.data())
def test_a_file_with_other_bytes_in_it(name: str, data: st.DataObject) -> None:
    whole = bytearray(content(name))
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    refused(bytes(whole))


def places(found: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where values stand in a document."""
    if path:
        yield path
    inside = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, value in inside:
        yield from places(value, (*path, key))


@cache
def all_places(name: str) -> list[tuple[Any, ...]]:
    return [*places(json.loads(content(name)))]


@pytest.mark.parametrize("name", JSON)
@FEW
@given(st.data())
def test_a_value_of_another_type(name: str, data: st.DataObject) -> None:
    document = json.loads(content(name))
    path = data.draw(st.sampled_from(all_places(name)))
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = data.draw(st.sampled_from(WRONG))
    refused(json.dumps(document).encode())


@pytest.mark.parametrize("name", [name for name in JSON if name != "genai-perf-raw.json"])
def test_what_is_no_number_of_json(name: str) -> None:
    token = {0: "NaN", 1: "Infinity", 2: "-Infinity"}[JSON.index(name) % 3]
    written = re.sub(rb": [0-9]+\.[0-9]+", b": " + token.encode(), content(name), count=1)
    error = refused(written)
    assert f"{token} is no number of JSON" in str(error)


def test_a_number_that_is_too_large_to_be_one() -> None:
    for number in ("1e999", "-1e300", "9" * 400):
        error = refused(re.sub(rb'("mean_ttft_ms": )[0-9.]+', rb"\g<1>" + number.encode(), content("vllm-bench.json")))
        assert "mean_ttft_ms" in str(error)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", UsageError),
        (b" \n\t", UsageError),
        (b"hello", UsageError),
        (b"{}", UsageError),
        (b"[]", UsageError),
        (b"[1, 2]", UsageError),
        (b'{"a": 1}', UsageError),
        (b'{"benchmarks": 1}', DataError),
        (b'{"benchmarks": []}', DataError),
        (b'{"benchmarks": [[]]}', DataError),
        (b'{"benchmarks": [{"requests": {"successful": [7]}}]}', DataError),
        (b'{"benchmarks": ' + b"[" * 100_000, DataError),
        (b'{"x": ' + b"[" * 100_000, DataError),
        (b'{"x": "' + b"\xff" * 9, DataError),
        (b'{"experiments": [{"requests": [{"timestamp": -1}]}]}', DataError),
        (b'{"config": {}, "report": {}}', DataError),
        (b'[{"n_prompt": 1, "n_gen": 0, "avg_ts": 1}', DataError),
        (b":::MLLOG {", DataError),
        (b":::MLLOG []\n", DataError),
        (b"================\nhello", DataError),
        (b'"n_prompt","n_gen","avg_ts"\n"a","b"\n', DataError),
        (b'{"num_prompts": 1, "completed": 1, "duration": 1} trailing', DataError),
    ],
)
def test_what_is_no_result_of_any_tool(content: bytes, kind: type[BinderyError]) -> None:
    error = refused(content)
    assert type(error) is kind, error


def test_an_error_names_the_place() -> None:
    report = json.loads(content("guidellm.json"))
    report["benchmarks"][0]["requests"]["successful"][3]["info"]["timings"]["request_start"] = "soon"
    said = str(refused(json.dumps(report).encode()))
    assert "benchmarks[0].requests.successful[3].info.timings.request_start: it is 'soon', a number is expected" in said
    said = str(refused(content("guidellm.json").replace(b'"requests"', b'"requests",', 1)))
    assert "line " in said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (gzip.compress(content("aiperf.json")), "compressed (gzip); unpack it"),
        (b"PK\x03\x04" + bytes(30), "a zip archive; unpack it"),
        (content("llama-bench.json").decode().encode("utf-16"), "UTF-16, as PowerShell writes it; save it as UTF-8"),
    ],
)
def test_what_is_to_be_done_with_a_file_that_is_no_text(written: bytes, said: str) -> None:
    error = refused(written)
    assert isinstance(error, UsageError)
    assert said in str(error)


def test_results_of_a_tool_that_hold_nothing_that_is_known() -> None:
    """Such as guidellm 0.1.0, which had reports in its report, and the aggregates of AIPerf."""
    for nothing in ({"benchmarks": [{"benchmarks": [], "args": {}}]}, {"aiperf_version": "0.7.0", "metrics": {"a": 1}}):
        assert "it holds no request, and no number of" in str(refused(json.dumps(nothing).encode()))


def test_time_does_not_run_backwards() -> None:
    result = json.loads(content("vllm-bench.json"))
    result["ttfts"][2] = -0.5
    assert "ttfts[2]: it is -0.5, which is below zero" in str(refused(json.dumps(result).encode()))
    result["ttfts"][2], result["itls"][2][3] = 0.1, -0.5
    assert "request 2: a chunk comes before" in str(refused(json.dumps(result).encode()))
    report = json.loads(content("optimum-benchmark.json"))
    report["report"]["decode"]["latency"]["values"][0] = -1.0
    assert "decode.latency.values: a latency is below zero" in str(refused(json.dumps(report).encode()))


def test_a_log_of_two_runs_is_not_mixed() -> None:
    assert "a second time" in str(refused(content("loadgen-detail.txt") * 2))


def test_an_error_quotes_what_is_wrong_with_json_in_whole() -> None:
    joined = content("loadgen-detail.txt").replace(b"\n:::", b" :::", 1)
    assert "line 1: it is no JSON, or cut short (Extra data);" in str(refused(joined))


def test_a_byte_order_mark_changes_nothing() -> None:
    for name in FILES:
        if not name.endswith(".jsonl"):
            assert refused(b"\xef\xbb\xbf" + content(name)) is None


def test_a_value_that_fills_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.imports.json_reader.MOST_CHARACTERS", 1 << 20)
    error = refused(b'{"benchmarks": [{"metrics": {"a": "' + b"x" * (6 << 20) + b'"}}]}')
    assert "one value has more than" in str(error)


def test_repetitions_that_fill_the_memory_are_refused() -> None:
    said = "more than 50,000 repetitions"
    row = {"n_prompt": 1, "n_gen": 0, "avg_ts": 1.0}
    many = [1] * 30_000
    assert said in str(refused(json.dumps([{**row, "samples_ns": many}] * 2).encode()))
    assert said in str(refused(b"\n".join([json.dumps(row).encode()] * 50_001)))
    report = json.loads(content("optimum-benchmark.json"))
    report["report"]["decode"]["latency"]["values"] = [0.5] * 50_001
    assert said in str(refused(json.dumps(report).encode()))


def changed(name: str, *path: Any, to: Any) -> bytes:
    """The fixture with another value at a place; of JSON lines in its first line."""
    lines = content(name).decode().splitlines() if name.endswith(".jsonl") else [content(name).decode()]
    document = holder = json.loads(lines[0])
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = to
    return "\n".join([json.dumps(document), *lines[1:]]).encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (changed("vllm-bench.json", "output_lens", 0, to=-1), "output_lens[0]: it is -1"),
        (changed("vllm-bench.json", "output_lens", 0, to=1.5), "output_lens[0]: it is 1.5, a count is expected"),
        (changed("vllm-bench.json", "duration", to=-5), "duration: it is -5"),
        (changed("vllm-bench.json", "mean_ttft_ms", to=-5), "mean_ttft_ms: it is -5"),
        (
            changed("aiperf-records.jsonl", "metrics", "request_latency", "value", to=-3),
            "request_latency.value: it is -3",
        ),
        (changed("aiperf.json", "time_to_first_token", "avg", to=-3), "time_to_first_token.avg: it is -3"),
        (changed("inference-perf-requests.json", 1, "end_time", to=0), "request 1: it ends before it begins"),
        (changed("llama-bench.json", 0, "avg_ts", to=-1), "avg_ts: it is -1"),
        (
            changed("guidellm.json", "benchmarks", 0, "requests", "successful", 3, "request_latency", to=-5),
            "successful[3].request_latency: it is -5",
        ),
    ],
)
def test_no_time_rate_or_count_is_below_zero(content: bytes, said: str) -> None:
    assert said in str(refused(content))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (changed("vllm-bench.json", "ttfts", 0, to=1e12), "a time is longer than a hundred years"),
        (changed("vllm-bench.json", "start_times", 0, to=1e14), "a time is longer than a hundred years"),
        (changed("llama-bench.json", 0, "test_time", to="9999-12-31T23:59:59Z"), "when no benchmark ran"),
        (changed("llama-bench.json", 0, "test_time", to="0001-01-01T00:00:00Z"), "when no benchmark ran"),
    ],
)
def test_no_time_is_too_long_to_be_one(content: bytes, said: str) -> None:
    assert said in str(refused(content))


@pytest.mark.parametrize("name", [name for name in JSON if not name.startswith(("llama", "inference-perf-requests"))])
def test_a_member_that_is_there_twice(name: str) -> None:
    whole = content(name).strip()
    assert "is there twice" in str(refused(whole[:-1] + b"," + whole[1:]))


def test_columns_that_are_there_twice_or_too_many() -> None:
    header, *rows = content("llama-bench.csv").decode().splitlines()
    for more in (",n_gen", "".join(f",c{place}" for place in range(1000))):
        wider = [header + more, *(row + ",1" * more.count(",") for row in rows)]
        assert "line 1: it has " in str(refused("\n".join(wider).encode()))


def test_empty_lines_of_csv_say_nothing() -> None:
    assert refused(content("llama-bench.csv").replace(b"\n", b"\n\n")) is None


def test_a_summary_of_two_runs() -> None:
    assert "a second time" in str(refused(content("loadgen-summary.txt") * 2))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        ("{}".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04" + b"\0" * 600, "a zip archive"),
        (b"\x1f\x8b" + b"\0" * 600, "compressed (gzip)"),
        (b'{"num_prompts": 1, "a": "' + b"\0" * 600, "it is no JSON"),
        (b"| model | size | t/s |\n", "llama-bench, whose numbers are rounded; run it with -o json"),
        (b"CREATE TABLE IF NOT EXISTS test (\n", "run it with -o json"),
        (b"Metric,avg,min\n", "import the JSON beside it"),
        (b"Run Info,Run Info\n", "import benchmarks.json"),
        (b"config.name,config.backend.name\n", "import benchmark.json"),
        (b"<!doctype html>", "HTML"),
        (b'{"elapsed_time": 1, "num_requests": 1, "tokens_per_second": 1}', "vllm bench throughput"),
        (b'{"avg_latency": 1, "latencies": [], "percentiles": {}}', "vllm bench latency"),
    ],
)
def test_a_file_of_another_kind_is_named_with_what_to_do(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "results"
    path.write_bytes(content)
    done = CliRunner().invoke(app(), ["import", str(path), "--data", str(tmp_path / "a/data")])
    assert said in str(done.exception)
    assert [*tmp_path.iterdir()] == [path]


def test_a_folder_and_a_pack_that_is_none_leave_nothing(tmp_path: Path) -> None:
    pack = tmp_path / "pack.tar"
    with tarfile.open(pack, "w") as tar:
        tar.add(FIXTURES / "aiperf.json", "../evil")
    for source, said in ((tmp_path, "is no plain file"), (pack, "has no place in it")):
        done = CliRunner().invoke(app(), ["import", str(source), "--data", str(tmp_path / "a/data")])
        assert said in str(done.exception)
        assert [*tmp_path.iterdir()] == [pack]


def lines_with(name: str, line: int, old: bytes, new: bytes) -> bytes:
    """The fixture of JSON lines with one line changed."""
    lines = content(name).splitlines(keepends=True)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    return b"".join(lines)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            lines_with("aiperf-records.jsonl", 5, b'"metadata"', b'"metadata": {}, "metadata"'),
            "line 5: the member 'metadata' is there twice",
        ),
        (lines_with("aiperf-records.jsonl", 5, b'"unit"', b'"unit": "s", "unit"'), "line 5: the member 'unit'"),
        (lines_with("llama-bench.jsonl", 2, b'"n_gen"', b'"n_gen": 1, "n_gen"'), "line 2: the member 'n_gen'"),
        (
            lines_with("loadgen-detail.txt", 3, b'"is_error"', b'"is_error": true, "is_error"'),
            "line 3: the member 'is_error' is there twice",
        ),
    ],
)
def test_a_member_of_a_record_that_is_there_twice(content: bytes, said: str) -> None:
    assert said in str(refused(content))


@pytest.mark.parametrize("name", ["guidellm.json", "inference-perf-requests.json", "genai-perf-raw.json"])
def test_a_member_of_a_decoded_request_that_is_there_twice(name: str) -> None:
    """In the middle of the list, where requests are decoded many at once."""
    whole = content(name)
    member = {"g": b'"request_start"', "i": b'"start_time"', "e": b'"timestamp"'}["e" if name[1] == "e" else name[0]]
    parts = whole.split(member)
    before, after = member.join(parts[:5]), member.join(parts[5:])
    assert "is there twice" in str(refused(before + member + b": 1, " + member + after))


def test_times_of_a_record_do_not_contradict_each_other() -> None:
    def said(part: str, **what: Any) -> str:
        lines = content("aiperf-records.jsonl").decode().splitlines()
        record = json.loads(lines[1])
        record[part] |= what
        return str(refused("\n".join([lines[0], json.dumps(record), *lines[2:]]).encode()))

    late = json.loads(content("aiperf-records.jsonl").splitlines()[1])["metadata"]["request_start_ns"] + 10**9
    assert "line 2: it was answered before its planned start" in said("metadata", credit_issued_ns=late)
    first = {"value": 1e6, "unit": "ms"}
    assert "line 2.metrics.time_to_first_token: it is 1e+06 ms, later than" in said(
        "metrics", time_to_first_token=first
    )


def test_a_record_is_named_by_its_line() -> None:
    """Empty lines count."""
    whole = content("aiperf-records.jsonl").replace(b"\n", b"\n\n", 1)
    lines = whole.splitlines()
    record = json.loads(lines[3])
    record["metrics"]["inter_chunk_latency"]["value"][0] = -50
    lines[3] = json.dumps(record).encode()
    assert "line 4: a chunk comes before" in str(refused(b"\n".join(lines)))
    record["metrics"]["request_latency"]["value"] = "soon"
    lines[3] = json.dumps(record).encode()
    assert "line 4.metrics.request_latency.value: it is 'soon'" in str(refused(b"\n".join(lines)))
    tests = content("llama-bench.jsonl").splitlines()
    tests[1] = tests[1].replace(b'"avg_ts": ', b'"avg_ts": -', 1)
    assert "line 2.avg_ts: it is -" in str(refused(b"\n".join(tests)))
    result = json.loads(content("vllm-bench.json"))
    good = json.dumps(result)
    result["ttfts"][2] = None
    said = str(refused(f"{good}\n{json.dumps(result)}".encode()))
    assert "line 2.ttfts[2]: it is null" in said


def test_a_setting_of_more_than_64_bits_is_kept_to_the_last_digit(tmp_path: Path) -> None:
    long = 12345678901234567890123
    rows = [json.loads(line) for line in content("llama-bench.jsonl").splitlines()]
    path = tmp_path / "results.jsonl"
    path.write_text("".join(json.dumps(row | {"seed": long}) + "\n" for row in rows), encoding="utf-8")
    manifest = read_manifest(tmp_path / "data" / import_file(path, tmp_path / "data").label)
    assert str(long) in json.dumps(manifest.design)


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        ('"value": 1e16, "unit": "ms"', "value: it is 1e+16, which no benchmark measures"),
        ('"value": -1.5, "unit": "ms"', "value: it is -1.5, which is below zero"),
        ('"value": true, "unit": "ms"', "value: it is True, a number is expected"),
        ('"value": 1.5, "unit": "m"', "unit: it is 'm', a unit of time is expected"),
    ],
)
def test_a_quantity_of_aiperf_is_checked(quantity: str, said: str) -> None:
    row = f'{{"metadata": {{"request_start_ns": 1}}, "metrics": {{"request_latency": {{{quantity}}}}}}}'
    assert f"line 1.metrics.request_latency.{said}" in str(refused(row.encode()))


@pytest.mark.parametrize("gap", ["1e16", "-1e16", "true", "null"])
def test_a_gap_of_aiperf_is_checked(gap: str) -> None:
    gaps = f'{{"value": [1.5, {gap}, 2.5], "unit": "ms"}}'
    row = f'{{"metadata": {{"request_start_ns": 1}}, "metrics": {{"inter_chunk_latency": {gaps}}}}}'
    assert "line 1.metrics.inter_chunk_latency.value[1]: it is" in str(refused(row.encode()))


LONG = 10**4000


@pytest.mark.parametrize(
    ("name", "place", "said"),
    [
        ("vllm-bench.json", ("max_concurrency",), "line 1.max_concurrency: it is 1000"),
        ("vllm-bench.json", ("num_prompts",), "line 1.num_prompts: it is 1000"),
        ("genai-perf.json", ("input_config", "perf_analyzer", "stimulus", "concurrency"), "concurrency: it is 1000"),
        ("aiperf.json", ("input_config", "phases", 0, "concurrency"), "concurrency: it is 1000"),
    ],
)
def test_a_long_whole_number_is_named_and_cut(name: str, place: tuple[str | int, ...], said: str) -> None:
    whole = json.loads(content(name))
    inner = whole
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = LONG
    error = str(refused(json.dumps(whole).encode()))
    assert said in error
    assert len(error) < 300


@pytest.mark.parametrize("response", ['data: {"choices": []}', "", 'data: {"choices": [{"text": "a"}]}'])
def test_a_response_of_genai_perf_before_its_request(response: str) -> None:
    raw = json.loads(content("genai-perf-raw.json"))
    row = raw["experiments"][0]["requests"][3]
    row["response_timestamps"][0] = row["timestamp"] - 1
    row["response_outputs"][0] = {"response": response}
    said = "experiments[0].requests[3].response_timestamps: a response came before the request"
    assert said in str(refused(json.dumps(raw).encode()))
