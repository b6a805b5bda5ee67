"""What each tool printed is what the imported dataset gives for its metrics, and its requests give for ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest

from harness.datasets.read import Dataset
from harness.imports.importing import import_file
from harness.metrics import metric
from harness.outcomes import Missing
from tests.support.imported import EXPECTED, FIXTURES, imported, load, value, values

NAMES = {"mean": "mean", "median": "median", "p90": "p90", "p99": "p99", "std": "std_dev"}
PRINTED = (
    ("guidellm.json", "guidellm", "ttft", "guidellm_printed_ttft", 1),
    ("guidellm.json", "guidellm", "itl", "guidellm_printed_itl", 1),
    ("guidellm.json", "guidellm", "tpot", "guidellm_printed_tpot", 1),
    ("guidellm.json", "guidellm", "e2e", "guidellm_printed_request_latency", 1000),
    ("vllm-bench.json", "vllm-bench-serve", "ttft", "vllm_printed_ttft", 1),
    ("vllm-bench.json", "vllm-bench-serve", "tpot", "vllm_printed_tpot", 1),
    ("vllm-bench.json", "vllm-bench-serve", "itl", "vllm_printed_itl", 1),
    ("vllm-bench.json", "vllm-bench-serve", "e2e", "vllm_printed_e2el", 1),
    ("aiperf.json", "aiperf", "ttft", "aiperf_printed_ttft", 1),
    ("aiperf.json", "aiperf", "ttfot", "aiperf_printed_ttfot", 1),
    ("aiperf.json", "aiperf", "tpot", "aiperf_printed_itl", 1),
    ("aiperf.json", "aiperf", "itl", "aiperf_printed_icl", 1),
    ("aiperf.json", "aiperf", "e2e", "aiperf_printed_request_latency", 1),
    ("genai-perf.json", "genai-perf", "ttft", "genai_perf_printed_ttft", 1),
    ("genai-perf.json", "genai-perf", "ttst", "genai_perf_printed_ttst", 1),
    ("genai-perf.json", "genai-perf", "tpot", "genai_perf_printed_itl", 1),
    ("genai-perf.json", "genai-perf", "e2e", "genai_perf_printed_request_latency", 1),
    ("inference-perf.json", "inference-perf", "ttft", "inference_perf_printed_ttft", 1000),
    ("inference-perf.json", "inference-perf", "tpot", "inference_perf_printed_tpot", 1000),
    ("inference-perf.json", "inference-perf", "itl", "inference_perf_printed_itl", 1000),
    ("inference-perf.json", "inference-perf", "e2e", "inference_perf_printed_request_latency", 1000),
    ("inference-perf.json", "inference-perf", "ntpot", "inference_perf_printed_ntpot", 1000),
    ("loadgen-detail.txt", "mlperf-loadgen", "e2e", "loadgen_latency", 1e-6),
    ("loadgen-detail.txt", "mlperf-loadgen", "ttft", "loadgen_first_token_latency", 1e-6),
    ("loadgen-detail.txt", "mlperf-loadgen", "tpot", "loadgen_time_per_output_token", 1e-6),
    ("loadgen-summary.txt", "mlperf-loadgen", "e2e", "loadgen_latency", 1e-6),
    ("loadgen-summary.txt", "mlperf-loadgen", "tpot", "loadgen_time_per_output_token", 1e-6),
)
OF_REQUESTS = (
    ("guidellm.json", "guidellm", "recomputed", "ttft", "ttft_from_send", 1),
    ("guidellm.json", "guidellm", "recomputed", "ours_tpot_ms_per_request", "tpot", 1),
    ("guidellm.json", "guidellm", "recomputed", "e2e", "guidellm_request_latency", 1000),
    ("vllm-bench.json", "vllm-bench-serve", "recomputed_from_lists", "ttft", "ttft_from_send", 1),
    ("vllm-bench.json", "vllm-bench-serve", "recomputed_from_lists", "tpot", "tpot", 1),
    ("vllm-bench.json", "vllm-bench-serve", "recomputed_from_lists", "itl", "itl", 1),
    ("vllm-bench.json", "vllm-bench-serve", "recomputed_from_lists", "e2e", "e2e_from_send", 1),
    ("aiperf-records.jsonl", "aiperf", "recomputed_from_jsonl", "ttft", "ttft_from_send", 1),
    ("aiperf-records.jsonl", "aiperf", "recomputed_from_jsonl", "tpot", "tpot", 1),
    ("aiperf-records.jsonl", "aiperf", "recomputed_from_jsonl", "itl", "inter_chunk_latency", 1),
    ("aiperf-records.jsonl", "aiperf", "recomputed_from_jsonl", "e2e", "e2e_from_send", 1),
    ("genai-perf-raw.json", "genai-perf", "recomputed_from_raw", "ttft", "ttft_from_send", 1),
    ("genai-perf-raw.json", "genai-perf", "recomputed_from_raw", "e2e", "e2e_from_send", 1),
    ("inference-perf-requests.json", "inference-perf", "recomputed_from_per_request", "ttft", "ttft_from_send", 1000),
    ("inference-perf-requests.json", "inference-perf", "recomputed_from_per_request", "itl", "itl", 1000),
    (
        "inference-perf-requests.json",
        "inference-perf",
        "recomputed_from_per_request",
        "e2e",
        "inference_perf_request_latency",
        1000,
    ),
)
RATES = (
    ("guidellm.json", "guidellm", "guidellm_request_throughput", "guidellm_output_token_throughput"),
    ("vllm-bench.json", "vllm-bench-serve", "vllm_request_throughput", "vllm_output_throughput"),
    ("aiperf.json", "aiperf", "aiperf_request_throughput", "aiperf_output_token_throughput"),
    ("genai-perf.json", "genai-perf", "genai_perf_request_throughput", "genai_perf_output_token_throughput"),
    ("loadgen-detail.txt", "mlperf-loadgen", "loadgen_samples_per_second", "loadgen_tokens_per_second"),
)


Opened = Callable[[str], Dataset]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """A fixture by name as a dataset, each imported once."""
    root = tmp_path_factory.mktemp("imports") / "data"
    return cache(lambda name: imported(FIXTURES / name, root))


@pytest.mark.parametrize(("file", "tool", "quantity", "prefix", "scale"), PRINTED)
def test_a_printed_statistic_is_kept(
    file: str, tool: str, quantity: str, prefix: str, scale: float, opened: Opened
) -> None:
    dataset = opened(file)
    said = EXPECTED[tool]["summary"][quantity]
    for ending, name in NAMES.items():
        if said.get(name) is None:
            continue
        assert value(dataset, f"{prefix}_{ending}") == pytest.approx(said[name] * scale, rel=1e-12)
    assert metric(f"{prefix}_mean").unit.symbol == "ms"


@pytest.mark.parametrize(("file", "tool", "source", "quantity", "metric_id", "scale"), OF_REQUESTS)
def test_requests_give_what_was_printed(
    file: str, tool: str, source: str, quantity: str, metric_id: str, scale: float, opened: Opened
) -> None:
    dataset = opened(file)
    said = EXPECTED[tool][source][quantity]
    for within in ("mean", "median"):
        assert value(dataset, metric_id, within) == pytest.approx(said[within] * scale, abs=2e-6)
    assert values(dataset, metric_id).requests[0] == said["count"]


@pytest.mark.parametrize(("file", "tool", "requests", "tokens"), RATES)
def test_a_rate_is_kept(file: str, tool: str, requests: str, tokens: str, opened: Opened) -> None:
    dataset = opened(file)
    for quantity, metric_id in (("request_throughput", requests), ("output_token_throughput", tokens)):
        said = EXPECTED[tool]["summary"][quantity]
        number = said.get("mean", said.get("value"))
        assert value(dataset, metric_id) == pytest.approx(number, rel=1e-12)


@pytest.mark.parametrize("name", ["llama-bench.json", "llama-bench.jsonl", "llama-bench.csv"])
def test_llama_bench_has_a_run_for_each_repetition(name: str, opened: Opened) -> None:
    dataset = opened(name)
    runs = dataset.runs.select(["level.test", "level.n_threads"]).to_pylist()
    csv = name.endswith(".csv")
    assert len(runs) == (4 if csv else 12)
    assert {(row["level.test"], row["level.n_threads"]) for row in runs} == {
        (test, threads) for test in ("pp32", "tg8") for threads in ("1", "2")
    }
    assert not csv or not values(dataset, "llama_bench_prompt_tps").present.size
    assert dataset.manifest.models[0].parameters == 268098176


def test_llama_bench_rates_are_those_that_it_printed(opened: Opened) -> None:
    dataset = opened("llama-bench.json")
    for said in EXPECTED["llama-bench"]["tests"]:
        prompt = said["n_prompt"] > 0
        rates = values(dataset, "llama_bench_prompt_tps" if prompt else "llama_bench_generation_tps")
        mine = rates.take(
            (rates.columns["n_threads"] == str(said["n_threads"]))
            & (rates.columns["test"] == ("pp32" if prompt else "tg8"))
        )
        assert mine.present.mean() == pytest.approx(said["recomputed"]["mean_ts"], rel=1e-12)
        assert mine.present.mean() == pytest.approx(said["avg_ts_tokens_per_s"], abs=1e-5)
        assert np.std(mine.present, ddof=1) == pytest.approx(said["stddev_ts"], abs=1e-5)
        printed = values(dataset, "llama_bench_printed_avg_ts").take(
            (rates.columns["n_threads"] == str(said["n_threads"]))
            & (rates.columns["test"] == ("pp32" if prompt else "tg8"))
        )
        assert printed.present.tolist() == [said["avg_ts_tokens_per_s"]]
    other = values(dataset, "llama_bench_generation_tps").missing
    assert set(other) == {Missing.NOT_APPLICABLE}


def test_optimum_benchmark_has_a_run_for_each_repetition(opened: Opened) -> None:
    dataset = opened("optimum-benchmark.json")
    said = EXPECTED["optimum-benchmark"]["summary"]
    for quantity, metric_id in (
        ("ttft_like_prefill", "optimum_prefill_latency"),
        ("decode", "optimum_decode_latency"),
        ("e2e_like_generate", "optimum_generate_latency"),
    ):
        found = values(dataset, metric_id).present
        assert len(found) == said[quantity]["count"]
        assert fmean(found) == pytest.approx(said[quantity]["mean"] * 1000, rel=1e-12)
        assert np.quantile(found, 0.9) == pytest.approx(said[quantity]["p90"] * 1000, rel=1e-12)
    seconds = values(dataset, "optimum_decode_latency").present / 1000
    tokens = values(dataset, "optimum_decode_throughput").present * seconds
    assert tokens.sum() / seconds.sum() == pytest.approx(said["decode_throughput"]["value"], rel=1e-12)
    assert "per_token" not in str(dataset.manifest.design["metrics"])


def test_guidellm_says_nothing_of_gaps(opened: Opened) -> None:
    dataset = opened("guidellm.json")
    for metric_id in ("itl", "inter_chunk_latency", "decode_tps"):
        assert values(dataset, metric_id).missing == {Missing.NOT_REPORTED: 1}
    assert value(dataset, "output_tokens") == 12


def test_the_planned_start_of_guidellm_is_the_targeted_one(opened: Opened) -> None:
    dataset = opened("guidellm.json")
    delay, ttft, sent = (value(dataset, name) for name in ("schedule_delay", "ttft", "ttft_from_send"))
    assert delay is not None
    assert sent is not None
    assert delay == pytest.approx(4.6821, abs=1e-3)  # its request_targeted_start_delay_avg
    assert ttft == pytest.approx(delay + sent, abs=1e-6)


def test_where_nobody_says_what_was_planned_nothing_counts_from_it(opened: Opened) -> None:
    dataset = opened("inference-perf-requests.json")
    for metric_id in ("ttft", "e2e_latency", "schedule_delay"):
        assert values(dataset, metric_id).missing == {Missing.NOT_REPORTED: 1}


def test_genai_perf_counts_tokens_with_a_tokenizer_that_is_not_in_its_file(opened: Opened) -> None:
    dataset = opened("genai-perf-raw.json")
    for metric_id in ("tpot", "output_tokens", "output_token_throughput"):
        assert value(dataset, metric_id) is None


@pytest.mark.parametrize(
    "changed", [f"{one}_{name}_ms" for one in ("mean", "median", "p99") for name in ("ttft", "tpot", "itl")]
)
def test_a_summary_of_vllm_that_contradicts_its_requests_is_told(changed: str, tmp_path: Path) -> None:
    result = load("vllm-bench.json")
    path = tmp_path / "vllm.json"
    path.write_text(json.dumps(result), encoding="utf-8")
    assert import_file(path, tmp_path / "data").remarks == []
    path.write_text(json.dumps(result | {changed: result[changed] * 1.02}), encoding="utf-8")
    (remark,) = import_file(path, tmp_path / "data").remarks
    assert (
        f"line 1: its summary contradicts its requests: {changed} is {result[changed] * 1.02:.6g}, they give" in remark
    )


def test_a_count_of_vllm_that_contradicts_its_requests_is_told(tmp_path: Path) -> None:
    path = tmp_path / "vllm.json"
    path.write_text(json.dumps(load("vllm-bench.json") | {"completed": 11}), encoding="utf-8")
    (remark,) = import_file(path, tmp_path / "data").remarks
    assert remark.endswith("completed is 11, 12 of them were answered")
