"""A report's recordings beside the published one: each is what it says, and what is said of both follows from both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.page import Page, shown_value
from ..reader.questions_json import StatedOfDataset
from ..reader.site import Site
from ..reader.values_json import StatedBeside, StatedClaim, StatedRanking
from ..reader.visible_text import same_text
from ..recompute.recordings import REPORTED, circumstances, compared, relation, same_host

ALIKE = ("intervals overlap", "higher there", "lower there", "the verdict flips")


def check(site: Site) -> Iterator[Examined]:
    """Looks at every page that states recordings beside its own, and at the pages of those recordings."""
    labels = {sealed.label: sealed for sealed in site.datasets.values()}
    for page in site.pages:
        if page.stated.beside or page.body.xpath(".//*[@id='elsewhere']"):
            yield from (Examined(page.name, problem) for problem in _page(page, site, labels))
            yield from (Examined(page.name, problem) for problem in _sources(page))


def _page(page: Page, site: Site, labels: dict[str, Sealed]) -> Iterator[str | None]:
    own = labels.get(str(next(iter(page.tree.xpath("//*[@id='dataset']/@data-dataset")), "")))
    if own is None:
        yield "the dataset that it publishes is not here undamaged"
        return
    others: list[Sealed] = []
    for stated in page.stated.beside:
        there = site.datasets.get(stated.digest)
        study = own.label.partition("/")[0]
        if there is None or there.label != stated.dataset or there.label == own.label:
            yield f"{stated.dataset} is not here undamaged, or is the published dataset itself"
            return
        yield None if there.label.partition("/")[0] == study else f"{there.label} is of another study"
        others.append(there)
        yield from _recording(page, stated, own, there)
    yield from _section(page, own, others)


def _sources(page: Page) -> Iterator[str | None]:
    """Every value of the page is of the recording that it is shown for."""
    digests = {stated.digest for stated in page.stated.beside}
    for key, value in page.stated.values.items():
        if isinstance(value.question, StatedOfDataset):
            right = value.question.beside == (value.question.digest in digests)
            yield None if right else f"{key} is shown for another recording than the one that it asks"


def _recording(page: Page, stated: StatedBeside, own: Sealed, there: Sealed) -> Iterator[str | None]:
    said = page.body.xpath(".//*[@data-relation=$label]", label=there.label)
    right = len(said) == 1 and same_text(said[0].text_content(), relation(own, there))
    yield None if right else f"{there.label} was recorded on {relation(own, there)}; the page says something else"
    if stated.error:
        yield "it states claims of what cannot be computed" if stated.claims or stated.findings else None
        return
    added = {pair[1] for one in page.stated.beside for pair in one.claims.values()}
    published = [name for name in page.stated.claims if name not in added]
    yield None if sorted(published) == sorted(stated.claims) else f"{there.label} is not asked all claims"
    for name, pair in stated.claims.items():
        yield _claim(page, name, pair, there)
    yield from _findings(page, stated, there)
    yield from _rows(page, stated, there)
    yield from _summary(page, stated, there)


def _claim(page: Page, name: str, pair: Sequence[str | None], there: Sealed) -> str | None:
    here, other = (page.stated.claims.get(key or "") for key in pair)
    if pair[0] != name or here is None:
        return f"claim {name} is paired with what the page does not state"
    if other is None:
        return None
    if not _same_question(here, other):
        return f"claim {name} is paired with another claim"
    mine, theirs = (_digests(page, claim.values.values()) for claim in (here, other))
    if theirs - {there.digest} or there.digest in mine:
        return f"claim {name} is not asked of {there.label} and of the published recording alone"
    return None


def _same_question(one: StatedClaim | StatedRanking, other: StatedClaim | StatedRanking) -> bool:
    if isinstance(one, StatedClaim) and isinstance(other, StatedClaim):
        return one.predicate == other.predicate and one.values.keys() == other.values.keys()
    return type(one) is type(other) and one.values.keys() == other.values.keys()


def _digests(page: Page, keys: Any) -> set[str]:
    """The datasets that values rest on."""
    found: set[str] = set()
    waiting = [key for key in keys if key in page.stated.values]
    while waiting:
        value = page.stated.values[waiting.pop()]
        found |= {value.question.digest} if isinstance(value.question, StatedOfDataset) else set()
        waiting += value.parents
    return found


def _findings(page: Page, stated: StatedBeside, there: Sealed) -> Iterator[str | None]:
    for name, pair in stated.findings.items():
        mine, theirs = (_digests(page, [key]) for key in pair)
        right = not theirs - {there.digest} and there.digest not in mine
        yield None if right else f"finding {name} is not of {there.label} and of the published recording"


def _rows(page: Page, stated: StatedBeside, there: Sealed) -> Iterator[str | None]:
    """The rows of both tables: which there are, what they show and what they conclude."""
    tables = ("data-pairs", "data-claim-pair", stated.claims), ("data-findings", "data-finding", stated.findings)
    for table, mark, pairs in tables:
        rows = page.body.xpath(f".//table[@{table}=$label]//tr[@{mark}]", label=there.label)
        names = [row.get(mark) for row in rows]
        yield None if sorted(names) == sorted(pairs) else f"a table beside {there.label} leaves out or adds rows"
        for row in rows:
            if (pair := pairs.get(row.get(mark))) is not None:
                yield _row(page, row, mark, pair, there)


def _row(page: Page, row: Any, mark: str, pair: Sequence[str | None], there: Sealed) -> str | None:
    cells = row.xpath("./th | ./td")
    name = row.get(mark)
    for cell, key in zip(cells[-3:-1], pair, strict=True):
        claims = {str(found) for found in cell.xpath(".//@data-claim")}
        shown = claims if mark == "data-claim-pair" else {shown_value(data) for data in cell.iter("data")}
        if shown != ({key} if key else set()):
            return f"{name} shows another number or claim than it states"
    expected = _conclusion(page, mark, pair)
    if cells[-1].text_content() != expected:
        return f"{name} is said to be “{cells[-1].text_content()}”, it is “{expected}”"
    return _lacking(name, cells[-2], there) if mark == "data-claim-pair" and pair[1] is None else None


def _conclusion(page: Page, mark: str, pair: Sequence[str | None]) -> str:
    if mark == "data-finding":
        return compared(pair[0], pair[1], page.stated.values)
    if pair[1] is None:
        return "cannot be computed there"
    states = {page.stated.claims[str(key)].state for key in pair}
    return "same state" if len(states) == 1 else "another state"


def _lacking(name: str, cell: Any, there: Sealed) -> str | None:
    """The levels that a recording is said to lack are asked for by the claim and recorded in none of its runs."""
    runs = there.runs
    recorded = {
        f"{column.removeprefix('level.')} {level if isinstance(level, str) else _json(level)}"
        for column in runs.column_names
        if column.startswith("level.")
        for level in runs[column].unique().to_pylist()
    }
    said = [element.text_content() for element in cell.find_class("bl")]
    wrong = [text for text in said if text in recorded]
    return f"{name}: {there.label} has runs with {', '.join(wrong)}" if wrong else None


def _json(level: Any) -> str:
    return str(level).lower() if isinstance(level, bool) else str(level)


def _summary(page: Page, stated: StatedBeside, there: Sealed) -> Iterator[str | None]:
    """What stands above the tables: how many agree, and which do not."""
    states = {
        name: [page.stated.claims[key].state if key in page.stated.claims else None for key in map(str, pair)]
        for name, pair in stated.claims.items()
    }
    verdicts = {name: compared(pair[0], pair[1], page.stated.values) for name, pair in stated.findings.items()}
    holds = sum(found == ["holds", "holds"] for found in states.values())
    same = sum(len(set(found)) == 1 for found in states.values())
    overlap = sum(found == ALIKE[0] for found in verdicts.values())
    both = sum(found in ALIKE for found in verdicts.values())
    lacking = sum(None in found for found in states.values())
    text = (
        f"{holds} of {len(states)} claims hold in both recordings; {same} have the same state in both. "
        f"The intervals of {overlap} of {both} findings overlap."
    )
    yield _said(page, "data-verdict", there, [text])
    yield _said(page, "data-lacking", there, [f"{lacking} of the claims cannot be computed from it"] * bool(lacking))
    differing = {name: found for name, found in states.items() if None not in found and len(set(found)) > 1}
    lines = [f"{name.replace('-', ' ')}: {found[0]} here, {found[1]} there" for name, found in differing.items()]
    yield _said(page, "data-differs", there, lines)
    flipped = [name.replace("_", " ") for name, verdict in verdicts.items() if verdict == ALIKE[3]]
    yield _said(page, "data-flipped", there, flipped)


def _said(page: Page, mark: str, there: Sealed, expected: Sequence[str]) -> str | None:
    found = [element.text_content() for element in page.body.xpath(f".//*[@{mark}=$label]", label=there.label)]
    right = len(found) == len(expected) and all(map(same_text, sorted(found), sorted(expected)))
    return None if right else f"it says “{'; '.join(found)}” beside {there.label}, it is “{'; '.join(expected)}”"


def _section(page: Page, own: Sealed, others: Sequence[Sealed]) -> Iterator[str | None]:
    headings = page.body.xpath(".//*[@id='elsewhere']")
    title = "In other circumstances" if all(same_host(own, there) for there in others) else "On other machines"
    right = len(headings) == 1 and same_text(headings[0].text_content().rstrip("¶"), title)
    yield None if right else f"the section of other recordings is not headed “{title}”"
    asked = [own, *(there for there, stated in zip(others, page.stated.beside, strict=True) if not stated.error)]
    expected = {line[0][0]: [text for _, text in line] for line in zip(*map(circumstances, asked), strict=True)}
    rows = page.body.xpath(".//table[@id='table-recordings']//tr[@data-circumstance]")
    yield None if [row.get("data-circumstance") for row in rows] == list(expected) else "circumstances are left out"
    for row in rows:
        yield _circumstance(row, expected.get(row.get("data-circumstance"), []))


def _circumstance(row: Any, expected: Sequence[str | None]) -> str | None:
    cells = [cell.text_content() for cell in row.xpath("./th | ./td")]
    name, shown = row.get("data-circumstance"), cells[1:-1]
    if cells[0] != name or len(shown) != len(expected):
        return f"the circumstance {name} is not shown of every recording"
    if name != REPORTED and not all(map(same_text, shown, map(str, expected))):
        return f"the {name} of the recordings is {', '.join(map(str, expected))}; the page shows {', '.join(shown)}"
    conclusion = "same" if len(set(chain(shown))) == 1 else "differs"
    return None if cells[-1] == conclusion else f"the circumstance {name} is said to be {cells[-1]}"
