"""TR110: do two agents at once finish two tasks sooner? Each asks a server of its own, of one thread."""

from __future__ import annotations

from ..recipes.agents.reports import reports
from ..recipes.agents.spelled import spelled
from ..recipes.agents.timeline import timeline
from ..recipes.agents.together import claim_gain, claim_gains, claim_overlap, costs, differences, gains
from ..recipes.charts.intervals import chart
from ..recipes.claims import claim_effect
from ..recipes.contrasts import against_reference, ratio, ratio_and_finding
from ..recipes.report_builder import Draft
from ..recipes.rows import rows
from ..recipes.tables import table

KINDS = {"configuration": "setting", "isolation": "setting"}
GAINS = "{ratio~1:gains more|gains less|is not shown to gain more or less}"


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr110.md cites."""
    pairs = rows(draft, "configuration", "isolation", kinds=KINDS)
    gains(pairs.named("configuration"), label="{configuration}")
    with_each = (
        "With {configuration}, as {isolation}," if len(draft.data.levels("isolation")) > 1 else "With {configuration},"
    )
    claim_gain(draft, "Two Python agents")
    claim_gains(pairs, with_each, "configuration", "isolation")
    claim_overlap(draft)
    costs(pairs)
    timeline(pairs, "{configuration}")
    differences(pairs)
    reports(pairs)
    _configurations(draft)
    draft.headline("gain")


def _configurations(draft: Draft) -> None:
    """Every configuration against the first one."""
    measures = {"parallel_efficiency": "parallel efficiency"}
    names = ("configuration", "isolation")
    found = against_reference(draft, measures, "configuration", "isolation", names, kinds=KINDS)
    table(found, "configurations", "Configurations against the first one", ratio_and_finding("efficiency, ratio"))
    if found:
        title, heading = "Efficiency of each configuration over that of the first one", "parallel efficiency, ratio"
        chart(found, "configurations", title, ratio(heading), label="{configuration}")
    sentence = (
        f"The configuration of {{configuration}} {GAINS} than that of {{reference}}: {{ratio}} the parallel"
        " efficiency {ratio.interval}."
    )
    for one in found:
        name = f"configuration-{one.slug('configuration', 'isolation')}"
        claim_effect(draft, name, sentence, one.contrast, "ratio.low > 1", names=spelled(draft, one.names))
