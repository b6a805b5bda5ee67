"""Every kind of question: how its answer is computed again, how strong it is, and whether it is known without error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..reader.questions_json import StatedContrast, StatedInput, StatedMetric, StatedQuestion
from ..reader.samples import CannotAnswer, Samples
from ..reader.site import Site
from . import break_even, calibration, counts, estimate, fits, inputs, laws, primary
from .answer import Answer


@dataclass(frozen=True, slots=True)
class Kind:
    """``again`` answers from the runs of a dataset; null where no dataset is asked."""

    again: Callable[[Samples, Any], Answer] | None
    status: str = "measured"
    exact: bool = False


KINDS: Mapping[str, Kind] = {
    "metric": Kind(estimate.estimate),
    "count": Kind(counts.count, exact=True),
    "effective": Kind(counts.effective, exact=True),
    "flagged": Kind(counts.flagged, exact=True),
    "label": Kind(counts.labelled, exact=True),
    "calibration": Kind(calibration.calibrated),
    "contrast": Kind(estimate.contrast, "derived"),
    "detectable": Kind(estimate.detectable, "derived"),
    "break_even": Kind(break_even.requests, "derived"),
    "slope": Kind(laws.slope, "derived"),
    "correlation": Kind(laws.correlation, "derived"),
    "fit": Kind(fits.fit, "derived"),
    "primary": Kind(primary.primary, "derived"),
    "moment": Kind(counts.moment),
    "reading": Kind(counts.reading),
    "spread": Kind(estimate.spread, "derived"),
    "input": Kind(None, "cited", exact=True),
}


def answer(site: Site, asked: StatedQuestion) -> Answer:
    """What the files of a site answer. Raises ``CannotAnswer``."""
    if isinstance(asked, StatedInput):
        return inputs.declared(site.once("inputs", lambda: inputs.entries(site.root)), asked)
    samples = site.samples(asked.digest)
    if samples is None:
        raise CannotAnswer(f"dataset {asked.dataset} with digest {asked.digest[:12]}… is not here undamaged")
    if site.datasets[asked.digest].label != asked.dataset:
        raise CannotAnswer(f"the digest belongs to {site.datasets[asked.digest].label}, not to {asked.dataset}")
    return answer_of(samples, asked)


def by_block(site: Site, asked: StatedQuestion | None) -> list[float]:
    """The number of every block (or session) that a question is answered from; none of what is no metric and no ratio
    of levels. Raises ``CannotAnswer``."""
    if isinstance(asked, StatedMetric):
        return answer(site, asked).by_block
    if isinstance(asked, StatedContrast):
        return list(answer(site, asked).ratios)
    return []


def answer_of(samples: Samples, asked: StatedQuestion) -> Answer:
    """What the runs of a dataset answer, computed once: several checks ask the same. Raises ``CannotAnswer``."""
    again = KINDS[asked.kind].again
    if again is None:
        raise CannotAnswer(f"a question of the kind {asked.kind} is not to a dataset")
    return samples.once(("answer", asked.model_dump_json()), lambda: again(samples, asked))
