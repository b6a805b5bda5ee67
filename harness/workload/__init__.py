"""Load: when requests are sent. Closed loops wait for answers; open loops follow a schedule whatever happens."""

from __future__ import annotations

from .arrivals import poisson, replayed, uniform
from .loops import closed_loop, open_loop

__all__ = ["closed_loop", "open_loop", "poisson", "replayed", "uniform"]
