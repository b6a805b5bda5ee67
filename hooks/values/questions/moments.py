"""When did something happen to one request of one run?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from ...text.escaping import literal
from .base import OfDataset

Stage = Literal["sent", "prompt", "first", "last"]
STAGES: dict[Stage, str] = {
    "sent": "when the call was sent",
    "prompt": "when the engine began with its prompt, by the engine's own time for it",
    "first": "when its first token arrived",
    "last": "when its last token arrived",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(OfDataset):
    """A ``stage`` of the request with this index in a ``run``, counted from when the first task of its round
    was planned, or the first request of its phase where it is of no task."""

    kind: Literal["moment"] = "moment"
    run: str
    request: int
    stage: Stage

    def asked(self) -> dict[str, object]:
        return {"kind": self.kind, "run": self.run, "request": self.request, "stage": self.stage}

    @property
    def subject(self) -> str:
        return self.kind

    def id_words(self) -> Iterator[str]:
        yield from (self.kind, self.stage)

    def words(self, definition: str) -> Iterator[Markup]:
        yield Markup("{},").format(definition)
        yield Markup("call {} of the run {}").format(
            literal(str(self.request), "identifier"), literal(self.run, "identifier")
        )
