"""The cards of the home page say of each report which machines, profile and day its datasets have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.site import Site
from ..reader.visible_text import plain
from .first_screen import datasets_of_pages, hardware
from .tables import text_of

HOME = "index.html"
MORE = ". Open the number: it shows its runs, its test and its files."
"""What stands behind the machine of the claim that the page begins with."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at the home page, where it has cards."""
    datasets = {page.name: found for page, found in datasets_of_pages(site)}
    for page in site.pages:
        for card in page.body.xpath(".//div[@class='b-card']") if page.name == HOME else ():
            link = str(next(iter(card.xpath("./h3/a/@href")), ""))
            yield Examined(page.name, _card(card, datasets.get(link, [])) or _named(card, link))
        for live in page.body.xpath(".//div[@class='b-live']") if page.name == HOME else ():
            links = map(str, page.body.xpath(".//div[@class='b-intro']//p/a/@href"))
            own = next((datasets[link] for link in links if link in datasets), [])
            said, right = _note(live), f"{_machines(own)}{MORE}"
            yield Examined(page.name, None if said == right else f"its first claim is of “{said}”, not of “{right}”")


def _named(card: Any, link: str) -> str | None:
    """Whether a card is named after the report to which its question leads, by all parts of its id."""
    name = " ".join(text_of(one) for one in card.xpath(".//*[@class='b-kicker']"))
    right = all(part in name.lower() for part in PurePosixPath(link).stem.split("-"))
    return None if right else f"the card “{name}” leads to {link}"


def _card(card: Any, own: Sequence[Sealed]) -> str | None:
    if not own:
        return f"“{text_of(card)[:60]}” leads to no report of datasets"
    manifests = [one.manifest for one in own]
    profiles = ", ".join(dict.fromkeys(str(one["profile"]) for one in manifests))
    right = f"{_machines(own)}, {profiles} profile, {max(str(one['created'])[:10] for one in manifests)}"
    said = _note(card).partition("Audit ")[0].strip()
    return None if said == right else f"a card says “{said}” of its report, whose data say “{right}”"


def _note(element: Any) -> str:
    return plain(" ".join(text_of(one) for one in element.xpath("./p[@class='b-note']")))


def _machines(own: Sequence[Sealed]) -> str:
    return "; ".join(dict.fromkeys(map(hardware, own)))
