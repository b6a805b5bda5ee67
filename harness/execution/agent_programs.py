"""Makes the programs of agents ready before anything is recorded: no run may wait for a compiler."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from ..agents.rust_build import build
from ..design import Cell, Study
from ..errors import Unavailable


def build_agents(study: Study, cells: Iterable[Cell]) -> None:
    """Builds the agents in Rust where a cell has one; where they cannot be built, their runs say so."""
    if any(agent.language == "rust" for cell in cells for agent in study.run_settings(cell).agents):
        with suppress(Unavailable):
            build()
