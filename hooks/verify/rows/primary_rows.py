"""The table of primary contrasts says of each what its session sealed: every number stands under its heading, the
margins are those of the design, and the finding follows from the interval and the p-value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from ..meaning.tables import Cell, tables
from ..reader.mismatches import Examined
from ..reader.questions_json import StatedPrimary
from ..reader.samples import Samples
from ..reader.site import Site

TABLE = "table-primaries"
ALPHA = 0.05
"""Above this p-value of no equivalence nothing is called equivalent."""
ASKED: Mapping[str, tuple[str, str]] = {
    "ratio": ("ratio", "kept"),
    "p of no effect": ("p_effect", "kept"),
    "p of no equivalence": ("p_equivalent", "kept"),
    "sessions": ("blocks", "kept"),
    "blocks": ("blocks", "kept"),
    "minimum detectable ratio": ("detectable", "kept"),
    "without flagged runs": ("ratio", "left out"),
}
"""What the numbers below a heading ask of a primary, and with which runs."""
DECLARED = {"margin": "margin", "of interest": "smallest"}
"""What a design says of a primary, by the headings."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at every row of every such table."""
    for page in site.pages:
        for table in tables(site, page):
            for row in table.rows if table.name == TABLE else ():
                for problem in _row(site, row):
                    yield Examined(page.name, problem and f"{table.name}: {row[0].text}: {problem}")


def _row(site: Site, row: Sequence[Cell]) -> Iterator[str | None]:
    asked = {cell.heading: cell.value.question for cell in row if cell.value is not None}
    first = asked.get("ratio")
    samples = site.samples(first.digest) if isinstance(first, StatedPrimary) else None
    if samples is None or not isinstance(first, StatedPrimary):
        yield "it shows no ratio of a primary"
        return
    yield None if row[0].text == first.primary else f"its ratio is that of {first.primary}"
    letters = dict(zip(dict.fromkeys(filter(None, samples.hosts.values())), ascii_uppercase, strict=False))
    for heading, question in asked.items():
        if not isinstance(question, StatedPrimary) or question.primary != first.primary:
            yield f"“{heading}” has a number of something else"
            continue
        one_host = bool(question.host)
        said = f"on host {letters.get(question.host)}" if one_host else heading
        expected = ASKED["ratio"] if one_host else ASKED.get(heading)
        right = said == heading and (question.of, question.flagged) == expected
        of = said if one_host else f"runs {question.flagged}"
        yield None if right else f"“{heading}” has the {question.of} of {of}"
    yield _finding(row)
    yield from _declared(samples, first.primary, row)


def _finding(row: Sequence[Cell]) -> str | None:
    said = next((cell.text for cell in row if cell.heading == "finding"), "nothing")
    values = {cell.heading: cell.value for cell in row}
    ratio, p_equivalent = values.get("ratio"), values.get("p of no equivalence")
    interval = ratio.interval if ratio is not None else None
    if p_equivalent is not None and p_equivalent.number is not None and p_equivalent.number <= ALPHA:
        right = "equivalent"
    else:
        right = "effect" if interval and not interval.low <= 1 <= interval.high else "not settled"
    return None if said == right else f"it is called “{said}”, its interval and its p-values say “{right}”"


def _declared(samples: Samples, name: str, row: Sequence[Cell]) -> Iterator[str | None]:
    designs = samples.designs.values()
    known: dict[str, Mapping[str, Any]] = {one["id"]: one for design in designs for one in design.get("primaries", ())}
    sealed = known.get(name, {})
    for cell in row:
        if cell.heading in DECLARED:
            right = f"{sealed.get(DECLARED[cell.heading], 0):g}"
            yield None if cell.text == right else f"its {cell.heading} is {cell.text}, the design says {right}"
