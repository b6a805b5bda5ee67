"""A page of a report and ``summary.json`` say the same of it: title, edition, status, headline, machines, citation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from harness.exports.bibtex import latex

from ..meaning.first_screen import datasets_of_pages, hardware
from ..meaning.tables import text_of
from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.site import Site
from ..reader.summary_json import SUMMARY, Told, told
from ..reader.visible_text import plain

EDITION = re.compile(r"; edition: (.*)")
FIELD = re.compile(r"^  (\w+) *= \{(.*)\},$", re.MULTILINE)
HERE = {"recorded here": "made on this machine"}
"""How the page says the status of a dataset that is not the project's."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at every report of ``summary.json``, and at the pages of its editions."""
    datasets = {page.name: found for page, found in datasets_of_pages(site)}
    pages = {page.name: page for page in site.pages}
    listed = {report["page"] for report in told(site)}
    for name in datasets if listed else ():
        if name.startswith("reports/"):
            yield Examined(SUMMARY, None if name in listed else f"it leaves out {name}")
    for report in told(site):
        if report["page"] not in pages:
            continue
        yield from (Examined(SUMMARY, problem) for problem in _summary(report, pages[report["page"]], site))
        names = [report["page"], *(str(one.get("page")) for one in report.get("versions", ()))]
        for page in (pages[name] for name in names if name in datasets):
            yield from (Examined(page.name, problem) for problem in _page(report, page, datasets[page.name]))


def _summary(report: Told, page: Page, site: Site) -> Iterator[str | None]:
    stem = page.name.removesuffix(".html")
    right = {"id": PurePosixPath(stem).name, "values": f"{stem}/values.json"}
    for name, text in right.items():
        yield None if report.get(name) == text else f"{page.name}: its {name} is “{report.get(name)}”, not “{text}”"
    headline, claims = report.get("headline"), [one.get("id") for one in report.get("claims", ())]
    yield None if headline in (None, *claims) else f"{page.name}: its headline “{headline}” is none of its claims"
    for one in (*report.get("datasets", ()), *report.get("recordings", ())):
        sealed = site.datasets.get(str(one.get("digest")))
        said, machine = plain(str(one.get("hardware"))), hardware(sealed) if sealed else ""
        yield None if said == machine else f"{one.get('dataset')} is said to be of “{said}”, it is of “{machine}”"


def _page(report: Told, page: Page, datasets: Sequence[Sealed]) -> Iterator[str | None]:
    status = HERE.get(str(report.get("status")), report.get("status"))
    edition = f"{report.get('edition')}, {status}"
    for facts in page.body.xpath(".//dl[contains(@class, 'b-facts')]"):
        found = EDITION.search(text_of(facts))
        said = found[1] if found else "nothing"
        yield None if said == edition else f"dl.b-facts: its edition is “{said}”, {SUMMARY} says “{edition}”"
    for entry in page.body.xpath(".//*[contains(@class, 'language-bibtex')]//code"):
        said_here = dict(FIELD.findall(entry.text_content()))
        key = re.match(r"@techreport\{(.*),", entry.text_content())
        for field, text in _citation(report, page, datasets).items():
            other = (key[1] if key else "") if field == "key" else said_here.get(field, "")
            yield None if other == text else f"#citation: its {field} is “{other}”, the site says “{text}”"


def _citation(report: Told, page: Page, datasets: Sequence[Sealed]) -> Mapping[str, str]:
    """What a citation says, but for the authors, whom no other place names."""
    own, edition = str(report.get("id")), str(report.get("edition"))
    last = max(str(one.manifest["created"])[:10] for one in datasets)
    named = "; ".join(f"{one.label}, SHA-256 {one.digest}" for one in datasets)
    version = _slug(edition) if page.stated.datasets else datasets[0].label.rpartition("/")[2]
    fields: dict[str, Any] = {
        "title": f"{own.upper()}: {report.get('title')}",
        "institution": "Bindery",
        "year": last[:4],
        "month": str(int(last[5:7])),
        "number": own.upper(),
        "type": f"Technical Report, {edition} edition",
        "note": f"{'Datasets' if len(datasets) > 1 else 'Dataset'} {named}",
    }
    address = next(iter(page.tree.xpath("//link[@rel='canonical']/@href")), None)
    if address is not None:
        fields["url"] = f"{str(address).removesuffix(page.name)}{report['page']}"
    return {name: latex(text) for name, text in fields.items()} | {"key": f"bindery-{own}-{version}"}


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
