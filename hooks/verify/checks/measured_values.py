"""Every value that answers a question is what the files give when they are asked again."""

from __future__ import annotations

from collections.abc import Iterator

from ..reader.mismatches import Examined
from ..reader.questions_json import StatedInput, StatedQuestion
from ..reader.samples import CannotAnswer
from ..reader.site import Site
from ..reader.units import Measure, stated_measure
from ..reader.values_json import StatedValue
from ..recompute.answer import Answer
from ..recompute.equality import interval_text, same, same_interval
from ..recompute.questions import KINDS, answer


def check(site: Site) -> Iterator[Examined]:
    """Asks every question of the files that it names: dataset by dataset, so that its tables are read once."""
    asked = [(page, key, value, value.question) for page, key, value in site.values() if value.question is not None]
    problems: dict[int, str | None] = {}
    for place, (_, _, value, question) in sorted(enumerate(asked), key=lambda item: _dataset(item[1][3])):
        problems[place] = _problem(site, value, question)
    for place, (page, key, _, _) in enumerate(asked):
        problem = problems[place]
        yield Examined(page.name, problem and f"{key}: {problem}")


def _dataset(asked: StatedQuestion) -> str:
    """What tells the dataset of a question from others; empty where it is to none."""
    return "" if isinstance(asked, StatedInput) else asked.digest


def _problem(site: Site, value: StatedValue, asked: StatedQuestion) -> str | None:
    try:
        found = answer(site, asked)
    except CannotAnswer as error:
        return str(error)
    status = KINDS[asked.kind].status
    return _difference(value, found) or (None if value.status == status else f"it is {status}, not {value.status}")


def _difference(value: StatedValue, found: Answer) -> str | None:
    if value.parents or value.operation or value.source:
        return "it answers a question, yet says that it comes from other values or another source"
    if not same(value.number, found.number):
        return f"the site says {value.number!r}, the data say {found.number!r}"
    if value.n != found.n:
        return f"the site says n = {value.n}, the data say {found.n}"
    if not same_interval(value.interval, found.interval):
        return f"the site says {interval_text(value.interval)}, the data say {interval_text(found.interval)}"
    if (value.number is None) != (value.missing is not None):
        return "a value has a number or a reason why it has none, never both"
    if found.unit.symbol != value.unit or Measure(dict(found.unit.dims), found.unit.scale) != stated_measure(value):
        return f"the answer is in {found.unit.symbol or 'no unit'}, the site says {value.unit}"
    if found.decimals is not None and value.decimals != found.decimals:
        return f"the source prints {found.decimals} decimals, the site says {value.decimals}"
    return None if value.definition == found.meaning else "the definition is not that of what is asked"
