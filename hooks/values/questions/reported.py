"""What does something say of itself? The engine of a setting, a calibration of the instrument's error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .base import OfRuns, flat


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective(OfRuns):
    """The one number that the engine reported for the setting ``key`` in all runs kept."""

    kind: Literal["effective"] = "effective"
    key: str

    @property
    def exact(self) -> bool:
        return True

    def asked(self) -> dict[str, object]:
        return flat(f"effective.{self.key}", where=self.where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated(OfRuns):
    """The worst of a ``quantity`` of the instrument over the loads that ``where`` keeps of a calibration."""

    kind: Literal["calibration"] = "calibration"
    quantity: str

    def asked(self) -> dict[str, object]:
        return flat(f"calibration.{self.quantity}", where=self.where)
