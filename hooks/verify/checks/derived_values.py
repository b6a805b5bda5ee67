"""Every computed value is what its parents give: number, unit, n, status and the interval, drawn again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.samples import CannotAnswer
from ..reader.site import Site
from ..reader.units import result, stated_measure
from ..reader.units import same as same_unit
from ..reader.values_json import StatedValue
from ..recompute.answer import Answer
from ..recompute.derivation import (
    FEWEST_HOSTS,
    OPERATIONS,
    PREDICT,
    Branch,
    combine,
    interval,
    of_one_dataset,
    predicts,
    tree,
)
from ..recompute.equality import interval_text, same, same_interval
from ..recompute.questions import answer

STRENGTHS = ("measured", "derived", "modelled", "extrapolated", "cited")


def check(site: Site) -> Iterator[Examined]:
    """Computes every value with parents again."""
    for page in site.pages:
        answers = _answers(site, page)
        for key, value in page.stated.values.items():
            if value.parents:
                problem = _problem(key, value, page.stated.values, answers)
                yield Examined(page.name, problem and f"{key}: {problem}")


def _answers(site: Site, page: Page) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for key, value in page.stated.values.items():
        if value.question is not None:
            try:
                found[key] = answer(site, value.question)
            except CannotAnswer:
                continue
    return found


def _problem(
    key: str, value: StatedValue, values: Mapping[str, StatedValue], answers: Mapping[str, Answer]
) -> str | None:
    if value.operation not in OPERATIONS or not _takes(value.operation, len(value.parents)):
        return f"{value.operation!r} over {len(value.parents)} parents is no operation"
    node = tree(key, values, answers)
    if isinstance(node, Branch) and value.operation != "convert" and any(map(predicts, node.parts)):
        return "a parent is what a new host would give, which bears no operation"
    if isinstance(node, Branch) and value.operation == PREDICT and of_one_dataset(node):
        return "its parents do not rest on a dataset of each host"
    parents = [values[parent] for parent in value.parents]
    if (problem := _step(value, parents)) is not None:
        return problem
    drawn = interval(node) if value.number is not None else None
    size = max((abs(parent.number or 0) for parent in parents), default=0.0)
    if not same_interval(value.interval, drawn, size):
        return f"the site says {interval_text(value.interval)}, the runs give {interval_text(drawn)}"
    return None


def _takes(operation: str, parents: int) -> bool:
    if operation == PREDICT:
        return parents >= FEWEST_HOSTS
    return parents == (1 if operation == "convert" else 2)


def _step(value: StatedValue, parents: list[StatedValue]) -> str | None:
    """What is wrong with the number, the unit, the n or the status."""
    stated = stated_measure(value)
    if not same_unit(result(value.operation, [stated_measure(parent) for parent in parents], stated), stated):
        return f"its parents do not give a value in {value.unit}"
    least = "extrapolated" if value.operation == PREDICT else "derived"
    if value.status != max((*(parent.status for parent in parents), least), key=STRENGTHS.index):
        return f"its parents do not make it {value.status}"
    if value.number is not None and value.n != min((p.n for p in parents if p.n is not None), default=None):
        return f"its parents do not have n = {value.n}"
    numbers = [parent.number for parent in parents if parent.number is not None]
    if value.operation == PREDICT and min(numbers, default=0) <= 0:
        return None if value.number is None and value.missing else "a parent is not above zero, so it has no number"
    if len(numbers) < len(parents):
        return None if value.number is None and value.missing else "a parent has no number, so it has none"
    try:
        found = combine(value.operation, numbers, [parent.scale for parent in parents], value.scale)
    except ZeroDivisionError:
        return "its divisor is zero"
    if not same(value.number, found, max(map(abs, numbers))):
        return f"the site says {value.number!r}, its parents give {found!r}"
    return None
