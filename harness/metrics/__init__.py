"""Metric definitions; ``METRICS`` is the explicit table of them. A duplicate id raises ``ValueError``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from ..errors import UnknownName
from .definition import Metric
from .definitions.accuracy import GREEDY_AGREEMENT, LOGIT_DIFFERENCE, PERPLEXITY
from .definitions.agents.contention import CONTENTION, CONTENTION_RELATIVE, TTFT_INFLATION
from .definitions.agents.loss import COORDINATION_LOSS, COORDINATION_TIME, IMBALANCE_LOSS, LENGTH_IMBALANCE
from .definitions.agents.paced import ARRIVAL_LAG, OFFERED_TPS, RECEIVED_SHARE, TOKEN_LAG
from .definitions.agents.process import (
    AGENT_CPU_TIME,
    AGENT_CPU_WAIT,
    AGENT_RSS_PEAK,
    AGENT_STARTUP,
    AGENT_SWITCHES,
    AGENT_THREADS,
)
from .definitions.agents.quality import REPORT_QUALITY
from .definitions.agents.rates import (
    AGGREGATE_TPS,
    QUEUE_ALONE,
    QUEUE_TOGETHER,
    TASK_TPS_ALONE,
    TASK_TPS_TOGETHER,
    TASKS_PER_HOUR,
    THROUGHPUT_DELTA,
    TTFT_ALONE,
    TTFT_DELTA,
    TTFT_TOGETHER,
)
from .definitions.agents.speedup import (
    OVERLAP_EFFICIENCY,
    OVERLAP_RATIO,
    PARALLEL_EFFICIENCY,
    PARALLEL_SPEEDUP,
    START_SKEW,
    TIME_ONE_BY_ONE,
    WALL_TIME_TOGETHER,
)
from .definitions.agents.tasks import INGESTED_FILES, TASK_DURATION, TASK_DURATION_ALONE
from .definitions.build_time import BUILD_TIME, COMPILE_TIME, EXPORT_TIME, OPTIMISE_TIME, QUANTISE_TIME
from .definitions.client_share import CLIENT_SHARE
from .definitions.compiling import (
    COMPILE_STALLS,
    COMPILED_GRAPHS,
    E2E_COMPILING,
    EAGER_PASSES,
    STALL_SHARE,
    STALL_TIME,
)
from .definitions.decode_tps import DECODE_TPS
from .definitions.e2e_latency import E2E_FROM_SEND, E2E_LATENCY
from .definitions.first_answer import REASONING, TIME_TO_FIRST_ANSWER
from .definitions.goodput import GOODPUT
from .definitions.graphs import DISK_SIZE, FALLBACK_NODES, GRAPH_NODES
from .definitions.imported import aiperf, genai_perf, guidellm, inference_perf, llama_bench, loadgen, optimum, vllm
from .definitions.imported.chunks import INTER_CHUNK_LATENCY
from .definitions.itl import ITL
from .definitions.load_time import LOAD_TIME
from .definitions.phases import DECODE_STEP, E2E_KV, KV_DECODE_LATENCY, PREFILL_LATENCY, UNCACHED_GENERATE
from .definitions.resources.buffers import COMPUTE_BUFFERS, KV_CACHE, WEIGHTS_COPIED
from .definitions.resources.device_power import GPU_POWER, GPU_POWER_POLLED
from .definitions.resources.engine_process import ENGINE_CPU_SHARE, ENGINE_RSS_PEAK
from .definitions.resources.kv_formula import KV_FORMULA, KV_FULL, KV_PER_TOKEN
from .definitions.resources.layers import LAYER_CHECKS, LAYER_PARTS
from .definitions.resources.memory_traffic import COPY_BANDWIDTH, READ_BANDWIDTH, WEIGHT_BYTES
from .definitions.resources.meter import METER_IDLE, METER_POWER
from .definitions.resources.others import FOREIGN_CPU, STOLEN_CPU
from .definitions.resources.power import POWER
from .definitions.resources.process_memory import (
    ENGINE_ANONYMOUS,
    ENGINE_FAULTS,
    ENGINE_MAJOR_FAULTS,
    ENGINE_PSS,
    ENGINE_RSS_HIGHEST,
)
from .definitions.resources.telemetry import TELEMETRY_CPU, TELEMETRY_OVERHEAD
from .definitions.schedule import CONNECT_TIME, SCHEDULE_DELAY
from .definitions.server_load import OF_SERVERS
from .definitions.server_rates import SERVER_DECODE_TPS, SERVER_PREFILL_TPS
from .definitions.settled import E2E_SETTLED, SETTLED_DECODE_STEP, SETTLED_DECODE_TPS
from .definitions.throughput import FAILED_SHARE, OUTPUT_TOKEN_THROUGHPUT, REQUEST_THROUGHPUT
from .definitions.token_counts import CACHE_HIT_TOKENS, OUTPUT_TOKENS, PROMPT_TOKENS, SERVER_OUTPUT_TOKENS
from .definitions.tpot import TPOT
from .definitions.ttft import TTFT, TTFT_FROM_SEND


def table(metrics: Iterable[Metric]) -> dict[str, Metric]:
    """Metrics by id. Raises ``ValueError`` where two have the same."""
    found: dict[str, Metric] = {}
    for metric in metrics:
        if metric.id in found:
            raise ValueError(f"metric {metric.id!r} is defined twice")
        found[metric.id] = metric
    return found


OF_TOOLS: Mapping[str, tuple[Metric, ...]] = {
    "guidellm": guidellm.METRICS,
    "vllm bench serve": vllm.METRICS,
    "AIPerf": aiperf.METRICS,
    "genai-perf": genai_perf.METRICS,
    "inference-perf": inference_perf.METRICS,
    "MLPerf LoadGen": loadgen.METRICS,
    "optimum-benchmark": optimum.METRICS,
    "llama-bench": llama_bench.METRICS,
}
"""The quantities that other tools define their own way, by tool."""

METRICS: dict[str, Metric] = table(
    (
        TTFT,
        TTFT_FROM_SEND,
        TIME_TO_FIRST_ANSWER,
        REASONING,
        ITL,
        TPOT,
        E2E_LATENCY,
        E2E_FROM_SEND,
        REQUEST_THROUGHPUT,
        OUTPUT_TOKEN_THROUGHPUT,
        GOODPUT,
        FAILED_SHARE,
        DECODE_TPS,
        SERVER_DECODE_TPS,
        CLIENT_SHARE,
        SERVER_PREFILL_TPS,
        *OF_SERVERS,
        PROMPT_TOKENS,
        CACHE_HIT_TOKENS,
        OUTPUT_TOKENS,
        SERVER_OUTPUT_TOKENS,
        SCHEDULE_DELAY,
        CONNECT_TIME,
        LOAD_TIME,
        PREFILL_LATENCY,
        KV_DECODE_LATENCY,
        DECODE_STEP,
        E2E_KV,
        UNCACHED_GENERATE,
        COMPILED_GRAPHS,
        EAGER_PASSES,
        COMPILE_STALLS,
        STALL_SHARE,
        STALL_TIME,
        E2E_COMPILING,
        E2E_SETTLED,
        SETTLED_DECODE_TPS,
        SETTLED_DECODE_STEP,
        COMPILE_TIME,
        EXPORT_TIME,
        QUANTISE_TIME,
        OPTIMISE_TIME,
        BUILD_TIME,
        DISK_SIZE,
        GRAPH_NODES,
        FALLBACK_NODES,
        PERPLEXITY,
        GREEDY_AGREEMENT,
        LOGIT_DIFFERENCE,
        ENGINE_RSS_PEAK,
        ENGINE_CPU_SHARE,
        WEIGHT_BYTES,
        COPY_BANDWIDTH,
        READ_BANDWIDTH,
        KV_CACHE,
        KV_FORMULA,
        KV_FULL,
        KV_PER_TOKEN,
        COMPUTE_BUFFERS,
        WEIGHTS_COPIED,
        ENGINE_PSS,
        ENGINE_ANONYMOUS,
        ENGINE_RSS_HIGHEST,
        ENGINE_FAULTS,
        ENGINE_MAJOR_FAULTS,
        *LAYER_PARTS,
        *LAYER_CHECKS,
        TELEMETRY_OVERHEAD,
        TELEMETRY_CPU,
        FOREIGN_CPU,
        STOLEN_CPU,
        POWER,
        GPU_POWER,
        GPU_POWER_POLLED,
        METER_POWER,
        METER_IDLE,
        TASK_DURATION,
        TASK_DURATION_ALONE,
        INGESTED_FILES,
        AGENT_STARTUP,
        AGENT_CPU_TIME,
        AGENT_CPU_WAIT,
        AGENT_RSS_PEAK,
        AGENT_THREADS,
        AGENT_SWITCHES,
        REPORT_QUALITY,
        OVERLAP_RATIO,
        OVERLAP_EFFICIENCY,
        PARALLEL_SPEEDUP,
        PARALLEL_EFFICIENCY,
        WALL_TIME_TOGETHER,
        TIME_ONE_BY_ONE,
        START_SKEW,
        ARRIVAL_LAG,
        TOKEN_LAG,
        OFFERED_TPS,
        RECEIVED_SHARE,
        LENGTH_IMBALANCE,
        IMBALANCE_LOSS,
        COORDINATION_LOSS,
        COORDINATION_TIME,
        CONTENTION,
        CONTENTION_RELATIVE,
        TTFT_INFLATION,
        AGGREGATE_TPS,
        TASKS_PER_HOUR,
        TASK_TPS_TOGETHER,
        TASK_TPS_ALONE,
        TTFT_TOGETHER,
        TTFT_ALONE,
        QUEUE_TOGETHER,
        QUEUE_ALONE,
        THROUGHPUT_DELTA,
        TTFT_DELTA,
        INTER_CHUNK_LATENCY,
        *chain.from_iterable(OF_TOOLS.values()),
    )
)


def metric(metric_id: str) -> Metric:
    """The metric with this id. Raises ``UnknownName``."""
    try:
        return METRICS[metric_id]
    except KeyError:
        raise UnknownName("metric", metric_id, METRICS) from None
