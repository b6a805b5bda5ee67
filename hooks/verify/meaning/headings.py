"""Every heading is that of the values below it: its unit, the statistic that it names, and the metric."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from harness.units import UNITS

from ..reader.mismatches import Examined
from ..reader.questions_json import StatedCalibration, StatedContrast, StatedDetectable, StatedMetric
from ..reader.site import Site
from ..reader.values_json import StatedValue
from .tables import Cell, tables

OfMetric = StatedMetric | StatedContrast | StatedDetectable
WITHOUT_UNIT = ("", "×", "tokens")
"""The units of values below a heading that names none, where the value itself shows none."""
END = re.compile(r"\(([^()]+)\)$")
STATISTICS = {
    "mean": "mean",
    "median": "median",
    "slowest": "max",
    "largest": "max",
    "fastest": "min",
}
OF_LOADS: Mapping[str, str] = {"mean": "mean", "p50": "median", "p99": "one in a hundred", "max": "largest"}
"""What a heading calls the statistics of an error of the instrument."""
PHASES: Mapping[str, tuple[str, ...]] = {
    "warm-up": ("warmup",),
    "cold": ("cold",),
    "first request": ("cold",),
    "first call": ("cold",),
    "warm": ("measured",),
    "measured": ("measured",),
}
PHASE = "phase"
METRICS: Mapping[str, tuple[str, ...]] = {
    "first token": ("ttft", "ttft_from_send", "ttft_alone", "ttft_together", "ttft_delta"),
    "first token of the answer": ("time_to_first_answer",),
    "per token": ("tpot", "itl"),
    "per output token": ("tpot",),
    "between tokens": ("itl",),
    "decode step": ("decode_step",),
    "settled decode step": ("settled_decode_step",),
    "settled decode": ("settled_decode_tps",),
    "decode, engine": ("server_decode_tps",),
    "decode, client": ("decode_tps",),
    "decode speed": ("decode_tps", "server_decode_tps"),
    "decode rate": ("decode_tps", "server_decode_tps", "client_share"),
    "prefill and decode": ("e2e_kv", "e2e_settled", "e2e_compiling"),
    "prefill": ("prefill_latency", "server_prefill_tps"),
    "whole answer": ("e2e_latency", "e2e_kv"),
    "perplexity": ("perplexity",),
    "tokens in common": ("greedy_agreement",),
    "export": ("export_time",),
    "graphs": ("compiled_graphs",),
    "prompt tokens that the server processed": ("server_prompt_rate",),
    "prompt tokens found": ("server_prefix_hits",),
    "power of the GPUs by their counters": ("gpu_power",),
    "power of the GPUs by polls": ("gpu_power_polled",),
    "prompt tokens": ("prompt_tokens", "cache_hit_tokens"),
}
"""The metrics that these words of a heading stand for; the longest one that a heading has decides."""
SPEEDS: Mapping[str, tuple[str, ...]] = {
    "prompt tokens": ("server_prefill_tps",),
    "output tokens": ("server_decode_tps",),
}
"""The rates of a phase that is called by its tokens."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at the heading of every cell that shows a value."""
    for page in site.pages:
        for table in tables(site, page):
            for row in table.rows:
                phase = next((cell.text for cell in row if cell.heading == PHASE and cell.value is None), "")
                for cell in row:
                    if cell.value is not None:
                        problem = _problem(cell, cell.value) or _of_phase(phase, cell.value)
                        yield Examined(page.name, problem and f"{table.name}: “{cell.heading}” {problem}")


def _of_phase(phase: str, value: StatedValue) -> str | None:
    """Whether a row that is named after a phase has its numbers."""
    metrics = _of_row(phase)
    wrong = isinstance(value.question, OfMetric) and metrics and value.question.metric not in metrics
    return f"has a number of another metric than “{phase}”" if wrong else None


def _problem(cell: Cell, value: StatedValue) -> str | None:
    unit = END.search(cell.heading)
    if unit and unit[1] in UNITS and unit[1] != value.unit:
        return f"has the unit {unit[1]}, its values have {value.unit or 'none'}"
    shows_unit = value.unit and value.unit in cell.text
    if (
        not (unit and unit[1] in UNITS)
        and value.number is not None
        and not shows_unit
        and value.unit not in WITHOUT_UNIT
    ):
        return f"names no unit, and the value {cell.text} is in {value.unit}"
    question = value.question
    if isinstance(question, StatedCalibration):
        return _of_instrument(cell.heading, question.quantity.rpartition(".")[2])
    return _asked(cell.heading, question) if isinstance(question, OfMetric) else None


def _of_instrument(heading: str, statistic: str) -> str | None:
    said = [name for name, words in OF_LOADS.items() if words in heading]
    return f"stands above the {statistic} of an error" if said and statistic not in said else None


def _asked(heading: str, question: OfMetric) -> str | None:
    metrics, phases, statistics = _said(heading)
    if metrics and question.metric not in metrics:
        return f"stands above values of {question.metric}"
    if phases and question.phase and question.phase not in phases:
        return f"stands above values of {question.phase} requests"
    if isinstance(question, StatedMetric) and not statistics <= {question.within, question.across}:
        return f"names another statistic than the {question.across} of the {question.within}"
    return None


@lru_cache(maxsize=4096)
def _of_row(phase: str) -> tuple[str, ...]:
    """The metrics of a phase that a row is named after."""
    return _longest(METRICS, phase) + SPEEDS.get(phase, ())


@lru_cache(maxsize=4096)
def _said(heading: str) -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
    """The metrics, the phases and the statistics that a heading names."""
    words = frozenset(STATISTICS[word] for word in re.findall(r"[a-z]+", heading) if word in STATISTICS)
    return _longest(METRICS, heading), () if "÷" in heading else _longest(PHASES, heading), words


def _longest(words: Mapping[str, tuple[str, ...]], heading: str) -> tuple[str, ...]:
    said = [phrase for phrase in words if re.search(rf"\b{re.escape(phrase)}\b", heading)]
    return words[max(said, key=len)] if said else ()
