"""What do all sessions say of a primary contrast that was sealed before they were recorded?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from ...text.escaping import literal
from .base import OfDataset

About = Literal["ratio", "p_effect", "p_equivalent", "detectable", "blocks"]
Flags = Literal["kept", "left out"]
_WORDS: dict[About, str] = {
    "ratio": "the middle of all averages of two blocks of the ratio of",
    "p_effect": "the p-value of no effect, by Holm's method, of",
    "p_equivalent": "the p-value of no equivalence within the sealed margin, by Holm's method, of",
    "detectable": "the ratio over one that at least four of five such recordings would have found for",
    "blocks": "the number of blocks (of sessions, where there are several) with a ratio of",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPrimary(OfDataset):
    """The primary of this id, as the dataset's design seals it; ``flagged`` runs are kept unless they are left out.

    ``host`` narrows it to the sessions of one machine, by its identity; empty for all.
    """

    kind: Literal["primary"] = "primary"
    primary: str
    of: About
    flagged: Flags = "kept"
    host: str = ""

    @property
    def exact(self) -> bool:
        return self.of in ("p_effect", "p_equivalent")

    def asked(self) -> dict[str, object]:
        asked = {"kind": self.kind, "primary": self.primary, "of": self.of, "flagged": self.flagged}
        return {**asked, **({"host": self.host} if self.host else {})}

    @property
    def subject(self) -> str:
        return f"{self.kind} {self.primary}"

    def id_words(self) -> Iterator[str]:
        yield from (self.kind, self.primary, self.of)

    def words(self, definition: str) -> Iterator[Markup]:
        yield Markup("{} the primary contrast {}").format(_WORDS[self.of], literal(self.primary, "identifier"))
        yield Markup("in the metric {}").format(literal(definition.partition(":")[0], "identifier"))
        if self.flagged == "left out":
            yield Markup("without flagged runs")
        if self.host:
            yield Markup("in the sessions of the host {}").format(literal(self.host, "identifier"))
