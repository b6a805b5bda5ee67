"""From sealed datasets to the content of a page: the expensive half of a build, run only when its inputs changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

from harness.datasets.read import Dataset
from harness.studies import study_of

from ..analysis.answers import answers
from ..analysis.declared_inputs import NO_INPUTS, Inputs, declared_inputs
from ..analysis.measurements import Measurements
from ..content.blocks import content_record
from ..recipes.module_errors import located
from ..recipes.report_builder import Draft
from ..recipes.sources import Source
from ..reports import compute, computing


def compute_content(
    report: str, folder: Path, other_recording: bool = False, inputs: Path | None = None
) -> dict[str, Any]:
    """The content of a report as JSON-ready data, after proving that the dataset is what its manifest says.

    ``other_recording`` marks one that the report shows with the published one. ``inputs`` is the folder of declared
    inputs.
    """
    with ExitStack() as kept:
        source = _source(kept, folder, other_recording)
        return _content(report, lambda: Draft(source.data, source.study, _inputs(inputs)))


def compute_over_datasets(
    report: str, datasets: Sequence[tuple[str, Path, bool]], inputs: Path | None = None
) -> dict[str, Any]:
    """The same of a report over several datasets: each is its name, its folder and whether it is another recording."""
    with ExitStack() as kept:
        named = {name: _source(kept, folder, other_recording) for name, folder, other_recording in datasets}
        return _content(report, lambda: Draft.over(named, _inputs(inputs)))


def _inputs(folder: Path | None) -> Inputs:
    return declared_inputs(folder) if folder else NO_INPUTS


def _source(kept: ExitStack, folder: Path, other_recording: bool) -> Source:
    """A dataset that answers what it was asked before from what is ``kept``."""
    dataset = Dataset.open(folder)
    answered = kept.enter_context(answers(dataset.digest, other_recording))
    data = Measurements(dataset, other_recording=other_recording, answered=answered)
    return Source(data, study_of(dataset.manifest))


def _content(report: str, begin: Callable[[], Draft]) -> dict[str, Any]:
    computed = compute(report)
    with located(Path(str(import_module(computing(report)).__file__))):
        draft = begin()
        computed(draft)
        return content_record(draft.content())
