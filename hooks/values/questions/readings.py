"""What did a probe read while a run was measured, and when?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from ...text.escaping import literal
from .base import OfDataset

Told = Literal["value", "at"]
TOLD: dict[Told, str] = {"value": "what was read", "at": "when it was read"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(OfDataset):
    """The reading of a ``quantity`` with this ``number`` of a ``run``, in order of time from 0: its value, or its
    instant, counted from when the run's first measured request was planned."""

    kind: Literal["reading"] = "reading"
    run: str
    quantity: str
    number: int
    told: Told

    def asked(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "run": self.run,
            "quantity": self.quantity,
            "number": self.number,
            "told": self.told,
        }

    @property
    def subject(self) -> str:
        return self.kind

    def id_words(self) -> Iterator[str]:
        yield from (self.kind, self.quantity, self.told)

    def words(self, definition: str) -> Iterator[Markup]:
        yield Markup("{},").format(literal(self.quantity, "identifier"))
        yield Markup("{}, reading {} of the run {}").format(
            definition, literal(str(self.number), "identifier"), literal(self.run, "identifier")
        )
