"""The untrained family as GGUF: the weights of the engines in Python, tensor by tensor, and the same greedy tokens."""

from __future__ import annotations

import asyncio
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from harness.backends.in_process.tokens import Bytes
from harness.backends.in_process.torch.engine import TorchEngine
from harness.backends.llama_cpp import LlamaCpp
from harness.events import Phase
from harness.models import GPT2_VOCABULARY, MODELS
from harness.protocols import Call
from harness.weights import gpt2
from harness.weights.gguf_file import gguf_file

if TYPE_CHECKING:
    from gguf import GGUFReader

TINY, SMALL = MODELS["gpt2-0.1m"], MODELS["gpt2-5m"]
TEXT = "12345678: The ferry leaves at seven."


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("BINDERY_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> GGUFReader:
    """The file of the larger model. The reader takes seconds for the list of tokens."""
    from gguf import GGUFReader

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BINDERY_CACHE", str(tmp_path_factory.mktemp("cache")))
        return GGUFReader(gguf_file(SMALL))


def test_every_weight_is_in_the_file_once(reader: GGUFReader) -> None:
    found = {tensor.name: tensor.data for tensor in reader.tensors}
    assert sum(tensor.size for tensor in found.values()) == SMALL.parameters
    assert {tensor.dtype for tensor in found.values()} == {np.dtype(np.float32)}
    state = gpt2.build(SMALL).state_dict()
    for block, part, name in ((0, "mlp.c_fc", "ffn_up"), (11, "attn.c_proj", "attn_output")):
        weight = state[f"transformer.h.{block}.{part}.weight"].numpy()
        assert np.array_equal(found[f"blk.{block}.{name}.weight"], weight.T)
    assert np.array_equal(found["token_embd.weight"], state["lm_head.weight"].numpy())


def test_each_byte_is_a_token_and_each_other_token_a_word(reader: GGUFReader) -> None:
    field = reader.fields["tokenizer.ggml.tokens"]
    tokens = [bytes(field.parts[part]).decode() for part in field.data]
    assert len(set(tokens)) == len(tokens) == GPT2_VOCABULARY
    assert all(len(token) == 1 for token in tokens[:256])
    assert [token for byte, token in enumerate(tokens[:128]) if chr(byte).isprintable() and byte != 32] == [
        chr(byte) for byte in range(33, 127)
    ]
    assert all(re.fullmatch(r"w\d+", token) for token in tokens[256:-1])


def test_the_same_seed_makes_the_same_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = hashlib.sha256(gguf_file(TINY).read_bytes()).digest()
    monkeypatch.setenv("BINDERY_CACHE", str(tmp_path / "other"))
    assert hashlib.sha256(gguf_file(TINY).read_bytes()).digest() == first


def greedy_in_pytorch(steps: int) -> list[int]:
    engine = TorchEngine()
    engine.prepare(SMALL, {"threads": 1})
    engine.open(SMALL)
    decoding = engine.prefill(engine.encode(TEXT))
    tokens = [int(decoding.logits.argmax())]
    while len(tokens) < steps:
        decoding.step(tokens[-1])
        tokens.append(int(decoding.logits.argmax()))
    return tokens


async def greedy_in_llama_cpp(steps: int) -> tuple[int | None, list[int], str]:
    engine = LlamaCpp()
    try:
        await engine.start(SMALL, {"threads": 1, "num_ctx": 256})
        call = Call(0, Phase.MEASURED, "p", TEXT, max_tokens=steps, seed=1, temperature=0.0, ignore_eos=True)
        answer = await engine.request(call)
    finally:
        await engine.stop()
    return answer.counters.prompt_n, list(answer.tokens), answer.text


@pytest.mark.engine
def test_llama_cpp_reads_the_same_prompt_and_says_the_same_tokens() -> None:
    expected = greedy_in_pytorch(12)
    prompt_n, chunks, text = asyncio.run(greedy_in_llama_cpp(12))
    assert prompt_n == len(Bytes().encode(TEXT))
    assert chunks == [1] * 12
    assert text == "".join(chr(token) if token < 256 else f"w{token}" for token in expected)
