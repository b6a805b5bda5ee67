"""What became of a figure that was published earlier is the same on the page of a report and on that of replication."""

from __future__ import annotations

from collections.abc import Iterator

from ..meaning.tables import text_of
from ..reader.document import Document
from ..reader.mismatches import Examined
from ..reader.site import Site
from ..reader.visible_text import plain

REPLICATION = "replication.html"
ALIKE = ("Quantity", "Conditions", "Statistic", "Published earlier", "Outcome", "Why")
Figure = tuple[str, ...]


def check(site: Site) -> Iterator[Examined]:
    """Looks at every other page that has such figures, where the site has the page of replication."""
    documents = {one.name: one for one in site.documents}
    if REPLICATION not in documents:
        return
    known = set(_figures(documents.pop(REPLICATION)))
    for document in documents.values():
        for figure in _figures(document):
            yield Examined(document.name, None if figure in known else f"{REPLICATION} has no “{' | '.join(figure)}”")


def _figures(page: Document) -> Iterator[Figure]:
    for table in page.body.xpath(".//table[thead/tr/th]"):
        headings = [text_of(cell) for cell in table.xpath("./thead/tr/th")]
        if set(ALIKE) <= set(headings):
            for row in table.xpath("./tbody/tr"):
                cells = dict(zip(headings, row.iterchildren("td", "th"), strict=False))
                figure = tuple(plain(text_of(cells[name])) for name in ALIKE if name in cells)
                if any(figure):
                    yield figure
