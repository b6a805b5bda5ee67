"""Every page that shows values states them in a file that can be read."""

from __future__ import annotations

from collections.abc import Iterator

from ..reader.mismatches import Examined
from ..reader.site import Site


def check(site: Site) -> Iterator[Examined]:
    """Reads every ``values.json`` strictly."""
    yield from site.examined_pages()
