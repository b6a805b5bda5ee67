"""A page of a dataset shows all that it has to: every way in which runs ended, every file, every fact of the machine.

What a manifest counts is counted again in its tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.site import Site
from ..reader.visible_text import plain
from .tables import text_of

OF_DATASETS = ("reports/", "editions/")
"""The pages that show a dataset as a whole."""
HIDDEN = ("host_id", "boot_id", "gpu_id")
Ending = tuple[str, str]


def check(site: Site) -> Iterator[Examined]:
    """Looks at every dataset, then at every page that names its own."""
    labels = {sealed.label: sealed for sealed in site.datasets.values()}
    for sealed in labels.values():
        if not sealed.recordings:
            yield from (Examined(sealed.label, problem) for problem in _counts(sealed))
    for page, own in pages_of_datasets(site):
        yield from (Examined(page.name, problem) for problem in _page(page, own))


def pages_of_datasets(site: Site) -> Iterator[tuple[Page, Sealed]]:
    """Every page that shows a dataset as a whole, with that dataset."""
    yield from site.once("pages of datasets", lambda: list(_pages_of_datasets(site)))


def _pages_of_datasets(site: Site) -> Iterator[tuple[Page, Sealed]]:
    labels = {sealed.label: sealed for sealed in site.datasets.values()}
    for page in site.pages:
        named = page.body.xpath(".//*[@id='dataset']/@data-dataset")
        own = labels.get(str(named[0])) if named and page.name.startswith(OF_DATASETS) else None
        if own is not None:
            yield page, own


def _counts(sealed: Sealed) -> Iterator[str | None]:
    manifest, runs = sealed.manifest, sealed.runs
    ended = dict(Counter(runs["outcome"].to_pylist()))
    yield None if ended == manifest["outcomes"] else f"its manifest counts {manifest['outcomes']}, its runs {ended}"
    planned = manifest["planned_runs"]
    yield None if planned >= runs.num_rows else f"{planned} runs were planned and {runs.num_rows} are there"
    for factor in manifest["design"]["factors"]:
        column = f"level.{factor['name']}"
        found = set(runs[column].to_pylist()) if column in runs.column_names else set()
        yield None if found <= set(factor["levels"]) else f"its runs have levels of {factor['name']} not declared"


def _page(page: Page, own: Sealed) -> Iterator[str | None]:
    outcomes, files, environment = (
        page.body.xpath(f".//table[@id='table-{name}']/tbody/tr") for name in ("outcomes", "files", "environment")
    )
    if not (outcomes and files and environment):
        yield "it leaves out how the runs ended, the sealed files or the machine"
        return
    yield _outcomes(page, outcomes, own)
    yield _compared("sealed files", {tuple(map(text_of, row)) for row in files}, set(_files(own)))
    facts = own.manifest["environment"]
    yield _compared(
        "facts of the machine", {plain(text_of(row[0])) for row in environment}, set(map(plain, _facts(facts)))
    )
    for row in environment:
        yield _fact(text_of(row[0]), text_of(row[1]), facts)


def _outcomes(page: Page, rows: list[Any], own: Sealed) -> str | None:
    pairs = zip(own.runs["outcome"].to_pylist(), own.runs["outcome_code"].to_pylist(), strict=True)
    expected = Counter((outcome, (code or "—").replace("_", " ")) for outcome, code in pairs)
    shown: dict[Ending, float | None] = {}
    for row in rows:
        keys = [page.shown(data) for data in row.iter("data")]
        value = page.stated.values.get(keys[0]) if keys else None
        shown[text_of(row[0]), text_of(row[1])] = value.number if value else None
    return (
        None if shown == dict(expected) else f"it says that runs ended {_ended(shown)}; they ended {_ended(expected)}"
    )


def _ended(endings: Mapping[Ending, float | None]) -> str:
    return ", ".join(f"{outcome} ({reason}): {number}" for (outcome, reason), number in sorted(endings.items()))


def _files(own: Sealed) -> Iterator[tuple[str, ...]]:
    for recording in own.recordings or (own,):
        for name, entry in recording.manifest["files"].items():
            label = f"{recording.folder.name}/{name}" if own.recordings else name
            yield label, f"{entry['rows']:,}", f"{entry['bytes']:,}", entry["sha256"]


def _facts(environment: Mapping[str, Any]) -> Iterator[str]:
    for name in environment:
        if not name.endswith(".missing") and name not in HIDDEN:
            yield name.removesuffix("_bytes").removesuffix("_ns").replace("_", " ")


def _fact(name: str, said: str, environment: Mapping[str, Any]) -> str | None:
    """Whether a fact that is missing says why, and one that is a text or a count is that."""
    key = name.replace(" ", "_")
    missing = environment.get(f"{key}.missing")
    known = environment.get(key)
    if missing is not None:
        right = f"— ({str(missing).replace('_', ' ')})"
    elif isinstance(known, str | int) and not isinstance(known, bool):
        right = str(known)
    else:
        return None
    return (
        None
        if plain(said) in (plain(right), plain(f"{known:,}" if isinstance(known, int) else right))
        else (f"its {name} is said to be “{said}”, its manifest says “{right}”")
    )


def _compared(what: str, shown: set[Any], expected: set[Any]) -> str | None:
    if shown == expected:
        return None
    other = next(iter(shown ^ expected))
    named = " ".join(other) if isinstance(other, tuple) else other
    return f"its table of {what} {'leaves out' if other in expected else 'has'} {named}"
