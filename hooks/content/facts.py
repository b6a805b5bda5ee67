"""What a report says of itself in words, for templates to branch on and for the pages about all reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Flag = bool | str
"""What prose may branch on: a truth or words."""


@dataclass(frozen=True, slots=True)
class Facts:
    """``headline`` is the id of the claim that stands for the report; empty: its first claim does.

    ``no_effect`` are the factors whose levels the engine ran as one configuration. ``flags`` are the report's own
    words, by name.
    """

    headline: str = ""
    no_effect: tuple[str, ...] = ()
    flags: Mapping[str, Flag] = field(default_factory=dict)

    def named(self) -> dict[str, object]:
        """Every fact by a name of its own, for comparing two versions."""
        return {"headline": self.headline, "no_effect": self.no_effect, **self.flags}
