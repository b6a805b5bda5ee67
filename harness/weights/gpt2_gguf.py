"""The untrained GPT-2 family as GGUF, for llama.cpp: the same seeded fp32 weights that the engines in Python build.

The first 256 tokens are the bytes, as for those engines, and no merge ever applies: a prompt has the same token ids
everywhere. All other tokens are printable words, so that each token generated makes a chunk of text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..canonical_json import canonical_json
from ..models import GPT2_POSITIONS, GPT2_SHAPES, GPT2_VOCABULARY, Model
from ..outcomes import Code, unsupported
from ..protocols import EngineFailed
from . import gpt2
from .checkpoints import quiet
from .locate import cache_folder
from .made_once import made_once

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FILE = "model.gguf"
FORMAT = 1
EPSILON = 1e-5
END = GPT2_VOCABULARY - 1
NEVER_APPLIES = ("w256 w257",)
"""A merge of two words, which no text is ever split into: llama.cpp demands a list of merges."""

_PARTS = {
    "ln_1": "attn_norm",
    "attn.c_attn": "attn_qkv",
    "attn.c_proj": "attn_output",
    "ln_2": "ffn_norm",
    "mlp.c_fc": "ffn_up",
    "mlp.c_proj": "ffn_down",
}
_WHOLE = {
    "transformer.wte.weight": "token_embd.weight",
    "transformer.wpe.weight": "position_embd.weight",
    "transformer.ln_f.weight": "output_norm.weight",
    "transformer.ln_f.bias": "output_norm.bias",
}


def written(model: Model) -> Path:
    """The file of an untrained ``model``, written if nobody has. Raises ``EngineFailed`` where PyTorch is missing."""
    try:
        parts = {package: version(package) for package in ("torch", "transformers", "gguf")}
    except ModuleNotFoundError as missing:
        detail = f"{model.name} is made of seeded weights, which needs {missing.name}: pip install 'bindery[inprocess]'"
        raise EngineFailed(unsupported(Code.MODEL_MISSING, detail)) from None
    key = hashlib.sha256(canonical_json({**parts, "format": FORMAT, "seed": gpt2.SEED})).hexdigest()[:16]
    return made_once(cache_folder() / "gguf" / f"{model.name}-{key}", lambda fresh: _write(model, fresh / FILE)) / FILE


def _write(model: Model, path: Path) -> None:
    from gguf import GGMLQuantizationType, GGUFWriter, LlamaFileType

    layers, width, heads = GPT2_SHAPES[model.name]
    writer = GGUFWriter(path, "gpt2")
    writer.add_name(model.name)
    writer.add_context_length(GPT2_POSITIONS)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(4 * width)
    writer.add_block_count(layers)
    writer.add_head_count(heads)
    writer.add_layer_norm_eps(EPSILON)
    writer.add_file_type(LlamaFileType.ALL_F32)
    _add_tokenizer(writer)
    for name, tensor in tensors(model):
        writer.add_tensor(name, tensor, raw_dtype=GGMLQuantizationType.F32)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tensors(model: Model) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    """Every tensor by its name in GGUF, of shape ``(outputs, inputs)`` where it is a matrix; fp32."""
    with quiet():
        state = gpt2.build(model).state_dict()
    for name, tensor in state.items():
        if name == "lm_head.weight":
            continue
        whole = _WHOLE.get(name) or _in_block(name)
        transposed = name.endswith(("c_attn.weight", "c_proj.weight", "c_fc.weight"))
        yield whole, (tensor.T if transposed else tensor).contiguous().numpy()


def _in_block(name: str) -> str:
    """``transformer.h.3.mlp.c_fc.bias`` is ``blk.3.ffn_up.bias``."""
    _, _, block, part = name.split(".", 3)
    inner, _, kind = part.rpartition(".")
    return f"blk.{block}.{_PARTS[inner]}.{kind}"


def _add_tokenizer(writer: Any) -> None:
    from gguf import TokenType

    words = [f"w{number}" for number in range(256, END)]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([*_byte_tokens(), *words, "<|endoftext|>"])
    writer.add_token_types([TokenType.NORMAL] * END + [TokenType.CONTROL])
    writer.add_token_merges(list(NEVER_APPLIES))
    writer.add_eos_token_id(END)
    writer.add_bos_token_id(END)
    writer.add_add_bos_token(value=False)


def _byte_tokens() -> list[str]:
    """The text of each byte's token: its own character where that is printable, otherwise one from U+0100 on."""
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]
