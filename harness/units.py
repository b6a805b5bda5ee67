"""Units and conversion.

A unit is a scale and a product of base dimensions (time, token, byte, energy, money, carbon, ...).
Quantities are stored in the unit that their metric names; only display converts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .errors import UsageError


@dataclass(frozen=True, slots=True)
class Unit:
    """A named scale over base dimensions; ``scale`` converts to the base units (s, token, byte, J, USD, g)."""

    symbol: str
    dims: tuple[tuple[str, int], ...] = ()
    scale: float = 1.0

    def __mul__(self, other: Unit) -> Unit:
        return _combine(self, other, 1)

    def __truediv__(self, other: Unit) -> Unit:
        return _combine(self, other, -1)


def _combine(a: Unit, b: Unit, sign: int) -> Unit:
    dims: Counter[str] = Counter(dict(a.dims))
    for name, power in b.dims:
        dims[name] += sign * power
    kept = tuple(sorted((name, power) for name, power in dims.items() if power))
    scale = a.scale * b.scale if sign > 0 else a.scale / b.scale
    for known in UNITS.values():
        if known.dims == kept and abs(known.scale - scale) <= 1e-12 * abs(scale):
            return known
    return Unit(f"{a.symbol}{'·' if sign > 0 else '/'}{b.symbol}", kept, scale)


def convert(number: float, source: Unit, target: Unit) -> float:
    """``number`` in ``source`` expressed in ``target``. Raises ``UsageError`` where dimensions differ."""
    if source.dims != target.dims:
        raise UsageError(f"cannot convert {source.symbol or 'a plain number'} to {target.symbol or 'a plain number'}")
    return number * source.scale / target.scale


def counted(number: int, one: str) -> str:
    """``1 run``, ``2 runs``."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"


ONE = Unit("")
RATIO = Unit("×")
PERCENT = Unit("%", (), 0.01)
POINTS = Unit("pp", (), 0.01)
S = Unit("s", (("time", 1),))
MS = Unit("ms", (("time", 1),), 1e-3)
US = Unit("µs", (("time", 1),), 1e-6)
NS = Unit("ns", (("time", 1),), 1e-9)
TOKENS = Unit("tokens", (("token", 1),))
TOK_PER_S = Unit("tok/s", (("time", -1), ("token", 1)))
REQ_PER_S = Unit("req/s", (("request", 1), ("time", -1)))
TASKS_PER_H = Unit("tasks/h", (("task", 1), ("time", -1)), 1 / 3600)
BYTES = Unit("B", (("byte", 1),))
MIB = Unit("MiB", (("byte", 1),), 2.0**20)
GB_PER_S = Unit("GB/s", (("byte", 1), ("time", -1)), 1e9)
W = Unit("W", (("energy", 1), ("time", -1)))
J = Unit("J", (("energy", 1),))
KWH = Unit("kWh", (("energy", 1),), 3.6e6)
J_PER_TOKEN = Unit("J/token", (("energy", 1), ("token", -1)))
USD = Unit("USD", (("money", 1),))
USD_PER_HOUR = Unit("USD/h", (("money", 1), ("time", -1)), 1 / 3600)
USD_PER_KWH = Unit("USD/kWh", (("energy", -1), ("money", 1)), 1 / 3.6e6)
G_PER_KWH = Unit("gCO2e/kWh", (("carbon", 1), ("energy", -1)), 1 / 3.6e6)
USD_PER_MTOK = Unit("USD/Mtok", (("money", 1), ("token", -1)), 1e-6)
G_PER_MTOK = Unit("gCO2e/Mtok", (("carbon", 1), ("token", -1)), 1e-6)
MHZ = Unit("MHz", (("time", -1),), 1e6)
CELSIUS = Unit("°C", (("temperature", 1),))

UNITS: dict[str, Unit] = {
    u.symbol: u
    for u in (
        ONE, RATIO, PERCENT, POINTS, S, MS, US, NS, TOKENS, TOK_PER_S, REQ_PER_S, TASKS_PER_H, BYTES, MIB, GB_PER_S, W,
        J, KWH, J_PER_TOKEN, USD, USD_PER_HOUR, USD_PER_KWH, USD_PER_MTOK, G_PER_KWH, G_PER_MTOK, CELSIUS, MHZ,
    )
}  # fmt: skip


def unit(symbol: str) -> Unit:
    """The registered unit with this symbol. Raises ``UsageError`` for an unknown one."""
    try:
        return UNITS[symbol]
    except KeyError:
        raise UsageError(f"unknown unit {symbol!r}; known: {', '.join(sorted(filter(None, UNITS)))}") from None
