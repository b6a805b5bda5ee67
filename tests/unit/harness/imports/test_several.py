"""Files of several models or settings: each is a level, and none is pooled with another or stands for all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.datasets.read import Dataset
from harness.metrics.runs import per_run
from tests.support.imported import imported_json, load, values


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data"


def levels(dataset: Dataset) -> dict[str, list[Any]]:
    return {factor["name"]: factor["levels"] for factor in dataset.manifest.design["factors"]}


def lines(root: Path, *results: Any) -> Dataset:
    """A file to which results were appended."""
    return imported_json("".join(json.dumps(one) + "\n" for one in results), root)


class TestVllm:
    def test_results_of_several_models_are_not_pooled(self, root: Path) -> None:
        first = load("vllm-bench.json")
        dataset = lines(root, first, first | {"model_id": "acme/other", "mean_ttft_ms": 7.0})
        assert levels(dataset)["model"] == [first["model_id"], "acme/other"]
        assert "model" not in dataset.manifest.design["fixed"]
        assert [model.name for model in dataset.manifest.models] == levels(dataset)["model"]
        assert "2 models" in dataset.manifest.title
        assert list(values(dataset, "vllm_printed_ttft_mean").present) == [first["mean_ttft_ms"], 7.0]

    def test_settings_and_words_of_the_user_that_differ_are_levels(self, root: Path) -> None:
        first = load("vllm-bench.json")
        dataset = lines(root, first | {"tp": "1"}, first | {"tp": "2", "num_prompts": 24, "session": "x"})
        assert levels(dataset)["num_prompts, tp, session (of the tool)"] == ["12, 1, null", "24, 2, x"]
        assert "declared.num_prompts" not in dataset.manifest.design["fixed"]

    def test_a_rate_that_differs_is_told_of_no_run_as_that_of_all(self, root: Path) -> None:
        first = load("vllm-bench.json")
        dataset = lines(root, first | {"request_rate": 1.5}, first | {"request_rate": 3.0})
        assert "declared.request_rate" not in dataset.manifest.design["fixed"]

    def test_chats_and_completions_keep_their_own_metrics(self, root: Path) -> None:
        first = load("vllm-bench.json")
        dataset = lines(root, first, first | {"backend": "vllm", "endpoint_type": "vllm"})
        assert levels(dataset)["backend"] == [first["backend"], "vllm"]
        for metric in ("ttft_from_send", "vllm_ttft"):
            assert metric in dataset.manifest.design["metrics"]
            assert len(per_run(dataset.runs, dataset.requests, metric, within="mean", tables=dataset).present) == 1

    def test_a_load_that_ramps_up_is_no_closed_one(self, root: Path) -> None:
        result = load("vllm-bench.json")
        result |= {"request_rate": "inf", "max_concurrency": 64, "ramp_up_strategy": "linear"}
        result |= {"ramp_up_start_rps": 1, "ramp_up_end_rps": 10}
        result.pop("queue_times", None)
        dataset = imported_json(result, root)
        assert levels(dataset)["request_rate"] == ["ramp-up, linear, 1 to 10"]
        assert len(values(dataset, "ttft").present) == 0
        assert len(values(dataset, "ttft_from_send").present) == 1


class TestLlamaBench:
    def test_each_model_has_its_own_entry(self, root: Path) -> None:
        tests = load("llama-bench.json")
        for test in tests[1::2]:
            test |= {"model_filename": "/models/other.gguf", "model_type": "other", "model_n_params": 7}
        dataset = imported_json(tests, root)
        assert levels(dataset)["model"] == [tests[0]["model_filename"], "other.gguf"]
        assert not {"model_filename", "model_type", "model_n_params"} & levels(dataset).keys()
        first, second = dataset.manifest.models
        assert (first.name, first.parameters) == (tests[0]["model_filename"], tests[0]["model_n_params"])
        assert (second.name, second.parameters, second.quantisation) == ("other.gguf", 7, "other")

    def test_files_of_one_name_are_told_apart(self, root: Path) -> None:
        tests = load("llama-bench.json")
        for place, test in enumerate(tests):
            test["model_filename"] = f"/models/{place % 2}/model.gguf"
        kind = tests[0]["model_type"]
        assert levels(imported_json(tests, root))["model"] == [f"/models/{one}/model.gguf ({kind})" for one in (0, 1)]

    def test_many_models_and_settings_are_no_matrix_of_millions(self, root: Path) -> None:
        """A file of 14 models with types, sizes and caches of their own crossed to 2,765,952 cells, and was refused."""
        tests = [
            test
            | {"model_filename": f"model-{one}.gguf", "model_type": f"type {one}", "model_size": one}
            | {"n_ubatch": 512 << one % 2, "type_k": ("f16", "q8_0", "q4_0")[one % 3], "n_batch": one, "poll": one // 2}
            | {"n_threads": one // 3, "main_gpu": one // 4}
            for one in range(14)
            for test in load("llama-bench.json")
        ]
        dataset = imported_json(tests, root)
        assert list(levels(dataset)) == ["settings"]
        assert len(levels(dataset)["settings"]) == 14 * 2
        assert len(dataset.manifest.models) == 14


class TestOthers:
    def test_benchmarks_of_two_models_in_one_file_of_guidellm(self, root: Path) -> None:
        report = load("guidellm.json")
        report["benchmarks"] = [report["benchmarks"][0], load("guidellm.json")["benchmarks"][0]]
        report["benchmarks"][1]["config"]["backend"]["model"] = "acme/other"
        assert levels(imported_json(report, root))["model"] == ["acme/demo-8b", "acme/other"]

    def test_requests_of_one_load_that_asked_two_models_name_both(self, root: Path) -> None:
        rows = load("inference-perf-requests.json")
        rows[0]["request"] = rows[0]["request"].replace("acme/demo-8b", "acme/lora")
        dataset = imported_json(rows, root)
        assert dataset.manifest.design["fixed"]["model"] == "acme/lora, acme/demo-8b"
        assert [model.name for model in dataset.manifest.models] == ["acme/lora", "acme/demo-8b"]

    def test_the_load_of_aiperf_is_that_of_its_measured_phase(self, root: Path) -> None:
        summary = load("aiperf.json")
        measured = {"name": "profiling", "kind": "profiling", "request_rate": 5.0, "concurrency": 64}
        summary["input_config"]["phases"] = [{"name": "warmup", "kind": "warmup", "concurrency": 1}, measured]
        assert levels(imported_json(summary, root))["load"] == ["request rate 5, concurrency 64"]

    def test_the_summary_of_an_older_genai_perf(self, root: Path) -> None:
        summary = load("genai-perf.json")
        summary["input_config"] = {"model": ["acme/old"], "concurrency": 10, "request_rate": None, "endpoint": "chat"}
        dataset = imported_json(summary, root)
        assert levels(dataset)["load"] == ["concurrency 10"]
        assert dataset.manifest.models[0].name == "acme/old"
