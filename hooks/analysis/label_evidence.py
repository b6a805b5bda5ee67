"""Is a label evidence? Each setting that names a mechanism, against what the runs recorded of that mechanism.

A label is *proven* where the engine's own report or its counters agree with it, *contradicted* where they say
otherwise, and *without evidence* where the engine reports nothing. The judgement of a run uses nothing but its stored
records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PROVEN, CONTRADICTED, SILENT = "proven", "contradicted", "without evidence"
VERDICTS = (PROVEN, CONTRADICTED, SILENT)

Facts = Mapping[str, Any]
Judge = Callable[[Any, Facts], bool | None]
"""Whether the records of a run (effective settings and facts, by name) agree with a requested value; null: they say
nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One label of one dataset: how many usable runs carried it, and what their records say."""

    dataset: str
    setting: str
    level: str
    proof: str
    counts: Mapping[str, int]

    @property
    def verdict(self) -> str:
        """Contradicted where one run is; proven only where every run is."""
        if self.counts.get(CONTRADICTED):
            return CONTRADICTED
        return SILENT if self.counts.get(SILENT) else PROVEN


@dataclass(frozen=True, slots=True)
class Mechanism:
    """What proves a setting, in words and as a judgement."""

    proof: str
    judge: Judge


def _equal(key: str) -> Judge:
    def judge(level: Any, facts: Facts) -> bool | None:
        found = facts.get(key)
        return None if found is None else str(found) == str(level)

    return judge


def _compiled(level: Any, facts: Facts) -> bool | None:
    graphs, device_graphs = facts.get("evidence.graphs"), facts.get("evidence.cudagraphs")
    if graphs is None:
        return None
    if facts.get("evidence.eager_passes"):
        return False
    if level == "reduce-overhead":
        return bool(graphs and device_graphs)
    return bool(graphs) is bool(level != "none")


def _offloaded(level: Any, facts: Facts) -> bool | None:
    """More layers asked for than the model has mean all of them."""
    found, layers = facts.get("layers_offloaded"), facts.get("model_layers")
    if found is None:
        return None
    return bool(found == level or (layers is not None and level > layers and found >= layers))


def _threads(level: Any, facts: Facts) -> bool | None:
    found, allowed = facts.get("threads"), facts.get("cpus_allowed")
    if found is None or (level == "all" and allowed is None):
        return None
    return str(found) == str(allowed if level == "all" else level)


_FORMATS = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16", "int8": "int8"}


def _precision(level: Any, facts: Facts) -> bool | None:
    """Full precisions fill the weights; int8 is proven where any weights are of it, and the share stands beside."""
    found = facts.get("weights_dtype")
    if found is None:
        return None
    wanted = _FORMATS.get(str(level), str(level))
    return wanted in str(found) if level == "int8" else f"{wanted} 100%" in str(found)


def _provider(level: Any, facts: Facts) -> bool | None:
    found = facts.get("provider")
    return None if found is None else str(found).lower().startswith(str(level))


def _device(level: Any, facts: Facts) -> bool | None:
    found = facts.get("device")
    return None if found is None else (found == "cpu") == (level == "cpu")


MECHANISMS: dict[str, Mechanism] = {
    "compile": Mechanism(
        "graphs that the compiler counted, and no pass beside them; CUDA graphs for reduce-overhead", _compiled
    ),
    "device": Mechanism("the device that the engine names", _device),
    "generation": Mechanism("the phases that the engine ran", _equal("generation")),
    "model": Mechanism("the digest or the name of the weights that were loaded", _equal("model")),
    "num_ctx": Mechanism("the context that the engine allocated", _equal("num_ctx")),
    "num_gpu": Mechanism("layers that the engine says are on a GPU", _offloaded),
    "precision": Mechanism("the formats of the weights in memory", _precision),
    "provider": Mechanism("the provider that the session says is active", _provider),
    "shapes": Mechanism("the shapes that the engine ran", _equal("shapes")),
    "threads": Mechanism("the threads that the engine uses", _threads),
}


def audit(dataset: str, runs: Sequence[tuple[Facts, Facts]]) -> list[Line]:
    """One line per label of a dataset; ``runs`` are the requested settings and the records of each usable run."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for requested, facts in runs:
        for setting in MECHANISMS.keys() & requested.keys():
            level = requested[setting]
            agreed = MECHANISMS[setting].judge(level, facts)
            said = SILENT if agreed is None else PROVEN if agreed else CONTRADICTED
            found.setdefault((setting, _text(level)), Counter())[said] += 1
    return [
        Line(dataset, setting, level, MECHANISMS[setting].proof, dict(counts))
        for (setting, level), counts in sorted(found.items())
    ]


def _text(level: Any) -> str:
    return str(level).lower() if isinstance(level, bool) else str(level)
