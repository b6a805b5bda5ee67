"""What may be measured, and what an address may not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.bench.destination import dataset_name, read_destination
from harness.errors import UsageError
from harness.models import MODELS, SERVED


def test_an_address_names_a_server_whose_model_is_not_known() -> None:
    found = read_destination("http://[::1]:8000/v1/", "meta/llama-3")
    assert (found.backend, found.model.name, found.model.source) == ("openai_http", "meta/llama-3", SERVED)
    assert found.settings == {"base_url": "http://[::1]:8000/v1", "served_model": "meta/llama-3"}
    assert found.model.parameters is None


@pytest.mark.parametrize("name", MODELS)
def test_the_name_of_a_registered_model_brings_none_of_its_facts(name: str) -> None:
    model = read_destination("https://example.com/v1", name).model
    facts = (model.family, model.architecture, model.layers, model.parameters, model.quantisation, model.sha256)
    assert facts == (None,) * 6


@pytest.mark.parametrize(
    "address",
    [
        "http://user:hunter2@host/v1",
        "http://user:hunter2@[::1]:80/v1",
        "https://:hunter2@host",
        "http://hunter2@host/v1",
    ],
)
def test_an_address_with_credentials_is_refused_without_repeating_them(address: str) -> None:
    with pytest.raises(UsageError, match="user or a password") as refused:
        read_destination(address)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("localhost:8000", "is no address"),
        ("ftp://host/v1", "is no address"),
        ("http://host:99999/v1", "no port or host"),
        ("user:hunter2@host:8000", "is no address"),
        ("http://host/v1?api_key=hunter2", "query"),
        ("llama.cpp:/no/such.gguf", "there is no file"),
        ("llama.cpp:", "names the model"),
        ("ollama:", "names the model"),
    ],
)
def test_what_is_no_destination_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        read_destination(text)
    assert "\n" not in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_file_is_known_by_its_digest_and_its_name_alone(tmp_path: Path) -> None:
    path = tmp_path / "Mine.Q4.gguf"
    path.write_bytes(b"GGUF" + bytes(40))
    found = read_destination(f"llama.cpp:{path}")
    assert (found.model.name, found.model.source, found.weights) == ("Mine.Q4.gguf", "file:Mine.Q4.gguf", path)
    assert len(found.model.sha256 or "") == 64
    assert str(tmp_path) not in found.shown


def test_what_is_no_gguf_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_bytes(b"PK\x03\x04")
    with pytest.raises(UsageError, match="no GGUF file"):
        read_destination(f"llama.cpp:{tmp_path / 'a.gguf'}")


def test_an_ollama_tag_is_the_model() -> None:
    found = read_destination("ollama:gemma3:270m")
    assert (found.backend, found.model.name) == ("ollama", "gemma3:270m")
    assert found.settings == {"served_model": "gemma3:270m"}


@pytest.mark.parametrize(
    ("name", "dataset"),
    [
        ("meta-llama/Llama-3.1-8B", "bench-llama-3-1-8b"),
        ("gemma3:270m", "bench-gemma3-270m"),
        ("模型", "bench-server"),
        ("x" * 99, f"bench-{'x' * 32}"),
    ],
)
def test_the_name_of_a_dataset_comes_from_the_model(name: str, dataset: str) -> None:
    assert dataset_name(name) == dataset
