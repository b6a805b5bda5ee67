"""What a graph is on disk, and which of its nodes ran elsewhere than was asked."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa

from ...outcomes import Missing
from ...units import MIB, ONE
from ..columns import usable
from ..definition import Evaluated, RunMetric, evaluated


def disk_size(runs: pa.Table) -> Evaluated:
    """MiB of the graph and its weights on disk, shape ``(runs,)``."""
    return _told(runs, "effective", "disk_bytes", MIB.scale)


def graph_nodes(runs: pa.Table) -> Evaluated:
    """Nodes that ran in a pass, shape ``(runs,)``."""
    return _told(runs, "facts", "placement.nodes")


def fallback_nodes(runs: pa.Table) -> Evaluated:
    """Those of them that another provider ran than the one asked for, shape ``(runs,)``; zero is a value."""
    return _told(runs, "facts", "placement.fallback_nodes")


def _told(runs: pa.Table, column: str, key: str, scale: float = 1.0) -> Evaluated:
    found = [json.loads(text).get(key) if text else None for text in runs[column].to_pylist()]
    values = np.array([np.nan if number is None else float(number) for number in found], np.float64) / scale
    return evaluated(values, (~usable(runs["outcome"]), Missing.RUN_FAILED), (np.isnan(values), Missing.NOT_REPORTED))


DISK_SIZE = RunMetric(
    id="disk_size",
    name="size of the graph on disk",
    unit=MIB,
    formula="bytes of the graph that ran and of the weights beside it",
    applicability="runs of exported graphs",
    higher_is_better=False,
    compute=disk_size,
)
GRAPH_NODES = RunMetric(
    id="graph_nodes",
    name="nodes of the graph that ran",
    unit=ONE,
    formula="distinct nodes in the runtime's profile of a prefill and a decode step",
    applicability="scored runs of exported graphs",
    higher_is_better=None,
    compute=graph_nodes,
)
FALLBACK_NODES = RunMetric(
    id="fallback_nodes",
    name="nodes that another provider ran",
    unit=ONE,
    formula="distinct nodes in that profile whose provider is not the one asked for",
    applicability="scored runs of exported graphs",
    higher_is_better=False,
    compute=fallback_nodes,
)
