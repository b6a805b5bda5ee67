"""Nothing that a page says is hidden, looks like nothing, or is heard as something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..reader.document import Document
from ..reader.mismatches import Examined
from ..reader.site import Site

TITLES = {"headerlink": "Permanent link", "b-disputed": "another figure contradicts this one"}
"""The only titles, by the class of their links, but for those of numbers."""
CHARTS, OF_PAIRS = "b-chart-view", "b-pairs"
"""What is called by its figure, which is checked with it, and by its section."""
HEARD = " | ".join(
    f".//@{name}[not(parent::data)]/.." for name in ("title", "aria-label", "aria-description", "summary")
)
MARKED = " | ".join(f".//@{name}/.." for name in ("hidden", "inert", "style", "aria-hidden", "dir"))
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
    for element in document.body.xpath(HEARD):
        yield _heard(element)


def _problem(element: Any, said: str) -> str | None:
    style = element.get("style")
    if style is not None and not STYLE.fullmatch(style):
        return f"“{said}” has the style {style}"
    drawn = element.tag == "svg" or any(True for _ in element.iterancestors("svg"))
    for name in ("hidden", "inert", "dir", *(() if drawn else ("aria-hidden",))):
        if element.get(name) is not None:
            return f"“{said}” is marked {name}"
    return None


def _heard(element: Any) -> str | None:
    """What people hear of a figure or a table is its caption first; nothing else has words that are not seen."""
    words, title = str(element.get("aria-label", "")), element.get("title")
    kind = str(element.get("class"))
    if title is not None and title != TITLES.get(kind):
        return f"its {element.tag} has the title “{title}”"
    if element.get("aria-description") is not None or element.get("summary") is not None:
        return f"its {element.tag} is described in words that nobody sees"
    if not words or element.tag in ("a", "nav") or CHARTS in kind or OF_PAIRS in kind:
        return None
    if element.get("role") != "region":
        return f"its {element.tag} is heard as “{words}”"
    captions = [" ".join(one.text_content().split()) for one in element.iter("caption")]
    same = captions and re.fullmatch(
        rf"Metrics of \S+(?: \(agents\))? that are {re.escape(captions[0].lower())}", words
    )
    return (
        None
        if not captions or words == captions[0] or same
        else f"“{words}” is heard of what is called “{captions[0]}”"
    )
