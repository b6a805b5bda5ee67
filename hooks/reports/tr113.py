"""TR113: what does it cost two agents to share one server? Slots are the factor."""

from __future__ import annotations

from ..recipes.agents.arms import MORE, TIMES_MORE, claim_arms
from ..recipes.agents.reports import reports
from ..recipes.agents.spelled import spelled
from ..recipes.agents.timeline import timeline
from ..recipes.agents.together import claim_gain, claim_gains, claim_overlap, costs, gains
from ..recipes.claims import FASTER, TIMES, claim_effect, claim_primary
from ..recipes.contrasts import against_reference, ratio_and_finding
from ..recipes.report_builder import Draft
from ..recipes.rows import rows
from ..recipes.tables import table

KINDS = {"configuration": "setting", "parallel": "setting"}
HEADINGS = {"parallel": "slots"}
FIRST = "ttft_together"


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr113.md cites."""
    pairs = rows(draft, "parallel", "configuration", kinds=KINDS, headings=HEADINGS).ended("ok")
    gains(pairs, label="slots {parallel}, {configuration}")
    claim_arms(pairs, "parallel", "configuration", "two agents on {parallel} slots")
    sentence = f"Over all configurations, two slots {MORE} tasks per hour than one: {TIMES_MORE}."
    claim_primary(draft, "slots", "slots", sentence, "ratio.low > 1")
    claim_gain(draft, "Two Rust agents on one server")
    claim_gains(pairs, "With {configuration}, slots {parallel},", "configuration", "parallel")
    claim_overlap(draft)
    costs(pairs)
    timeline(pairs, "{configuration}, slots {parallel}")
    reports(pairs)
    _waits(draft)
    draft.headline("gain")


def _waits(draft: Draft) -> None:
    """What slots do to the wait for the first token of agents together."""
    measures, names = {FIRST: "first token", "queue_together": "in the queue"}, ("phase", "configuration", "parallel")
    found = against_reference(draft, measures, "parallel", "configuration", names, kinds=KINDS, headings=HEADINGS)
    table(found, "slots", "Waits by slots, against the first number of them", ratio_and_finding("wait, ratio"))
    sentence = (
        f"With {{configuration}}, the first token of agents together on {{parallel}} slots is {FASTER} that on"
        f" {{reference}}: it takes {TIMES}."
    )
    for one in found.keep(lambda row: row.metric == FIRST):
        name = f"first-token-{one.slug('parallel', 'configuration')}"
        claim_effect(draft, name, sentence, one.contrast, names=spelled(draft, one.names))
