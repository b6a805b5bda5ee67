"""The seventeen reports as one registry: what each asks, what was published earlier, how they relate.

``entries/trNNN.yml`` holds one report, ``series.yml`` what is said about them together. Every number in these
texts is a cited figure by id or a declared literal (see ``text.py``), so no two pages can disagree.
"""

from .registry import Series, load_series

__all__ = ["Series", "load_series"]
