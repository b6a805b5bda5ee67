"""The table of how recordings were made: what their manifests say, and whether it is the same in all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..reader.dataset import Sealed
from ..reader.page import Page
from ..reader.visible_text import same_text
from .recordings import REPORTED, circumstances


def wrong_conditions(page: Page, recordings: Sequence[Sealed]) -> Iterator[str | None]:
    """What is wrong with the table of a page that compares these recordings, in their order."""
    heads = [head.text_content() for head in page.body.xpath(".//table[@id='table-recordings']//thead//th")]
    labels = [recording.label for recording in recordings]
    yield None if heads == ["circumstance", *labels, "all"] else f"no table compares {', '.join(labels)}"
    expected = {line[0][0]: [text for _, text in line] for line in zip(*map(circumstances, recordings), strict=True)}
    rows = page.body.xpath(".//table[@id='table-recordings']//tr[@data-circumstance]")
    yield None if [row.get("data-circumstance") for row in rows] == list(expected) else "circumstances are left out"
    for row in rows:
        yield _row(row, expected.get(row.get("data-circumstance"), []))


def _row(row: Any, expected: Sequence[str | None]) -> str | None:
    cells = [cell.text_content() for cell in row.xpath("./th | ./td")]
    name, shown = row.get("data-circumstance"), cells[1:-1]
    if cells[0] != name or len(shown) != len(expected):
        return f"the circumstance {name} is not shown of every recording"
    if name != REPORTED and not all(map(same_text, shown, map(str, expected))):
        return f"the {name} of the recordings is {', '.join(map(str, expected))}; the page shows {', '.join(shown)}"
    conclusion = "same" if len(set(shown)) == 1 else "differs"
    return None if cells[-1] == conclusion else f"the circumstance {name} is said to be {cells[-1]}"
