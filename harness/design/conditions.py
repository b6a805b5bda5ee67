"""What is arranged around the requests of a run: its telemetry, what else it measures, and a load that competes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, Literal

from pydantic import Field, with_config

from .load import STRICT, Whole

Switch = Annotated[bool, Field(strict=True)]


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Conditions:
    """``None`` leaves it to the study: its gates ask for ``accuracy``, its metrics for ``memory_rates``.

    ``telemetry`` watches the whole run, or every other of its measured requests (``alternating``). ``layers`` asks an
    engine that can for the time of its layers, after the requests. ``competing`` is how many processors another program
    keeps busy meanwhile.
    """

    telemetry: Literal["whole", "alternating"] = "whole"
    accuracy: Switch | None = None
    memory_rates: Switch | None = None
    layers: Switch = False
    competing: Whole = 0


CONDITIONS = frozenset(item.name for item in fields(Conditions))
