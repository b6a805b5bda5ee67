"""What optimum-benchmark says in its own definitions (0.6.0): of a model in its process, without a server."""

from __future__ import annotations

from ....units import MS, TOK_PER_S
from .printed_by_tools import printed

METRICS = (
    printed("optimum_prefill_latency", "optimum-benchmark prefill_latency", MS, "generate() called → first logits"),
    printed("optimum_decode_latency", "optimum-benchmark decode_latency", MS, "first logits → end of generate()"),
    printed("optimum_generate_latency", "optimum-benchmark generate_latency", MS, "generate() called → its end"),
    printed(
        "optimum_decode_tpot",
        "optimum-benchmark decode_latency of one token",
        MS,
        "decode latency / (new tokens − 1)",
    ),
    printed(
        "optimum_decode_throughput",
        "optimum-benchmark decode_throughput",
        TOK_PER_S,
        "batch · (new tokens − 1) / decode latency",
        better=True,
    ),
    printed("optimum_forward_latency", "optimum-benchmark forward_latency", MS, "one forward pass or call"),
    printed("optimum_load_latency", "optimum-benchmark load_model_latency", MS, "loading the model, once"),
    printed("optimum_first_generate_latency", "optimum-benchmark first_generate_latency", MS, "the cold generate()"),
)
