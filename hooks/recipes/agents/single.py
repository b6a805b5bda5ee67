"""One agent: its tasks by configuration, each configuration against the engine's defaults, and which is best."""

from __future__ import annotations

from ...analysis.primaries import primary_results
from ..charts.intervals import chart
from ..claims import claim_effect, claim_equivalent, rank
from ..columns import RUNS, count, metric, metrics
from ..contrasts import REFERENCE, Effect, ratio, ratio_and_finding
from ..report_builder import Draft
from ..rows import Row, Rows, literal, rows
from ..tables import table
from .effects import by_metric
from .languages import TASK, processes
from .layers_note import note_layers
from .reports import claim_apart
from .spelled import spelled

CONFIGURATION, DURATION = "configuration", "task_duration"
KINDS = {CONFIGURATION: "setting"}
SAME = f"The time of a task at {{{CONFIGURATION}}} is within {{margin}} of that at {{reference}}"
LESS = "{ratio~1:takes more|takes less|is not shown to take more or less}"


def one_agent(draft: Draft) -> Rows[Row]:
    """Everything about tasks of one agent; the rows of its configurations."""
    note_layers(draft)
    cells = rows(draft, CONFIGURATION, kinds=KINDS).ended("ok")
    duration = metric(DURATION, "duration of a task")
    chart(cells, "duration", "Duration of a task", duration, label=f"{{{CONFIGURATION}}}")
    files, quality = count("ingested_files", "files read"), metric("report_quality", "quality of the report")
    table(cells, "tasks", "Tasks by configuration", metrics(**TASK), files, quality, RUNS)
    claim_apart(draft)
    _against_defaults(draft)
    _equivalent(draft)
    if len(cells) > 1:
        rank(cells, "best", "the duration of a task", DURATION, f"{{{CONFIGURATION}}}")
    processes(cells, "processes", "What the process of an agent uses")
    return cells


def _against_defaults(draft: Draft) -> None:
    """Each tuned configuration against the defaults: the times on a chart, a claim about the duration."""
    found = by_metric(draft, TASK, CONFIGURATION, kinds=KINDS)
    draft.flag("compared", bool(found))
    table(found, "tuned", "Each configuration over the defaults", ratio_and_finding("ratio to the defaults"))
    durations: Rows[Effect] = found.keep(lambda one: one.metric == DURATION)
    draft.flag("none_found", bool(durations) and all(one.contrast.verdict == "none found" for one in durations))
    if durations:
        heading, title = "duration of a task, ratio to the defaults", "Duration of a task over that with the defaults"
        chart(durations, "tuned", title, ratio(heading), label=f"{{{CONFIGURATION}}}")
    sentence = f"At {{{CONFIGURATION}}} a task {LESS} time than at {{reference}}: {{ratio}} {{ratio.interval}}."
    for one in durations:
        names = spelled(draft, one.names)
        claim_effect(draft, f"tuned-{one.slug(CONFIGURATION)}", sentence, one.contrast, names=names)


def _equivalent(draft: Draft) -> None:
    """A claim for each planned contrast whose two configurations are equivalent."""
    for found in primary_results(draft.data):
        if found.finding == "equivalent":
            primary = found.primary
            sides = {CONFIGURATION: primary.level, REFERENCE: primary.reference}
            named = {name: literal(draft, CONFIGURATION, level, KINDS) for name, level in sides.items()}
            claim_equivalent(draft, f"same-{primary.id}", SAME, found, names=spelled(draft, named))
