"""Every measured value is what the sealed files give when they are asked again."""

from __future__ import annotations

from collections.abc import Iterator

from ..reader.mismatches import Examined
from ..reader.samples import CannotAnswer
from ..reader.site import Site
from ..reader.units import Measure, stated_measure
from ..reader.values_json import StatedSelector, StatedValue
from ..recompute.equality import interval_text, same, same_interval
from ..recompute.estimate import Answer, answer


def check(site: Site) -> Iterator[Examined]:
    """Asks every selector of the Parquet files that its digest names."""
    for page, key, value in site.values():
        if value.selector is not None:
            problem = _problem(site, value, value.selector)
            yield Examined(page.name, problem and f"{key}: {problem}")


def _problem(site: Site, value: StatedValue, asked: StatedSelector) -> str | None:
    samples = site.samples(asked.digest)
    if samples is None:
        return f"dataset {asked.dataset} with digest {asked.digest[:12]}… is not here undamaged"
    if site.datasets[asked.digest].label != asked.dataset:
        return f"the digest belongs to {site.datasets[asked.digest].label}, not to {asked.dataset}"
    try:
        found = answer(samples, asked)
    except CannotAnswer as error:
        return str(error)
    return _difference(value, found)


def _difference(value: StatedValue, found: Answer) -> str | None:
    if value.parents or value.operation:
        return "it is measured, yet says that it was computed from other values"
    if not same(value.number, found.number):
        return f"the site says {value.number!r}, the data say {found.number!r}"
    if value.n != found.n:
        return f"the site says n = {value.n}, the data say {found.n}"
    if not same_interval(value.interval, found.interval):
        return f"the site says {interval_text(value.interval)}, the data say {interval_text(found.interval)}"
    if (value.number is None) != (value.missing is not None):
        return "a value has a number or a reason why it has none, never both"
    status = "derived" if value.selector and value.selector.contrast else "measured"
    if value.status != status:
        return f"it is {status}, the site says {value.status}"
    if found.unit is None:
        return None
    if found.unit.symbol != value.unit or Measure(dict(found.unit.dims), found.unit.scale) != stated_measure(value):
        return f"the metric is in {found.unit.symbol}, the site says {value.unit}"
    return None if value.definition == found.meaning else "the definition is not the metric's"
