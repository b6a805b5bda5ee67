"""Every sealed dataset, in the downloads and in the data root, is what its manifest says, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

from ..reader.mismatches import Examined
from ..reader.site import Site


def check(site: Site) -> Iterator[Examined]:
    """Re-hashes every file that a manifest lists."""
    yield from site.examined_datasets()
