"""Every ``values.json`` names the page that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from ..reader.mismatches import Examined
from ..reader.site import Site


def check(site: Site) -> Iterator[Examined]:
    """Looks at every page that states numbers."""
    for page in site.pages:
        stem, said = page.name.removesuffix(".html"), page.stated.page
        right = said in (stem, PurePosixPath(stem).name)
        yield Examined(page.name, None if right else f"its values.json is of the page “{said}”, not of “{stem}”")
