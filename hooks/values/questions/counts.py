"""How many are there? Runs, requests, cells, reports, flagged runs, and runs whose records say something of a label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from ...text.escaping import escape_markdown
from ...text.naming import slug
from .base import Filters, OfDataset, OfRuns, flat

Countable = Literal["runs", "requests", "cells", "texts", "scores"]
"""``texts`` are the different reports of agents in the runs kept, ``scores`` the different quality scores of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(OfRuns):
    """How many there are of those that ended with ``outcome`` and ``code`` (null: any)."""

    kind: Literal["count"] = "count"
    of: Countable
    outcome: str | None = None
    code: str | None = None

    @property
    def exact(self) -> bool:
        return True

    def asked(self) -> dict[str, object]:
        return flat(f"count.{self.of}", where=self.where, outcome=self.outcome, code=self.code)

    def filters(self) -> Iterator[Markup]:
        yield from super(Counted, self).filters()
        if self.outcome:
            yield escape_markdown(" ".join(filter(None, (self.outcome, self.code))).replace("_", " "))


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged(OfDataset):
    """How many usable runs carry a flag of validity."""

    kind: Literal["flagged"] = "flagged"
    flag: str

    @property
    def exact(self) -> bool:
        return True

    def asked(self) -> dict[str, object]:
        return flat(f"flagged.{self.flag}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled(OfDataset):
    """How many usable runs, of those asked for ``level`` of ``setting``, have records that say ``verdict`` of it."""

    kind: Literal["label"] = "label"
    setting: str
    level: str
    verdict: str

    @property
    def exact(self) -> bool:
        return True

    @property
    def where(self) -> Filters:
        return ((self.setting, (self.level,)),)

    def asked(self) -> dict[str, object]:
        return flat(f"label.{slug(self.verdict)}", where=self.where)
