"""How long prompts and answers are: one length, a range, or a normal distribution, in tokens."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from ..errors import UsageError

MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Lengths:
    """Whole numbers from ``low`` to ``high``: all alike likely, or with ``sd`` normal about ``mean`` and cut there."""

    low: int
    high: int
    mean: float = 0.0
    sd: float = 0.0

    @property
    def fixed(self) -> bool:
        """Whether all are one length."""
        return self.low == self.high

    def __str__(self) -> str:
        if self.sd:
            return f"{self.mean:.0f}~{self.sd:.0f}"
        return str(self.low) if self.fixed else f"{self.low}-{self.high}"

    def draw(self, generator: random.Random) -> int:
        """One length."""
        if not self.sd:
            return generator.randint(self.low, self.high)
        return min(self.high, max(self.low, round(generator.gauss(self.mean, self.sd))))


def read_lengths(text: str, option: str) -> Lengths:
    """``256``, ``128-512`` (uniform), or ``256~64`` (normal: mean and standard deviation). Raises ``UsageError``."""
    found = re.fullmatch(r"(\d{1,7})(?:([-~])(\d{1,7}))?", text.strip())
    first, second = (int(found[1]), int(found[3] or 0)) if found else (0, 0)
    if found and found[2] == "~" and 1 <= first <= MOST:
        return Lengths(1, min(MOST, first + 4 * second), first, second)
    low, high = first, second if found and found[2] else first
    if not found or not 1 <= low <= high <= MOST:
        raise UsageError(
            f"{option} {text!r} is no length; write such as 256, 128-512 (all alike likely) or 256~64 (mean and "
            "standard deviation), in tokens"
        )
    return Lengths(low, high)
