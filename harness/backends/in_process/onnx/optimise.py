"""Optimising a graph apart from loading it: the runtime rewrites it once, and later sessions read what it wrote."""

from __future__ import annotations

from pathlib import Path

from .exported_graph import GRAPH, Derived, Exported
from .made_graph import Facts, made_graph
from .session_graph import Graph, SessionSettings, runtime


def optimised(made: Exported, source: Path, level: str) -> Derived:
    """The ``source`` graph as rewritten for this processor at ``level``, made once. Raises ``EngineFailed``."""
    place = Path(f"{source.parent}-{level}-{runtime()}")
    about = made_graph(place, lambda fresh: _optimise(made, source, level, fresh / GRAPH))
    return Derived(place / GRAPH, float(about["seconds"]))


def _optimise(made: Exported, source: Path, level: str, target: Path) -> Facts:
    Graph(made, source, SessionSettings(level=level, written=target))
    return {}
