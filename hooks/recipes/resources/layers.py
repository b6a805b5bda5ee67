"""Where the time of a pass goes, part by part, and whether the parts add up."""

from __future__ import annotations

from ..claims import claim
from ..columns import metrics
from ..rows import Row, Rows
from ..tables import table

PHASES = {"prefill": "prefill", "decode": "decode step"}
PARTS = ("attention", "mlp", "norm", "embedding", "head", "sampling", "other")


def layers(profiled: Rows[Row]) -> None:
    """A table ``layers_PHASE`` of the parts of each row, and a claim ``parts-PHASE-MODEL`` that they add up."""
    draft = profiled.draft
    for phase, words in PHASES.items():
        parts = metrics(**{f"layer_{phase}_{part}": part for part in PARTS})
        checks = metrics(**{f"layer_{phase}_sum": "parts beside the clock", f"layer_{phase}_cost": "cost of profiling"})
        table(profiled, f"layers_{phase}", f"Time of the parts of a {words}", parts, checks)
        sentence = f"With {{model}} the parts of a {words} differ from the clock by {{sum}}, within {{5 %|threshold}}."
        for row in profiled:
            found = draft.ask(f"layer_{phase}_sum", row.where)
            if found.number is not None:
                name, predicate = f"parts-{phase}-{row.slug('model')}", "sum.low > -5 % and sum.high < 5 %"
                claim(draft, name, sentence, {"sum": found}, predicate, names=row.names)
