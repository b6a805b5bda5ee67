"""Requests that failed, values that are missing, and other versions and settings of the same tools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.events import Phase
from harness.metrics.runs import per_run
from harness.outcomes import Code, Missing
from tests.support.imported import FIXTURES, imported, imported_json, load, value, values


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data"


def outcomes(dataset: Any) -> list[tuple[str, str | None]]:
    rows = dataset.requests.select(["outcome", "outcome_code"]).to_pylist()
    return [(row["outcome"], row["outcome_code"]) for row in rows]


class TestVllm:
    def failed(self) -> Any:
        """One refused, one whose stream broke after two chunks, ten good ones."""
        result = load("vllm-bench.json")
        for name, first, second in (("ttfts", 0.0, 0.05), ("output_lens", 0, 2), ("latencies", 0.0, 0.0)):
            result[name][0], result[name][1] = first, second
        result["itls"][0], result["itls"][1] = [], [0.01]
        result["errors"][0], result["errors"][1] = "Internal Server Error", "payload is not complete"
        result |= {"completed": 10, "failed": 2}
        return result

    def test_a_request_that_failed_has_no_time(self, root: Path) -> None:
        dataset = imported_json(self.failed(), root)
        assert outcomes(dataset)[:3] == [("failed", Code.TOOL_ERROR)] * 2 + [("ok", None)]
        assert dataset.requests["outcome_detail"].to_pylist()[0] == "Internal Server Error"
        assert values(dataset, "ttft_from_send").missing == {Missing.REQUEST_FAILED: 1}
        assert value(dataset, "ttft_from_send", "min") == pytest.approx(33.245061, abs=1e-5)
        assert value(dataset, "failed_share") == pytest.approx(100 * 2 / 12)
        assert values(dataset, "tpot").requests[0] == 10

    def test_zeros_of_a_summary_of_nothing_are_null(self, root: Path) -> None:
        result = load("vllm-bench.json")
        result |= {name: 0.0 for name in result if name.endswith("_ms")}
        dataset = imported_json(result, root)
        assert "vllm_printed_tpot_mean" not in dataset.manifest.design["metrics"]
        assert values(dataset, "vllm_printed_tpot_mean").missing == {Missing.NO_TOKENS: 1}

    def test_without_details_there_is_what_was_printed(self, root: Path) -> None:
        lists = ("input_lens", "output_lens", "ttfts", "itls", "latencies", "start_times", "queue_times")
        result = {name: found for name, found in load("vllm-bench.json").items() if name not in lists}
        result = {name: found for name, found in result.items() if name not in ("generated_texts", "errors")}
        dataset = imported_json(result, root)
        assert dataset.requests.num_rows == 0
        assert value(dataset, "vllm_printed_ttft_mean") == result["mean_ttft_ms"]
        assert not {"ttft", "ttft_from_send", "tpot"} & set(dataset.manifest.design["metrics"])

    def test_completions_have_ids_of_their_own(self, root: Path) -> None:
        result = load("vllm-bench.json") | {"endpoint_type": "openai", "backend": "openai"}
        dataset = imported_json(result, root)
        assert not {"ttft", "ttft_from_send", "itl", "tpot"} & set(dataset.manifest.design["metrics"])
        assert value(dataset, "vllm_ttft") == pytest.approx(result["mean_ttft_ms"])
        assert value(dataset, "vllm_tpot") == pytest.approx(result["mean_tpot_ms"])
        assert value(dataset, "vllm_e2el") == pytest.approx(result["mean_e2el_ms"])
        for metric in ("ttft", "ttft_from_send", "tpot", "itl", "inter_chunk_latency", "e2e_latency"):
            assert values(dataset, metric).missing == {Missing.NOT_REPORTED: 1}
        assert value(dataset, "output_tokens") == 12

    def test_embeddings_of_chats_are_no_chats(self, root: Path) -> None:
        result = load("vllm-bench.json") | {"endpoint_type": "openai-embeddings-chat"}
        dataset = imported_json(result, root)
        assert not {"ttft", "ttft_from_send", "itl", "tpot"} & set(dataset.manifest.design["metrics"])

    def test_without_gaps_an_answer_ends_with_its_latency(self, root: Path) -> None:
        result = load("vllm-bench.json") | {"itls": None}
        dataset = imported_json(result, root)
        assert value(dataset, "e2e_from_send") == pytest.approx(result["mean_e2el_ms"])
        assert value(dataset, "tpot") == pytest.approx(result["mean_tpot_ms"])
        assert values(dataset, "inter_chunk_latency").missing == {Missing.NOT_REPORTED: 1}
        del result["latencies"]
        assert imported_json(result, root, "without.json").requests.num_rows == 0

    def test_results_that_were_appended_are_runs(self, root: Path) -> None:
        one, two = load("vllm-bench.json"), load("vllm-bench.json") | {"max_concurrency": 8}
        dataset = imported_json("\n".join(map(json.dumps, (one, two, one))), root)
        assert dataset.runs["level.max_concurrency"].to_pylist() == ["2", "2", "8"]
        assert dataset.requests.num_rows == 36

    def test_more_tokens_than_chunks_make_no_gaps_per_token(self, root: Path) -> None:
        result = load("vllm-bench.json")
        result["output_lens"] = [24] * 12
        dataset = imported_json(result, root)
        assert values(dataset, "itl").missing == {Missing.NOT_REPORTED: 1}
        assert value(dataset, "inter_chunk_latency") == pytest.approx(result["mean_itl_ms"])
        assert value(dataset, "tpot") == pytest.approx(result["mean_tpot_ms"] * 11 / 23)

    def test_an_open_loop_counts_from_what_waited_in_the_client(self, root: Path) -> None:
        result = load("vllm-bench.json") | {"request_rate": 5.0, "max_concurrency": None}
        dataset = imported_json(result, root)
        wait, ttft, sent = (value(dataset, name) for name in ("schedule_delay", "ttft", "ttft_from_send"))
        assert wait == pytest.approx(sum(result["queue_times"]) / 12 * 1000)
        assert wait is not None
        assert sent is not None
        assert ttft == pytest.approx(wait + sent)
        del result["queue_times"]
        assert value(imported_json(result, root, "without.json"), "ttft") is None

    def test_a_list_that_is_too_short_is_refused(self, root: Path) -> None:
        result = load("vllm-bench.json")
        result["itls"].pop()
        with pytest.raises(Exception, match=r"results\.json: line 1\.itls: it has 11 entries, ttfts has 12"):
            imported_json(result, root)


class TestGuidellm:
    def test_groups_that_are_empty_print_zeros_that_are_null(self, root: Path) -> None:
        report = load("guidellm.json")
        metrics = report["benchmarks"][0]["metrics"]
        metrics["time_to_first_token_ms"]["successful"] |= {"count": 0, "mean": 0.0, "median": 0.0}
        metrics["inter_token_latency_ms"]["successful"] |= {"count": 88, "mean": 0.0, "median": 0.0}
        dataset = imported_json(report, root)
        for metric in ("guidellm_printed_ttft_mean", "guidellm_printed_itl_mean", "guidellm_printed_tpot_mean"):
            assert values(dataset, metric).missing == {Missing.NO_TOKENS: 1}

    def test_without_a_stream_no_first_token_was_seen_however_many_zeros_are_counted(self, root: Path) -> None:
        """guidellm 0.4.0 to 0.6.0 count each answer without a first token as one after 0 ms."""
        report = load("guidellm.json")
        metrics = report["benchmarks"][0]["metrics"]
        for name in ("time_to_first_token_ms", "inter_token_latency_ms"):
            metrics[name]["successful"] |= {"count": 12, "mean": 0.0, "median": 0.0, "max": 0.0}
        dataset = imported_json(report, root)
        for metric in ("guidellm_printed_ttft_mean", "guidellm_printed_itl_mean"):
            assert values(dataset, metric).missing == {Missing.NO_TOKENS: 1}

    def test_what_failed_and_what_was_cut_off(self, root: Path) -> None:
        report = load("guidellm.json")
        requests = report["benchmarks"][0]["requests"]
        wrong, cut = requests["successful"].pop(), requests["successful"].pop()
        for row, error in ((wrong, "HTTP 500 \x1b[31m"), (cut, None)):
            row["info"]["timings"] |= {"first_token_iteration": None, "last_token_iteration": None}
            row["info"] |= {"error": error}
            row |= {"output_tokens": None, "output_metrics": {"text_tokens": None}, "output": None}
        requests["errored"], requests["incomplete"] = [wrong], [cut]
        dataset = imported_json(report, root)
        assert outcomes(dataset)[-2:] == [("failed", Code.TOOL_ERROR), ("failed", Code.CANCELLED)]
        assert dataset.requests["phase"].to_pylist()[-2:] == [Phase.MEASURED, Phase.UNFINISHED]
        assert value(dataset, "failed_share") == pytest.approx(100 / 11)
        assert values(dataset, "tpot").requests[0] == 10

    def test_answers_that_are_not_streamed_have_no_first_token(self, root: Path) -> None:
        report = load("guidellm.json")
        for row in report["benchmarks"][0]["requests"]["successful"]:
            row["info"]["timings"] |= {"first_token_iteration": None, "last_token_iteration": None}
        dataset = imported_json(report, root)
        for metric in ("ttft", "ttft_from_send", "tpot", "e2e_from_send"):
            assert values(dataset, metric).missing == {Missing.NOT_REPORTED: 1}
        assert value(dataset, "output_tokens") == 12
        assert value(dataset, "guidellm_request_latency") is not None

    def test_a_sweep_has_a_cell_for_each_strategy(self, root: Path) -> None:
        report = load("guidellm.json")
        again = json.loads(json.dumps(report["benchmarks"][0]))
        again["config"]["strategy"] = {"type_": "constant", "rate": 2.5}
        report["benchmarks"].append(again)
        dataset = imported_json(report, root)
        assert dataset.runs["level.load"].to_pylist() == ["concurrent, streams 2", "constant, rate 2.5"]
        assert dataset.requests.num_rows == 24

    def old(self) -> Any:
        """A report as 0.3.1 writes it, of the same requests."""
        rows = []
        for row in load("guidellm.json")["benchmarks"][0]["requests"]["successful"]:
            times = row["info"]["timings"]
            first, last = times["first_token_iteration"], times["last_token_iteration"]
            rows.append(
                {
                    "type_": "generative_text_response",
                    "request_id": row["request_id"],
                    "scheduler_info": {"targeted_start_time": times["targeted_start"] - 1.0},
                    "prompt": "words",
                    "output": row["output"],
                    "prompt_tokens": row["prompt_tokens"],
                    "output_tokens": row["output_tokens"],
                    "start_time": times["request_start"],
                    "end_time": times["request_end"],
                    "first_token_time": first,
                    "last_token_time": last,
                    "request_latency": times["request_end"] - times["request_start"],
                    "time_to_first_token_ms": (first - times["request_start"]) * 1000,
                    "time_per_output_token_ms": (last - first) * 1000 / row["output_tokens"],
                }
            )
        summary = {
            "mean": 10.1,
            "median": 10.0,
            "std_dev": 0.5,
            "count": 144,
            "percentiles": {"p90": 11.0, "p99": 12.0},
        }
        metrics = {name: {"successful": summary} for name in ("time_to_first_token_ms", "time_per_output_token_ms")}
        strategy = {"type_": "concurrent", "streams": 2}
        benchmark = {
            "type_": "generative_benchmark",
            "args": {"strategy": strategy},
            "worker": {"backend_type": "openai_http", "backend_target": "http://x", "backend_model": "acme/demo-8b"},
            "metrics": metrics,
            "request_totals": {"successful": 12, "errored": 0, "incomplete": 0, "total": 12},
            "requests": {"successful": rows, "incomplete": [], "errored": []},
            "start_time": rows[0]["start_time"],
            "end_time": rows[-1]["end_time"],
        }
        return {"benchmarks": [benchmark]}

    def test_version_0_3_divides_by_other_tokens(self, root: Path) -> None:
        dataset, new = imported_json(self.old(), root), imported(FIXTURES / "guidellm.json", root)
        assert dataset.manifest.models[0].name == "acme/demo-8b"
        assert dataset.manifest.imported is not None
        assert dataset.manifest.imported.version is None
        for metric in ("ttft_from_send", "tpot", "guidellm_request_latency"):
            assert value(dataset, metric) == pytest.approx(value(new, metric), abs=1e-6)
        tpot = value(dataset, "tpot")
        assert tpot is not None
        assert value(dataset, "guidellm_0_3_time_per_output_token") == pytest.approx(tpot * 11 / 12, abs=1e-5)
        assert value(dataset, "guidellm_time_per_output_token") is None
        assert value(dataset, "guidellm_0_3_printed_tpot_mean") == 10.1
        assert value(dataset, "guidellm_printed_tpot_mean") is None
        assert value(dataset, "ttft") == value(dataset, "ttft_from_send")

    def test_an_arrival_that_was_planned_counts_from_its_plan(self, root: Path) -> None:
        report = self.old()
        report["benchmarks"][0]["args"]["strategy"] = {"type_": "constant", "rate": 3}
        dataset = imported_json(report, root)
        assert value(dataset, "schedule_delay") == pytest.approx(1004.7, abs=1)


class TestAiperf:
    def records(self) -> list[Any]:
        text = (FIXTURES / "aiperf-records.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def test_errors_and_cancelled_requests_are_kept(self, root: Path) -> None:
        records = self.records()
        records[0] |= {"metrics": {}, "error": {"code": 500, "type": "HTTPError", "message": "no <b>"}}
        records[1] |= {"metrics": {}, "error": {"code": None, "type": "ReadTimeout", "message": None}}
        records[2]["metadata"]["was_cancelled"] = True
        records[3]["metadata"]["benchmark_phase"] = "warmup"
        dataset = imported_json("\n".join(map(json.dumps, records)), root)
        expected = [("failed", Code.HTTP_STATUS), ("failed", Code.TOOL_ERROR), ("failed", Code.CANCELLED), ("ok", None)]
        assert outcomes(dataset)[:4] == expected
        assert dataset.requests["outcome_detail"].to_pylist()[:2] == ["no <b>", "ReadTimeout"]
        assert dataset.requests["phase"].to_pylist()[3] == Phase.WARMUP
        assert values(dataset, "tpot").requests[0] == 8

    def test_a_first_record_that_failed_is_recognised(self, root: Path) -> None:
        record = self.records()[0]
        del record["metrics"]
        record["error"] = "gone"
        assert outcomes(imported_json(json.dumps(record) + "\n", root)) == [("failed", Code.TOOL_ERROR)]

    def test_tokens_of_a_tokenizer_are_not_those_of_chunks(self, root: Path) -> None:
        records = self.records()
        for record in records:
            record["metrics"]["output_sequence_length"]["value"] = 6
        dataset = imported_json("\n".join(map(json.dumps, records)), root)
        assert values(dataset, "itl").missing == {Missing.NOT_REPORTED: 1}
        assert values(dataset, "inter_chunk_latency").requests[0] == 132
        assert value(dataset, "tpot") == pytest.approx(11.473511333333335 * 11 / 5)
        assert value(dataset, "output_tokens") == 6

    def test_what_the_summary_leaves_out_is_null(self, root: Path) -> None:
        summary = load("aiperf.json")
        del summary["time_to_first_token"]
        dataset = imported_json(summary, root)
        assert values(dataset, "aiperf_printed_ttft_mean").missing == {Missing.NOT_REPORTED: 1}
        assert "aiperf_printed_ttft_mean" not in dataset.manifest.design["metrics"]

    def test_a_unit_is_read_and_not_assumed(self, root: Path) -> None:
        summary = load("aiperf.json")
        summary["request_latency"] |= {"unit": "sec", "avg": 0.5}
        assert value(imported_json(summary, root), "aiperf_printed_request_latency_mean") == pytest.approx(500)
        summary["request_latency"]["unit"] = "furlongs"
        with pytest.raises(Exception, match=r"request_latency.unit: it is 'furlongs', a unit of time is expected"):
            imported_json(summary, root, "other.json")

    def test_so_is_the_unit_of_a_duration_or_a_rate(self, root: Path) -> None:
        summary = load("aiperf.json")
        seconds = value(imported_json(summary, root), "aiperf_duration")
        assert seconds is not None
        summary["benchmark_duration"] |= {"unit": "ms", "avg": seconds * 1000}
        assert value(imported_json(summary, root, "ms.json"), "aiperf_duration") == pytest.approx(seconds)
        summary["request_throughput"]["unit"] = "requests/min"
        with pytest.raises(Exception, match=r"request_throughput.unit: it is 'requests/min', seconds, or"):
            imported_json(summary, root, "other.json")


class TestOthers:
    def test_one_repetition_of_llama_bench_has_no_deviation(self, root: Path) -> None:
        tests = load("llama-bench.json")[:1]
        tests[0] |= {"samples_ns": [1000], "samples_ts": [1.0], "stddev_ts": 0.0}
        dataset = imported_json(tests, root)
        assert values(dataset, "llama_bench_printed_stddev_ts").missing == {Missing.TOO_FEW_RUNS: 1}

    def test_a_test_of_no_token_has_no_rate(self, root: Path) -> None:
        dataset = imported_json([load("llama-bench.json")[0] | {"n_prompt": 0, "n_gen": 0}], root)
        assert values(dataset, "llama_bench_generation_tps").missing == {Missing.NOT_APPLICABLE: 3}

    def test_a_mixture_of_llama_bench_is_neither_rate(self, root: Path) -> None:
        test = load("llama-bench.json")[0] | {"n_gen": 8, "n_depth": 512}
        dataset = imported_json([test], root)
        assert set(dataset.runs["level.test"].to_pylist()) == {"pp32+tg8 @ d512"}
        assert values(dataset, "llama_bench_prompt_tps").missing == {Missing.NOT_APPLICABLE: 3}
        assert len(values(dataset, "llama_bench_mixed_tps").present) == 3

    @pytest.mark.parametrize("name", ["loadgen-detail.txt", "loadgen-summary.txt"])
    def test_one_token_a_sample_makes_nonsense_that_is_null(self, name: str, root: Path) -> None:
        text = (FIXTURES / name).read_text(encoding="utf-8")
        text = text.replace("2012156", "-14303228").replace("2043317", "461168601842389445")
        dataset = imported_json(text, root, name)
        assert values(dataset, "loadgen_time_per_output_token_mean").missing == {Missing.BAD_COUNTER: 1}
        assert values(dataset, "loadgen_time_per_output_token_p99").missing == {Missing.BAD_COUNTER: 1}
        assert value(dataset, "loadgen_latency_mean") == pytest.approx(25.562288)

    def test_an_invalid_run_of_loadgen_is_imported_as_that(self, root: Path) -> None:
        text = (FIXTURES / "loadgen-detail.txt").read_text(encoding="utf-8").replace('"VALID"', '"INVALID"')
        dataset = imported_json(text, root, "detail.txt")
        assert dataset.manifest.design["fixed"]["declared.result"] == "INVALID"  # type: ignore[index]

    def test_inference_perf_keeps_failures_and_answers_without_tokens(self, root: Path) -> None:
        rows = load("inference-perf-requests.json")
        rows[0]["error"] = {"error_type": "TimeoutError", "error_msg": "too slow"}
        rows[1]["info"]["response_metrics"] |= {"output_tokens": 0, "chunk_times": [], "output_token_times": []}
        dataset = imported_json(rows, root)
        assert outcomes(dataset)[:2] == [("failed", Code.TOOL_ERROR), ("ok", None)]
        found = per_run(dataset.runs, dataset.requests, "inference_perf_normalized_tpot")
        assert found.requests[0] == 13

    def test_a_summary_of_inference_perf_without_successes_is_null(self, root: Path) -> None:
        summary = load("inference-perf.json")
        summary["successes"] = {"count": 0, "latency": None, "throughput": None}
        dataset = imported_json(summary, root)
        assert dataset.manifest.design["metrics"] == []

    def test_tokens_that_a_server_reports_give_genai_perf_a_time_per_token(self, root: Path) -> None:
        raw = load("genai-perf-raw.json")
        for row in raw["experiments"][0]["requests"]:
            row["response_outputs"][-2]["response"] = 'data: {"choices": [], "usage": {"completion_tokens": 12}}\n\n'
        assert value(imported_json(raw, root), "tpot") == pytest.approx(11.300156, abs=1e-5)

    def test_an_answer_that_was_not_streamed_gives_genai_perf_no_first_token(self, root: Path) -> None:
        raw = load("genai-perf-raw.json")
        answer = {"choices": [{"message": {"content": "all of it"}}], "usage": {"completion_tokens": 5}}
        for row in raw["experiments"][0]["requests"]:
            row["response_timestamps"] = row["response_timestamps"][-1:]
            row["response_outputs"] = [{"response": json.dumps(answer)}]
        dataset = imported_json(raw, root)
        for metric in ("ttft", "ttft_from_send", "tpot", "e2e_from_send", "genai_perf_time_to_second_token"):
            assert values(dataset, metric).missing == {Missing.NOT_REPORTED: 1}
        assert value(dataset, "output_tokens") == 5

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ('{"error": {"message": "no room", "code": 500}}', "no room"),
            ('data: {"error": "no room"}\n\n', "no room"),
            ('data: {"object": "error", "message": "no room", "code": 400}\n\n', "no room"),
            ('{"error": {"code": 500}}', '{"code": 500}'),
        ],
    )
    def test_an_answer_that_is_an_error_failed(self, said: str, words: str, root: Path) -> None:
        raw = load("genai-perf-raw.json")
        row = raw["experiments"][0]["requests"][0]
        row |= {"response_timestamps": row["response_timestamps"][:1], "response_outputs": [{"response": said}]}
        dataset = imported_json(raw, root)
        assert outcomes(dataset)[:2] == [("failed", Code.ERROR_IN_STREAM), ("ok", None)]
        assert dataset.requests["outcome_detail"].to_pylist()[0] == words
        assert values(dataset, "ttft_from_send").missing == {Missing.REQUEST_FAILED: 1}
        rows = load("inference-perf-requests.json")
        rows[0]["response"] = said
        assert outcomes(imported_json(rows, root))[:2] == [("failed", Code.ERROR_IN_STREAM), ("ok", None)]

    def test_an_answer_that_an_error_ends_failed(self, root: Path) -> None:
        raw = load("genai-perf-raw.json")
        raw["experiments"][0]["requests"][0]["response_outputs"][-1] = {"response": 'data: {"error": "gone"}\n\n'}
        assert outcomes(imported_json(raw, root))[:2] == [("failed", Code.ERROR_IN_STREAM), ("ok", None)]

    def test_a_field_of_no_error_is_none(self, root: Path) -> None:
        raw = load("genai-perf-raw.json")
        outputs = raw["experiments"][0]["requests"][0]["response_outputs"]
        outputs[-1] = {"response": 'data: {"error": null, "choices": []}\n\n'}
        assert outcomes(imported_json(raw, root))[0] == ("ok", None)
