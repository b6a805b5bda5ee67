"""What others took of the machine while a run lasted, as the kernel counts it."""

from __future__ import annotations

from ....units import PERCENT
from ...definition import RunMetric
from .told import telling

_COUNTED = "runs on a kernel that counts it"

FOREIGN_CPU = RunMetric(
    id="foreign_cpu",
    name="processors that other programs used",
    unit=PERCENT,
    formula="processor time of programs outside the run's own tree ÷ duration, of one processor",
    applicability=_COUNTED,
    higher_is_better=False,
    compute=telling("facts", "after.foreign_cpu", scale=PERCENT.scale),
)
STOLEN_CPU = RunMetric(
    id="stolen_cpu",
    name="processors that the hypervisor withheld",
    unit=PERCENT,
    formula="stolen time ÷ duration, of one processor",
    applicability=_COUNTED,
    higher_is_better=False,
    compute=telling("facts", "after.steal", scale=PERCENT.scale),
)
