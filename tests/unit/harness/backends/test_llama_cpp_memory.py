"""What the engine's log says of its memory, and how a request ends at the end of the context."""

from __future__ import annotations

import pytest

from harness.backends.llama_cpp_context import at_the_end
from harness.backends.llama_cpp_memory import memory_of
from harness.events import Phase, Request, Scalar
from harness.outcomes import OK, Code, Outcome, Status, degraded, failed

PLAIN = """\
0.00.142.475 I print_info: n_head_kv             = 3
0.00.142.502 I print_info: n_swa                 = 0
0.00.142.504 I print_info: n_embd_head_k         = 64
0.00.142.504 I print_info: n_embd_head_v         = 64
0.00.142.547 I load_tensors: loading model tensors, this can take a while... (load_mode = mmap)
0.00.220.415 I load_tensors:   CPU_Mapped model buffer size =    92.10 MiB
0.00.223.057 I llama_context: n_ubatch              = 512
0.00.223.058 I llama_context: flash_attn            = auto
0.00.223.083 I llama_context:        CPU  output buffer size =     0.19 MiB
0.00.223.170 I llama_kv_cache:        CPU KV buffer size =    45.00 MiB
0.00.252.468 I llama_kv_cache: size =   45.00 MiB (  2048 cells,  30 layers,  1/1 seqs), K (f16):   22.50 MiB, V (f16):   22.50 MiB
0.00.256.096 I sched_reserve:        CPU compute buffer size =    16.64 MiB
"""  # noqa: E501
SLIDING = """\
0.00.708.972 I load_tensors:   CPU_Mapped model buffer size =   235.16 MiB
0.00.708.990 I load_tensors:   CPU_REPACK model buffer size =    12.66 MiB
0.00.730.937 I llama_kv_cache_iswa: creating non-SWA KV cache, size = 2048 cells
0.00.734.047 I llama_kv_cache: size =    6.00 MiB (  2048 cells,   3 layers,  1/1 seqs), K (q8_0):    3.00 MiB, V (q8_0):    3.00 MiB
0.00.734.061 I llama_kv_cache_iswa: creating     SWA KV cache, size = 1024 cells
0.00.742.957 I llama_kv_cache: size =   15.00 MiB (  1024 cells,  15 layers,  1/1 seqs), K (q8_0):    7.50 MiB, V (q8_0):    7.50 MiB
"""  # noqa: E501


def test_one_cache_and_mapped_weights() -> None:
    assert memory_of(PLAIN) == {
        "kv_heads": 3,
        "kv_head_dim_k": 64,
        "kv_head_dim_v": 64,
        "sliding_window": 0,
        "batch": 512,
        "load_mode": "mmap",
        "flash_attention": "auto",
        "kv_type": "f16",
        "kv_bytes": 45 << 20,
        "kv_cells": 2048,
        "kv_layers": 30,
        "kv_sliding_bytes": None,
        "kv_sliding_cells": None,
        "kv_sliding_layers": None,
        "mapped_bytes": round(92.10 * 2**20),
        "copied_bytes": 0,
        "compute_bytes": round(16.64 * 2**20),
        "output_bytes": round(0.19 * 2**20),
    }


def test_layers_that_slide_have_a_cache_of_their_own() -> None:
    found = memory_of(SLIDING)
    assert [found[f"kv_{what}"] for what in ("bytes", "cells", "layers")] == [6 << 20, 2048, 3]
    assert [found[f"kv_sliding_{what}"] for what in ("bytes", "cells", "layers")] == [15 << 20, 1024, 15]
    assert (found["kv_type"], found["copied_bytes"]) == ("q8_0", round(12.66 * 2**20))


def test_a_log_that_says_nothing_tells_nothing() -> None:
    assert set(memory_of("srv load_model: loading\n").values()) == {None}


def request(outcome: Outcome = OK, tokens: int = 8, **effective: Scalar) -> Request:
    return Request(0, Phase.MEASURED, "p", outcome, tokens=(1,) * tokens, effective=effective)


@pytest.mark.parametrize(
    ("ended", "status", "code"),
    [
        (request(), Status.OK, None),
        (request(truncated=False), Status.OK, None),
        (request(tokens=5, truncated=True), Status.DEGRADED, Code.CONTEXT_FULL),
        (request(truncated=True), Status.DEGRADED, Code.CONTEXT_SHIFTED),
        (request(degraded(Code.NO_TOKENS), 0, truncated=True), Status.DEGRADED, Code.NO_TOKENS),
        (request(failed(Code.HTTP_STATUS, "400: exceed_context_size_error")), Status.FAILED, Code.CONTEXT_FULL),
        (request(failed(Code.HTTP_STATUS, "500: no slot")), Status.FAILED, Code.HTTP_STATUS),
    ],
)
def test_how_a_request_ends_at_the_end_of_the_context(ended: Request, status: Status, code: Code | None) -> None:
    found = at_the_end(ended, 8)
    assert (found.status, found.code) == (status, code)
