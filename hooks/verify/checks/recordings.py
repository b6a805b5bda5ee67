"""A report's other recordings: each is what it says, and what is said of two recordings follows from both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.questions_json import StatedOfDataset
from ..reader.site import Site
from ..reader.values_json import StatedClaim, StatedRanking, StatedRecording
from ..reader.visible_text import same_text
from ..recompute.conditions_table import wrong_conditions
from ..recompute.recordings import compared, relation
from ..recompute.sentence import said_again

ALIKE = ("intervals overlap", "higher in the other", "lower in the other", "the verdict flips")


def check(site: Site) -> Iterator[Examined]:
    """Looks at every page that states other recordings, and at the pages of those recordings."""
    labels = {sealed.label: sealed for sealed in site.datasets.values()}
    for page in site.pages:
        if page.stated.recordings or page.body.xpath(".//*[@id='recordings']"):
            yield from (Examined(page.name, problem) for problem in _page(page, site, labels))
            yield from (Examined(page.name, problem) for problem in _sources(page))


def _page(page: Page, site: Site, labels: dict[str, Sealed]) -> Iterator[str | None]:
    published = labels.get(page.dataset)
    if published is None:
        yield "the dataset that it publishes is not here undamaged"
        return
    others: list[Sealed] = []
    for stated in page.stated.recordings:
        other = site.datasets.get(stated.digest)
        study = published.label.partition("/")[0]
        if other is None or other.label != stated.dataset or other.label == published.label:
            yield f"{stated.dataset} is not here undamaged, or is the published dataset itself"
            return
        yield None if other.label.partition("/")[0] == study else f"{other.label} is of another study"
        others.append(other)
        yield from _recording(page, stated, published, other)
    yield None if len(page.body.xpath(".//*[@id='recordings']")) == 1 else "it has no section of other recordings"
    computed = (other for other, stated in zip(others, page.stated.recordings, strict=True) if not stated.error)
    yield from wrong_conditions(page, [published, *computed])


def _sources(page: Page) -> Iterator[str | None]:
    """Every value of the page is of the recording that it is shown for."""
    digests = {stated.digest for stated in page.stated.recordings}
    for key, value in page.stated.values.items():
        if isinstance(value.question, StatedOfDataset):
            right = value.question.other_recording == (value.question.digest in digests)
            yield None if right else f"{key} is shown for another recording than the one that it asks"


def _recording(page: Page, stated: StatedRecording, published: Sealed, other: Sealed) -> Iterator[str | None]:
    shown = page.body.xpath(".//*[@data-relation=$label]", label=other.label)
    expected = relation(published, other)
    right = len(shown) == 1 and same_text(shown[0].text_content(), expected)
    yield None if right else f"{other.label} was recorded on {expected}; the page says something else"
    if stated.error:
        yield "it states claims of what cannot be computed" if stated.claims or stated.findings else None
        return
    added = {pair[1] for one in page.stated.recordings for pair in one.claims.values()}
    own = [name for name in page.stated.claims if name not in added]
    yield None if sorted(own) == sorted(stated.claims) else f"{other.label} is not asked all claims"
    for name, pair in stated.claims.items():
        yield _claim(page, name, pair, other)
    yield from _findings(page, stated, other)
    yield from _rows(page, stated, published, other)
    yield from _summary(page, stated, other)


def _claim(page: Page, name: str, pair: Sequence[str | None], other: Sealed) -> str | None:
    published, found = (page.stated.claims.get(key or "") for key in pair)
    if pair[0] != name or published is None:
        return f"claim {name} is paired with what the page does not state"
    if found is None:
        return None
    if not _same_question(published, found):
        return f"claim {name} is paired with another claim"
    own, others = (_digests(page, claim.values.values()) for claim in (published, found))
    if others - {other.digest} or other.digest in own:
        return f"claim {name} is not asked of {other.label} and of the published recording alone"
    return None


def _same_question(one: StatedClaim | StatedRanking, other: StatedClaim | StatedRanking) -> bool:
    if isinstance(one, StatedClaim) and isinstance(other, StatedClaim):
        return one.predicate == other.predicate and one.values.keys() == other.values.keys()
    return type(one) is type(other) and one.values.keys() == other.values.keys()


def _digests(page: Page, keys: Iterable[str | None]) -> set[str]:
    """The datasets that values rest on."""
    return {question.digest for question in page.stated.questions(keys)}


def _findings(page: Page, stated: StatedRecording, other: Sealed) -> Iterator[str | None]:
    for name, pair in stated.findings.items():
        own, others = (_digests(page, [key]) for key in pair)
        right = not others - {other.digest} and other.digest not in own
        yield None if right else f"finding {name} is not of {other.label} and of the published recording"


def _rows(page: Page, stated: StatedRecording, published: Sealed, other: Sealed) -> Iterator[str | None]:
    """The rows of both tables: which there are, what they show and what they conclude."""
    tables = ("data-pairs", "data-claim-pair", stated.claims), ("data-findings", "data-finding", stated.findings)
    for table, mark, pairs in tables:
        heads = [
            head.text_content() for head in page.rows.xpath(f".//table[@{table}=$label]//thead//th", label=other.label)
        ]
        right = heads[-3:] == [published.label, other.label, "both"]
        yield None if right else f"the columns of a table with {other.label} are not those recordings"
        rows = page.rows.xpath(f".//table[@{table}=$label]//tr[@{mark}]", label=other.label)
        names = [row.get(mark) for row in rows]
        yield None if sorted(names) == sorted(pairs) else f"a table with {other.label} leaves out or adds rows"
        for row in rows:
            if mark == "data-finding":
                yield _named(row, mark)
            if (pair := pairs.get(row.get(mark))) is not None:
                yield _row(page, row, mark, pair, other)


def _named(row: Any, mark: str) -> str | None:
    """A row is named after its finding."""
    said, name = row.xpath("string(./th)"), row.get(mark)
    return None if said == name.replace("_", " ") else f"finding {name} is named “{said}”"


def _row(page: Page, row: Any, mark: str, pair: Sequence[str | None], other: Sealed) -> str | None:
    cells = row.xpath("./th | ./td")
    name = row.get(mark)
    for cell, key in zip(cells[-3:-1], pair, strict=True):
        claims = {str(found) for found in cell.xpath(".//@data-claim")}
        shown = claims if mark == "data-claim-pair" else {page.shown(data) for data in cell.iter("data")}
        if shown != ({key} if key else set()):
            return f"{name} shows another number or claim than it states"
    expected = _conclusion(page, mark, pair)
    if cells[-1].text_content() != expected:
        return f"{name} is said to be “{cells[-1].text_content()}”, it is “{expected}”"
    return _lacking(name, cells[-2], other) if mark == "data-claim-pair" and pair[1] is None else None


def _conclusion(page: Page, mark: str, pair: Sequence[str | None]) -> str:
    if mark == "data-finding":
        return compared(pair[0], pair[1], page.stated.values)
    if pair[1] is None:
        return "cannot be computed from the other"
    states = {page.stated.claims[str(key)].state for key in pair}
    return "the same" if len(states) == 1 else "another answer"


def _lacking(name: str, cell: Any, other: Sealed) -> str | None:
    """The levels that a recording is said to lack are asked for by the claim and recorded in none of its runs."""
    runs = other.runs
    recorded = {
        f"{column.removeprefix('level.')} {level if isinstance(level, str) else _json(level)}"
        for column in runs.column_names
        if column.startswith("level.")
        for level in runs[column].unique().to_pylist()
    }
    levels = [element.text_content() for element in cell.xpath(".//*[@data-lit]")]
    wrong = [text for text in levels if text in recorded]
    return f"{name}: {other.label} has runs with {', '.join(wrong)}" if wrong else None


def _json(level: Any) -> str:
    return str(level).lower() if isinstance(level, bool) else str(level)


def _summary(page: Page, stated: StatedRecording, other: Sealed) -> Iterator[str | None]:
    """What stands above the tables: how many agree, and which do not."""
    states = {
        name: [page.stated.claims[key].state if key in page.stated.claims else None for key in map(str, pair)]
        for name, pair in stated.claims.items()
    }
    verdicts = {name: compared(pair[0], pair[1], page.stated.values) for name, pair in stated.findings.items()}
    same = sum(len(set(found)) == 1 for found in states.values())
    overlap = sum(found == ALIKE[0] for found in verdicts.values())
    both = sum(found in ALIKE for found in verdicts.values())
    lacking = sum(None in found for found in states.values())
    text = (
        f"{same} of {len(states)} claims say the same in both recordings. "
        f"The intervals of {overlap} of {both} findings overlap."
    )
    yield _sentences(page, "data-verdict", other, [text])
    lacks = [f"{lacking} of the claims cannot be computed from it"] * bool(lacking)
    yield _sentences(page, "data-lacking", other, lacks)
    differing = {name: found for name, found in states.items() if None not in found and len(set(found)) > 1}
    lines = [
        f"{name.replace('-', ' ')}: the published sentence is "
        f"{said_again(page.stated.claims[name], str(found[1]))} in it"
        for name, found in differing.items()
    ]
    yield _sentences(page, "data-differs", other, lines)
    flipped = [name.replace("_", " ") for name, verdict in verdicts.items() if verdict == ALIKE[3]]
    yield _sentences(page, "data-flipped", other, flipped)


def _sentences(page: Page, mark: str, other: Sealed, expected: Sequence[str]) -> str | None:
    found = [element.text_content() for element in page.body.xpath(f".//*[@{mark}=$label]", label=other.label)]
    right = len(found) == len(expected) and all(map(same_text, sorted(found), sorted(expected)))
    return None if right else f"it says “{'; '.join(found)}” of {other.label}, it is “{'; '.join(expected)}”"
