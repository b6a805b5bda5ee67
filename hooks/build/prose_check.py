"""Holds the front matter of a report to its numbers: one that it does not declare is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ..editions.prose import Prose
from ..postprocess.number_check import NAMES
from ..postprocess.number_scan import scan_words
from ..postprocess.unbound_numbers import IN_BRACES, IN_WORDS, Source, UnboundNumber, messages


def demand_words(prose: Prose, root: Path, identifiers: Iterable[str]) -> None:
    """Raises ``UnboundNumber`` where the front matter of a report states a number that it does not declare."""
    front, names = prose.front, {*identifiers, *NAMES}
    changes = (_PLACEHOLDER.sub(" ", change.text) for change in (*front.changelog, *front.errata))
    found = [
        line
        for texts, remedy in (((front.title, front.description), IN_WORDS), (changes, IN_BRACES))
        for line in messages(prose.path.name, scan_words(texts, names), [Source.read(prose.path, root)], remedy)
    ]
    if found:
        raise UnboundNumber("\n".join(found))


_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
