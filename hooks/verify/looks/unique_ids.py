"""No page has an id twice: a link to one would lead to the first place alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..reader.mismatches import Examined
from ..reader.site import Site


def check(site: Site) -> Iterator[Examined]:
    """Counts the ids of every page."""
    for document in site.documents:
        ids = [str(one) for one in document.tree.xpath("//@id")]
        counted = Counter(ids) if len(set(ids)) < len(ids) else {}
        twice = next((f"its id {one} stands {times} times" for one, times in counted.items() if times > 1), None)
        yield Examined(document.name, twice)
