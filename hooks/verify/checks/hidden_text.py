"""Nothing that a page says is hidden, looks like nothing, or is heard as something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..reader.document import Document
from ..reader.mismatches import Examined
from ..reader.site import Site

MARKED = ".//*[@hidden or @inert or @style or @aria-hidden or @dir]"
STYLE = re.compile(r"\s*(?:text-align:\s*(?:left|right|center)|max-width:\s*\d+px)\s*;?\s*")
"""What tables and drawings are styled with."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at every element of every page that is kept from readers."""
    for document in site.documents:
        yield from (Examined(document.name, problem) for problem in _problems(document))


def _problems(document: Document) -> Iterator[str | None]:
    for element in document.body.xpath(MARKED):
        said = " ".join(element.text_content().split())
        if not said:
            continue
        yield _problem(element, said[:60])


def _problem(element: Any, said: str) -> str | None:
    style = element.get("style")
    if style is not None and not STYLE.fullmatch(style):
        return f"“{said}” has the style {style}"
    drawn = element.tag == "svg" or any(True for _ in element.iterancestors("svg"))
    for name in ("hidden", "inert", "dir", *(() if drawn else ("aria-hidden",))):
        if element.get(name) is not None:
            return f"“{said}” is marked {name}"
    return None
