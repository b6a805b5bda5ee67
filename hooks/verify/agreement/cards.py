"""The picture of a page that other programs show is that of no other page."""

from __future__ import annotations

from collections.abc import Iterator

from ..reader.mismatches import Examined
from ..reader.site import Site

PICTURE = "//meta[@property='og:image']/@content"


def check(site: Site) -> Iterator[Examined]:
    """Looks at every page that names a picture."""
    first: dict[str, str] = {}
    for document in site.documents:
        for picture in map(str, document.tree.xpath(PICTURE)):
            other = first.setdefault(picture, document.name)
            yield Examined(document.name, None if other == document.name else f"its card is that of {other}")
