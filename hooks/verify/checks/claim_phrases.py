"""What is said of a claim in all recordings at once, in prose and on the hardware page, is what all of them say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.site import Site
from ..reader.visible_text import same_text
from ..recompute.sentence import said_again

HARDWARE = "hardware.html"


def check(site: Site) -> Iterator[Examined]:
    """Looks at every sentence that asks all recordings, and at every table of claims in all of them."""
    for page in site.pages:
        for element in page.body.xpath(".//*[@data-in-all-recordings]"):
            yield Examined(page.name, _sentence(page, element))
    hardware = next((page for page in site.pages if page.name == HARDWARE), None)
    if hardware is not None:
        yield from (Examined(HARDWARE, problem) for problem in _tables(hardware, site))


def _recordings(page: Page) -> list[str]:
    """The datasets of a report that can be computed, the published one first."""
    return [page.dataset, *(stated.dataset for stated in page.stated.recordings if not stated.error)]


def _states(page: Page, name: str) -> list[str | None]:
    """What those recordings say of a claim's sentence; null where it cannot be computed."""
    published = page.stated.claims[name]
    others = [stated.claims[name][1] for stated in page.stated.recordings if name in stated.claims]
    found = [page.stated.claims.get(str(key)) for key in others]
    return [published.verdict, *(said_again(published, one.state) if one else None for one in found)]


def _sentence(page: Page, element: Any) -> str | None:
    name = str(element.get("data-in-all-recordings"))
    if name not in page.stated.claims:
        return f"the page does not state the claim {name}"
    expected = _words(page, name)
    right = same_text(element.text_content(), expected)
    return None if right else f"of {name} it says “{element.text_content()}”, its recordings say “{expected}”"


def _words(page: Page, name: str) -> str:
    others = page.stated.recordings
    published = page.stated.claims[name]
    states = {page.dataset: str(published.verdict)}
    for stated in others:
        key = stated.claims.get(name, [name, None])[1]
        found = page.stated.claims.get(str(key))
        states[stated.dataset] = said_again(published, found.state) if found else "cannot be computed"
    verbs = [said if said == "cannot be computed" else f"is {said}" for said in states.values()]
    if not others:
        return f"{verbs[0]} in the only recording published"
    if len(set(verbs)) == 1:
        return f"{verbs[0]} in {'both' if len(others) == 1 else 'all'} recordings"
    return ", ".join(f"{verb} in {label}" for verb, label in zip(verbs, states, strict=True))


def _tables(hardware: Page, site: Site) -> Iterator[str | None]:
    reports = {page.stated.page: page for page in site.pages if len(_recordings(page)) > 1 and page.stated.recordings}
    tables = {table.get("data-claim-matrix"): table for table in hardware.body.xpath(".//table[@data-claim-matrix]")}
    yield None if reports.keys() == tables.keys() else "it leaves out a report with several recordings"
    rows: list[list[str | None]] = []
    for report, table in tables.items():
        if report in reports:
            yield from _table(reports[report], table, rows)
    same = sum(len(set(states)) == 1 for states in rows)
    said = [element.text_content() for element in hardware.body.xpath(".//*[@data-totals]")]
    expected = [f"of {same} of {len(rows)} all of them say the same"] if tables else []
    yield None if len(said) == len(expected) and all(map(same_text, said, expected)) else f"it does not say {expected}"


def _table(page: Page, table: Any, rows: list[list[str | None]]) -> Iterator[str | None]:
    heads = [cell.text_content() for cell in table.xpath("./thead//th")]
    recordings = _recordings(page)
    yield None if heads[1:-1] == recordings else f"{page.name} has the recordings {', '.join(recordings)}"
    published = [stated.claims for stated in page.stated.recordings if not stated.error]
    listed = table.xpath(".//tr[@data-claim-of]")
    right = [row.get("data-claim-of") for row in listed] == _ordered(listed, published[0])
    yield None if right else f"it leaves out claims of {page.name}"
    for row in listed:
        name = str(row.get("data-claim-of"))
        if name in page.stated.claims:
            states = _states(page, name)
            rows.append(states)
            yield _line(page, name, row, states)


def _ordered(rows: Sequence[Any], claims: dict[str, list[str | None]]) -> list[str]:
    """The claims of a report, in the order of the table where it has all of them."""
    found = [str(row.get("data-claim-of")) for row in rows]
    return found if sorted(found) == sorted(claims) else sorted(claims)


def _line(page: Page, name: str, row: Any, states: Sequence[str | None]) -> str | None:
    cells = [cell.text_content() for cell in row.xpath("./th | ./td")]
    if not same_text(cells[0], page.stated.claims[name].text):
        return f"the sentence of {name} is another one on {page.name}"
    in_all = "agree" if len(set(states)) == 1 else "differ"
    expected = [*(state or "cannot be computed" for state in states), in_all]
    return None if cells[1:] == expected else f"of {name} it says {cells[1:]}, {page.name} says {expected}"
