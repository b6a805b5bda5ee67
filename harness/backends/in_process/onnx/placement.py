"""Which execution provider ran each node of a graph, counted from the runtime's own profile of a prefill and a step."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ....events import Settings
from .exported_graph import Exported
from .session_graph import PROVIDERS, Graph, SessionSettings

_TOKENS = [5, 9, 12, 80]
_KERNEL = "_kernel_time"


def placement(made: Exported, path: Path, settings: SessionSettings) -> Settings:
    """``nodes`` that ran, ``fallback_nodes`` that ran on another provider than the one asked for, and all by provider.

    The session is one of its own, for a profile slows every node down.
    """
    with tempfile.TemporaryDirectory() as folder:
        graph = Graph(made, path, replace(settings, profile=Path(folder) / "profile"))
        _, past = graph.run(_TOKENS, [len(_TOKENS) - 1], graph.empty())
        graph.run(_TOKENS[:1], [0], past)
        events = json.loads(graph.end_profile().read_text(encoding="utf-8"))
    return counted(events, PROVIDERS[settings.provider])


def counted(events: Iterable[Mapping[str, Any]], asked: str) -> Settings:
    """The counts from the events of a profile."""
    ran = {
        (str(event["name"]), str(event["args"]["provider"]))
        for event in events
        if event.get("cat") == "Node" and str(event["name"]).endswith(_KERNEL) and event.get("args", {}).get("provider")
    }
    by_provider = Counter(provider for _, provider in ran)
    return {
        "placement.nodes": len(ran),
        "placement.fallback_nodes": len(ran) - by_provider[asked],
        "placement.providers": ", ".join(f"{name} {count}" for name, count in sorted(by_provider.items())),
    }
