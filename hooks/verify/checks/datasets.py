"""A page's datasets: every value asks one of them, and those of a report over several are what it says of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.page import Page, row_of
from ..reader.questions_json import StatedOfDataset
from ..reader.site import Site
from ..recompute.conditions_table import wrong_conditions


def check(site: Site) -> Iterator[Examined]:
    """Looks at every page that is of one dataset or states several."""
    labels = {sealed.label: sealed for sealed in site.datasets.values()}
    for page in site.pages:
        if page.stated.datasets:
            yield from (Examined(page.name, problem) for problem in _several(page, site))
        elif page.dataset:
            yield from (Examined(page.name, problem) for problem in _one(page, labels.get(page.dataset)))


def _one(page: Page, own: Sealed | None) -> Iterator[str | None]:
    """Every value asks the dataset of the page, another recording that it states, or the calibration of its dataset."""
    if own is None:
        yield f"its dataset {page.dataset} is not here undamaged"
        return
    known = {own.digest, own.manifest["calibration"], *(stated.digest for stated in page.stated.recordings)}
    for key, value in page.stated.values.items():
        if isinstance(value.question, StatedOfDataset):
            right = value.question.digest in known
            yield None if right else f"{key} asks {value.question.dataset}, the page is of {own.label}"


def _several(page: Page, site: Site) -> Iterator[str | None]:
    stated = page.stated.datasets
    yield None if len({one.name for one in stated}) == len(stated) else "two of its datasets have one name"
    found: list[Sealed] = []
    for one in stated:
        sealed = site.datasets.get(one.digest)
        if sealed is None or sealed.label != one.dataset:
            yield f"{one.dataset}, which it calls {one.name}, is not here undamaged"
            return
        found.append(sealed)
    labels = [sealed.label for sealed in found]
    named = [str(label) for label in page.body.xpath(".//*[contains(@class, 'b-dataset')]/@data-dataset")]
    yield None if named == labels else f"its provenance names {', '.join(named)}, it states {', '.join(labels)}"
    yield from _facts(page, found)
    yield from wrong_conditions(page, found)
    yield from _values(page, found)
    yield from _rows(page)


def _facts(page: Page, datasets: Sequence[Sealed]) -> Iterator[str | None]:
    """What stands under provenance is what the manifests say."""
    for sealed in datasets:
        text = " ".join(page.body.xpath("string(.//*[@data-dataset=$label][@class])", label=sealed.label).split())
        manifest = sealed.manifest
        expected = [manifest["created"], sealed.digest, manifest["fingerprint"], manifest["calibration"] or "names no"]
        missing = [fact for fact in expected if fact not in text]
        yield f"the provenance of {sealed.label} does not say {missing[0]}" if missing else None


def _values(page: Page, datasets: Sequence[Sealed]) -> Iterator[str | None]:
    """Every value asks one of the datasets, or the calibration of one; a later one of a study is marked."""
    studies: set[str] = set()
    later = dict.fromkeys((sealed.manifest["calibration"] for sealed in datasets), False)
    for sealed in datasets:
        study = sealed.label.partition("/")[0]
        later[sealed.digest] = study in studies
        studies.add(study)
    for key, value in page.stated.values.items():
        asked = value.question
        if not isinstance(asked, StatedOfDataset):
            continue
        if asked.digest not in later:
            yield f"{key} asks {asked.dataset}, which the page does not name"
        else:
            right = asked.other_recording == later[asked.digest]
            yield None if right else f"{key} is shown for another recording than the one that it asks"


def _rows(page: Page) -> Iterator[str | None]:
    """Every row of the numbers names the dataset that its value rests on, where it is one."""
    for key in page.stated.values:
        labels = {question.dataset for question in page.stated.questions([key])}
        expected = labels.pop() if len(labels) == 1 else ""
        named = [str(row.get("data-dataset", "")) for row in page.rows.xpath(".//tr[@id=$row]", row=row_of(key))]
        yield None if named == [expected] else f"the row of {key} names {named} as its dataset, it is {expected!r}"
