"""Every text of a value is its number, rounded correctly to the last digit that the data support, in its unit."""

from __future__ import annotations

from collections.abc import Iterator

from ..reader.mismatches import Examined
from ..reader.site import Site
from ..reader.units import known, shown_with
from ..reader.values_json import StatedValue
from ..recompute.rounding import last_place, rounds


def check(site: Site) -> Iterator[Examined]:
    """Reads the texts that each page's numbers are to be shown with."""
    for page, key, value in site.values():
        problem = _problem(value)
        yield Examined(page.name, problem and f"{key}: {problem}")


def _problem(value: StatedValue) -> str | None:
    if not rounds(value.figure, value.number, last_place(value)):
        return f"{value.figure!r} is no right way to show {value.number!r}"
    if value.text != shown_with(value.figure, value.unit):
        return f"{value.text!r} is not {value.figure!r} in {value.unit or 'plain numbers'}"
    return None if known(value) else f"the unit {value.unit!r} does not mean what the site says"
