"""Ollama's life against a double of its wire format: cold starts, evidence, refusals."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from harness.backends.ollama import Ollama
from harness.backends.ollama_server.names import full_name, host_url
from harness.design import Value
from harness.events import Started
from harness.models import SMOLLM2_135M, Model
from harness.outcomes import Code
from harness.protocols import EngineFailed
from tests.support.ollama_double import LAYERS, TAG, WEIGHTS, OllamaDouble, ollama_double

GEMMA = Model("gemma-3-270m", "Gemma 3", f"ollama:{TAG}", "gemma3", 18, 268_098_176, "Q4_K_M")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),  # noqa: S104
        (":1234", "http://127.0.0.1:1234"),
        ("box", "http://box:11434"),
        ("box:99", "http://box:99"),
        ("http://box", "http://box:80"),
        ("https://box", "https://box:443"),
        ("https://box:8/x/", "https://box:8/x"),
        ("[::1]:5", "http://[::1]:5"),
        ("::1", "http://[::1]:11434"),
        ('"127.0.0.1:11434"', "http://127.0.0.1:11434"),
        ("box:bad", "http://box:11434"),
    ],
)
def test_ollama_host_is_read_as_ollama_reads_it(host: str, url: str) -> None:
    assert host_url(host) == url


def life(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, Value], *, in_gpu: bool = False
) -> tuple[Started, OllamaDouble]:
    async def main() -> tuple[Started, OllamaDouble]:
        async with ollama_double(in_gpu=in_gpu) as (double, host):
            monkeypatch.setenv("OLLAMA_HOST", host)
            backend = Ollama()
            try:
                return await backend.start(GEMMA, settings), double
            finally:
                await backend.stop()

    return asyncio.run(main())


def test_the_model_is_unloaded_before_it_is_loaded_and_after(monkeypatch: pytest.MonkeyPatch) -> None:
    _, double = life(monkeypatch, {"num_ctx": 512})
    loads = [asked["keep_alive"] for path, asked in double.asked if path == "/api/generate"]
    assert loads == [0, "30m", 0]
    assert double.loaded is None


def test_effective_settings_are_what_ollama_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    started, _ = life(monkeypatch, {"num_ctx": 100, "num_gpu": 999})
    assert started.engine_version == "0.12.6"
    assert started.effective["num_ctx"] == 256
    assert started.effective["layers_offloaded"] == 0
    assert started.effective["model_layers"] == LAYERS
    assert started.effective["model_sha256"] == WEIGHTS
    assert started.effective["manifest_sha256"] == "ab" * 32
    assert started.effective["n_params"] == 268_098_176


def test_all_of_the_model_in_gpu_memory_is_every_layer_and_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    started, _ = life(monkeypatch, {"num_gpu": 999}, in_gpu=True)
    assert started.effective["layers_offloaded"] == LAYERS + 1


def test_threads_reach_the_server_by_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    _, double = life(monkeypatch, {"threads": 2})
    assert ("num_thread", 2) in [item for _, asked in double.asked for item in asked.get("options", {}).items()]


def test_a_model_that_was_never_pulled_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineFailed, match="ollama pull nothing:latest") as caught:
        life(monkeypatch, {"served_model": "nothing"})
    assert caught.value.outcome.code is Code.MODEL_MISSING


def test_a_registered_model_is_found_by_its_weights_or_given_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> list[str]:
        async with ollama_double() as (double, host):
            monkeypatch.setenv("OLLAMA_HOST", host)
            served = []
            for _ in range(2):
                backend = Ollama()
                started = await backend.start(SMOLLM2_135M, {})
                assert started.effective["model_sha256"] == SMOLLM2_135M.sha256
                served.append(str(started.effective["served_model"]))
                await backend.stop()
            assert [path for path, _ in double.asked].count("/api/create") == 1
            return served

    assert asyncio.run(main()) == [f"bindery/{SMOLLM2_135M.name}:latest"] * 2


def test_a_tag_with_other_weights_than_its_label_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with ollama_double() as (_, host):
            monkeypatch.setenv("OLLAMA_HOST", host)
            backend = Ollama()
            with pytest.raises(EngineFailed, match="holds the weights cdcdcdcdcdcd") as caught:
                await backend.start(SMOLLM2_135M, {"served_model": TAG})
            await backend.stop()
            assert caught.value.outcome.code is Code.MODEL_DIGEST

    asyncio.run(main())


def test_any_served_model_is_measured_under_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with ollama_double() as (_, host):
            monkeypatch.setenv("OLLAMA_HOST", host)
            backend = Ollama()
            started = await backend.start(replace(GEMMA, name="Library/Gemma3:270m", source="served"), {})
            await backend.stop()
            assert started.effective["served_model"] == TAG

    asyncio.run(main())


def test_a_model_that_others_keep_loaded_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.backends.ollama.UNLOAD_S", 0.3)

    async def main() -> None:
        async with ollama_double() as (double, host):
            monkeypatch.setenv("OLLAMA_HOST", host)
            double.loaded, double.held_by_others = {}, True
            backend = Ollama()
            with pytest.raises(EngineFailed, match="somebody else uses it") as caught:
                await backend.start(GEMMA, {})
            await backend.stop()
            assert caught.value.outcome.code is Code.ENGINE_BUSY

    asyncio.run(main())


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("SMOLLM2:135m", "smollm2:135m"),
        ("library/smollm2:135m", "smollm2:135m"),
        ("registry.ollama.ai/library/gemma3", "gemma3:latest"),
        ("me/mine", "me/mine:latest"),
        ("hf.co/a/b:Q4_K_M", "hf.co/a/b:q4_k_m"),
    ],
)
def test_a_tag_has_one_name(tag: str, name: str) -> None:
    assert full_name(tag) == name


def test_no_server_is_a_refusal_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:1")

    async def main() -> None:
        backend = Ollama()
        with pytest.raises(EngineFailed) as caught:
            await backend.start(GEMMA, {})
        assert caught.value.outcome.code is Code.ENGINE_REFUSED
        await backend.stop()

    asyncio.run(main())


def test_capability_sees_a_running_server(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with ollama_double() as (_, host):
            monkeypatch.setenv("OLLAMA_HOST", host)
            capability = await asyncio.to_thread(Ollama.capability)
            assert (capability.available, capability.version) == (True, "0.12.6")

    asyncio.run(main())


def test_capability_reads_no_version_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def endless(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b" " * (1 << 17))
        await writer.drain()

    async def main() -> None:
        async with await asyncio.start_server(endless, "127.0.0.1", 0) as server:
            monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
            capability = await asyncio.to_thread(Ollama.capability)
            assert not capability.available
            assert "does not end" in capability.reason

    asyncio.run(main())
