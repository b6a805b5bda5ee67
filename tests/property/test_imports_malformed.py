"""Files of other tools that are cut short, damaged, hostile or of the wrong types: one clear line, and nothing left."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
    assert "request 2: a chunk comes before" in str(refused(json.dumps(result).encode()))
    report = json.loads(content("optimum-benchmark.json"))
    report["report"]["decode"]["latency"]["values"][0] = -1.0
    assert "decode.latency.values: a latency is below zero" in str(refused(json.dumps(report).encode()))


def test_a_log_of_two_runs_is_not_mixed() -> None:
    assert "a second time" in str(refused(content("loadgen-detail.txt") * 2))


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
