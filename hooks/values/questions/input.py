"""What does a source say? A dated number that nobody measured here, such as a price, declared in ``data/inputs``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from ...text.escaping import literal
from .base import QuestionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Input(QuestionKind):
    """The input declared as ``name``, with what was declared of it: a ``date`` (ISO), a ``region`` and a ``source``."""

    kind: Literal["input"] = "input"
    name: str
    date: str
    region: str
    source: str

    @property
    def exact(self) -> bool:
        return True

    def asked(self) -> dict[str, object]:
        return {"kind": self.kind, "name": self.name}

    @property
    def subject(self) -> str:
        return f"{self.kind} {self.name}"

    def words(self, definition: str) -> Iterator[Markup]:
        yield Markup("{}, {},").format(literal(definition, "definition"), literal(self.region, "identifier"))
        yield Markup("{}; source: {}").format(literal(self.date, "date"), literal(self.source, "identifier"))
