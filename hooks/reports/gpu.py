"""Asks a recording of a machine with a GPU how its GPU compares with its processors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.datasets.read import Dataset
from harness.studies import STUDIES

from ..analysis.measurements import Measurements
from ..content.blocks import content_record
from ..recipes.accuracy import accuracy
from ..recipes.claims import FASTER, TIMES, claim_effect
from ..recipes.columns import RUNS, metrics
from ..recipes.contrasts import PHASE, against_reference, ratio_and_finding
from ..recipes.costs.energy import measured, sensors
from ..recipes.module_errors import located
from ..recipes.report_builder import Draft
from ..recipes.rows import rows
from ..recipes.tables import table

CPU, GPU, FULL = "transformers-cpu", "transformers-gpu", "fp32"
PHASES = {
    "ttft": "first token",
    "e2e_latency": "whole answer",
    "prefill_latency": "prefill",
    "settled_decode_step": "settled decode step",
}
SENTENCE = (
    f"The {{phase}} of {{arm}} is {FASTER} that of eager PyTorch on the processors of the same machine, in the "
    f"scenario {{scenario}}: it takes {TIMES}."
)


def compute_gpu(folder: Path) -> dict[str, Any]:
    """Speed, accuracy and the energy that the GPU counted, and each phase against the processors."""
    dataset = Dataset.open(folder)
    draft = Draft(Measurements(dataset), STUDIES.load(dataset.manifest.study))
    with located(Path(__file__)):
        arms = rows(draft, "arm", "precision", kinds={"precision": "setting"}).ended("ok")
        answered = arms.per("scenario")
        table(answered, "times", "Speed by scenario and engine", metrics(**PHASES), RUNS)
        accuracy(arms, "accuracy", "Accuracy of each engine", {"arm": CPU, "precision": FULL})
        on_gpu = answered.keep(lambda row: str(row.where["arm"]).startswith(GPU))
        table(on_gpu, "energy", "Energy of the GPU", *measured(on_gpu))
        sensors(on_gpu, "sensors", "What measured energy")
        names = ("scenario", PHASE, "arm")
        found = against_reference(draft, PHASES, "arm", "scenario", names, where={"precision": FULL})
        table(found, "against_cpu", "Against the processors", ratio_and_finding("time over the processors'"))
        for one in found:
            name = one.slug("arm", "phase", "scenario")
            claim_effect(draft, name, SENTENCE, one.contrast, names=one.names)
        return content_record(draft.content())
