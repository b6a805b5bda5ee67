"""TR111: how does the same agent do in Rust? Its cells are those of TR109."""

from __future__ import annotations

from ..recipes.agents.single import one_agent
from ..recipes.report_builder import Draft


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr111.md cites."""
    one_agent(draft)
    draft.headline("best", *draft.claims)
