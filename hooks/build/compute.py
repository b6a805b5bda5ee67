"""From a sealed dataset to the content of a page: the expensive half of a build, run only when its inputs changed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from harness.datasets.read import Dataset
from harness.studies import STUDIES

from ..analysis.answers import answers
from ..analysis.declared_inputs import NO_INPUTS, declared_inputs
from ..analysis.measurements import Measurements
from ..content.blocks import content_record
from ..recipes.module_errors import located
from ..recipes.report_builder import Draft
from ..reports import compute, module_name


def compute_content(report: str, folder: Path, beside: bool = False, inputs: Path | None = None) -> dict[str, Any]:
    """The content of a report as JSON-ready data, after proving that the dataset is what its manifest says.

    ``beside`` marks a recording that is shown beside the published one. ``inputs`` is the folder of declared inputs.
    """
    dataset, computed = Dataset.open(folder), compute(report)
    module = Path(str(import_module(module_name(report)).__file__))
    with answers(dataset.digest, beside) as answered, located(module):
        given = declared_inputs(inputs) if inputs else NO_INPUTS
        draft = Draft(Measurements(dataset, beside=beside, answered=answered), STUDIES.load(report), given)
        computed(draft)
        return content_record(draft.content())
