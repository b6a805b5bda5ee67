"""TR109: do the best settings of single inference transfer to an agent?"""

from __future__ import annotations

from ..recipes.agents.single import one_agent
from ..recipes.report_builder import Draft


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr109.md cites."""
    one_agent(draft)
    draft.headline("best", *draft.claims)
