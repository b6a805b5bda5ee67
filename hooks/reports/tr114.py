"""TR114: what does a second server change in tasks per hour, at the same threads?

The speed-up of an arm is against one agent on that arm's server, and an agent alone leaves the other server idle. So
arms are compared in tasks per hour, and the speed-up only within an arm.
"""

from __future__ import annotations

from ..recipes.agents.arms import MORE, TIMES_MORE, claim_arms
from ..recipes.agents.timeline import timeline
from ..recipes.agents.together import claim_gains, claim_overlap, costs, differences, gains
from ..recipes.claims import claim_primary
from ..recipes.report_builder import Draft
from ..recipes.rows import rows

KINDS = {"configuration": "setting", "servers": "setting"}


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr114.md cites."""
    pairs = rows(draft, "servers", "configuration", kinds=KINDS).ended("ok")
    gains(pairs, label="{servers}, {configuration}")
    claim_arms(pairs, "servers", "configuration", "two agents on {servers}")
    sentence = f"Two servers of one thread each {MORE} tasks per hour than one server of two threads: {TIMES_MORE}."
    claim_primary(draft, "second-server", "second-server", sentence, "ratio.low > 1")
    claim_gains(pairs, "With {configuration}, on {servers},", "configuration", "servers")
    claim_overlap(draft)
    costs(pairs)
    timeline(pairs, "{configuration} on {servers}")
    differences(pairs)
    draft.headline("second-server", *(name for name in draft.claims if name.startswith("servers-")), *draft.claims)
