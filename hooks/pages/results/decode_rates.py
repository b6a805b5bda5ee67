"""Asks a sealed dataset for its decode rate by model: what the chart across reports is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.datasets.read import Dataset

from ...analysis.measurements import Measurements
from ...content.blocks import Content, content_record
from ...content.facts import Facts
from ...text.naming import level_text
from ...values.value import Value

METRIC = "decode_tps"


def compute_speeds(folder: Path, other_recording: bool = False) -> dict[str, Any]:
    """One finding per model, named after it; the flag ``pooled`` names the factors whose levels it pools.

    ``other_recording`` marks another recording of a study than its published one.

    A dataset that compares engines has none: a rate over several engines is the rate of nothing.
    """
    data = Measurements(Dataset.open(folder), other_recording=other_recording)
    design: Any = data.dataset.manifest.design
    if any("backend" in settings for _, _, settings in design.get("bundles", ())):
        return content_record(Content(facts=Facts(flags={"pooled": ""})))
    varied = {factor["name"]: data.levels(factor["name"]) for factor in design["factors"]}
    pooled = [name for name, levels in varied.items() if name != "model" and len(levels) > 1]
    facts = Facts(flags={"pooled": ", ".join(pooled)})
    return content_record(Content(_findings(data, varied.get("model")), facts=facts))


def _findings(data: Measurements, models: tuple[Any, ...] | None) -> dict[str, Value]:
    if models is not None:
        return {level_text(model): data.value(METRIC, {"model": model}) for model in models}
    fixed: Any = data.dataset.manifest.design.get("fixed", ())
    return {str(dict(fixed).get("model", "unnamed model")): data.value(METRIC)}
