"""Figures published elsewhere: ``data/cited/*.yml``, validated, each with its source and its printed digits."""

from .catalog import Cited, load_cited
from .figure import Figure
from .quantities import Quantity

__all__ = ["Cited", "Figure", "Quantity", "load_cited"]
