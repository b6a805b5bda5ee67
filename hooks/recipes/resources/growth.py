"""What a longer context costs in time and in memory, against the first one of the study."""

from __future__ import annotations

from collections.abc import Mapping

from harness.models import MODELS

from ...content.blocks import Lit
from ...content.scatter import LogAxes
from ...values.evidence import Level
from ...values.value import Value
from ..charts.over_sizes import Asked, over_sizes
from ..claims import FASTER, TIMES, claim
from ..report_builder import Draft
from ..rows import Row, Rows

AXES = LogAxes("model", "context in tokens", "times that of the first context", "what grows")
MEANING = "decode step of a context over that of the first"


def growth(base: Rows[Row], name: str, title: str, step: str, grown: Mapping[str, str]) -> None:
    """A chart of metrics over those of the first context (``grown``: their words by id), a line for each model; and
    a claim ``growth-MODEL-CONTEXT`` about the decode ``step`` of every longer context."""
    draft = base.draft
    first = draft.data.levels("context")[0]
    series = [
        (base.at(model=model), f"{words}, {MODELS[str(model)].family}", _over(metric_id, first))
        for metric_id, words in grown.items()
        for model in draft.data.levels("model")
    ]
    over_sizes(draft, name, title, AXES, context_of, *series)
    sentence = (
        "With {model} a decode step in a context of {context} tokens, three quarters full, is "
        f"{FASTER} one in a context of {{first}}: it takes {TIMES}."
    )
    for row in base.keep(lambda row: row.where["context"] != first):
        ratio = _over(step, first)(draft, row)
        if ratio.number is not None:
            names = {**row.names, "first": Lit(str(first), "setting")}
            claim_id = f"growth-{row.slug('model', 'context')}"
            claim(draft, claim_id, sentence, {"ratio": ratio}, "ratio.low > 1", meaning=MEANING, names=names)


def context_of(draft: Draft, row: Row) -> Value:
    """The context of a row, as the engine reports it."""
    return draft.data.effective("num_ctx", row.where)


def _over(metric_id: str, first: Level) -> Asked:
    def over(draft: Draft, row: Row) -> Value:
        return draft.ask(metric_id, row.where) / draft.ask(metric_id, {**row.where, "context": first})

    return over
