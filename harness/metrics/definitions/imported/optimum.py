"""What optimum-benchmark says in its own definitions (0.6.0): of a model in its process, without a server."""

from __future__ import annotations

from ....units import MS, TOK_PER_S
from .told import printed

METRICS = (
    printed("optimum_prefill_latency", "prefill latency (optimum-benchmark)", MS, "generate() called → first logits"),
    printed("optimum_decode_latency", "decode latency (optimum-benchmark)", MS, "first logits → end of generate()"),
    printed("optimum_generate_latency", "generate latency (optimum-benchmark)", MS, "generate() called → its end"),
    printed(
        "optimum_decode_tpot",
        "decode time per output token (optimum-benchmark)",
        MS,
        "decode latency / (new tokens − 1)",
    ),
    printed(
        "optimum_decode_throughput",
        "decode throughput (optimum-benchmark)",
        TOK_PER_S,
        "batch · (new tokens − 1) / decode latency",
        better=True,
    ),
    printed("optimum_forward_latency", "forward latency (optimum-benchmark)", MS, "one forward pass or call"),
    printed("optimum_load_latency", "load latency (optimum-benchmark)", MS, "loading the model, once"),
    printed("optimum_first_generate_latency", "first generate latency (optimum-benchmark)", MS, "the cold generate()"),
)
