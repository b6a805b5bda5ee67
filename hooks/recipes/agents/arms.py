"""Ways of placing two agents, such as slots or servers, against the first one: tasks per hour at each configuration."""

from __future__ import annotations

from ..charts.intervals import chart
from ..claims import claim_effect
from ..columns import metric
from ..contrasts import against_reference, ratio_and_finding
from ..rows import Row, Rows
from ..tables import table
from .spelled import spelled

RATE = "tasks_per_hour"
MORE = "{ratio~1:complete more|complete fewer|are not shown to complete more or fewer}"
TIMES_MORE = "{ratio} as many {ratio.interval}"


def claim_arms(over: Rows[Row], factor: str, per: str, words: str) -> None:
    """Tasks per hour of every level of ``factor`` against the first one, at each level of ``per``; all rows on a chart.

    ``words`` say the two levels, such as ``{slots} slots`` and ``{reference}``, in a sentence that goes on with
    *complete more tasks per hour*.
    """
    draft = over.draft
    heading = "tasks per hour"
    chart(over, "rates", "Tasks per hour", metric(RATE, heading), label=f"{{{per}}}", series=factor)
    found = against_reference(draft, {RATE: heading}, factor, per, (per, factor), kinds=over.kinds)
    table(found, "arms", "Tasks per hour against the first arm", ratio_and_finding("tasks per hour, ratio"))
    for one in found:
        sentence = f"With {{{per}}}, {words} {MORE} tasks per hour than on {{reference}}: {TIMES_MORE}."
        name = f"{factor}-{one.slug(factor, per)}"
        claim_effect(draft, name, sentence, one.contrast, "ratio.low > 1", names=spelled(draft, one.names))
