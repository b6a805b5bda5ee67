"""What all other checks rest on can be read: the pages' statements, and the sealed datasets."""

from __future__ import annotations

from collections.abc import Iterator

from ..reader.mismatches import Examined
from ..reader.site import Site


def pages(site: Site) -> Iterator[Examined]:
    """Reads every ``values.json`` strictly: every page that shows values states them there."""
    yield from site.examined_pages()


def datasets(site: Site) -> Iterator[Examined]:
    """Re-hashes every file that a manifest lists, in the downloads and in the data root."""
    yield from site.examined_datasets()
