"""What a report says of itself in words, for templates to branch on and for the pages about all reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Flag = bool | str
"""What prose may branch on: a truth or words."""


@dataclass(frozen=True, slots=True)
class Facts:
    """``headline`` is the id of the claim that stands for the report; empty: its first claim does.

    ``restates`` maps quantities of the vocabulary of cited figures to the claims that test what was published earlier
    of them. ``no_effect`` are the factors whose levels the engine ran as one configuration. ``flags`` are the report's
    own words, by name.
    """

    headline: str = ""
    restates: Mapping[str, str] = field(default_factory=dict)
    no_effect: tuple[str, ...] = ()
    flags: Mapping[str, Flag] = field(default_factory=dict)

    def named(self) -> dict[str, object]:
        """Every fact by a name of its own, such as ``restates optimal_num_ctx``, for comparing two versions."""
        found: dict[str, object] = {"headline": self.headline, "no_effect": self.no_effect}
        found |= {f"restates {quantity}": claim for quantity, claim in self.restates.items()}
        return found | dict(self.flags)
