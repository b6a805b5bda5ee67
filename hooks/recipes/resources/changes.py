"""Every change against the base: what it costs, and whether speed, memory and accuracy together make it pay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...claims.evaluate import State
from ...content.blocks import Cell
from ...values.evidence import Level
from ...values.value import Value
from ..accuracy import accuracy
from ..claims import FASTER, TIMES, claim, claim_effect
from ..columns import AskedColumn, column
from ..contrasts import Effect
from ..report_builder import Draft
from ..rows import Row, Rows
from ..tables import table

SLOWER = f"In a context of {{context}} tokens, {{phase}} with {{change}} is {FASTER} that with the base: {TIMES}."
FEWER = (
    "In a context of {context} tokens, answers per second with {change} are {ratio~1:more than|fewer than|"
    "not shown to differ in number from} those with the base: {ratio} {ratio.interval} as many."
)
GAIN = (
    "In a context of {{context}} tokens {{change}} takes {{ratio}} {{ratio.interval}} of the base's {{phase}}, with "
    "{{beside}} {{beside.interval}} of its {words} and {{perplexity}} of its perplexity."
)
PAYS = "ratio.high < 1 and beside.high < 1.05 and perplexity.high < 1.05"


def costs(effects: Rows[Effect], asked: Mapping[str, Sequence[str]], throughput: str) -> None:
    """A claim ``cost-CHANGE-PHASE-CONTEXT`` for each change that is ``asked`` about by metric. A flag of its name says
    whether it holds."""
    draft = effects.draft
    for one in effects:
        if str(one.where["change"]) in asked.get(one.metric, ()):
            name, sentence = (
                f"cost-{one.slug('change', 'phase', 'context')}",
                FEWER if one.metric == throughput else SLOWER,
            )
            claim_effect(draft, name, sentence, one.contrast, "ratio.low > 1", names=one.names)
            _note(draft, name)


def together(
    choices: Rows[Row], effects: Rows[Effect], baseline: Mapping[str, Level], headings: Mapping[str, str], base: Level
) -> set[Level]:
    """A table ``together`` of each choice: its metrics over those of the base (``headings`` by id), and whether it
    passes the accuracy gate (table ``accuracy``) beside the ``baseline``."""
    draft = choices.draft
    scored = choices.keep(lambda row: draft.ask("perplexity", row.where).number is not None)
    passed, _ = accuracy(scored.named("change"), "accuracy", "Accuracy of each change", baseline, "change")
    passing = {row.where["change"] for row in passed}
    found = {_key(one): one for one in effects}

    def ratio(metric_id: str) -> Callable[[Draft, Row], Cell]:
        def ask(_: Draft, row: Row) -> Cell:
            one = found.get((row.where["change"], row.where["context"], metric_id))
            return one.contrast.ratio if one else "not compared"

        return ask

    columns: list[AskedColumn[Row]] = [column(words, ratio(metric_id)) for metric_id, words in headings.items()]
    gate: AskedColumn[Row] = column(
        "accuracy", lambda _, row: "passes" if row.where["change"] in passing else "not judged or not passed"
    )
    only = choices.keep(lambda row: row.where["change"] != base).named("change", "context")
    table(only, "together", "Speed, memory and accuracy of each change over the base", columns, gate)
    return passing


def gains(effects: Rows[Effect], beside: Mapping[str, tuple[str, str]], perplexity: Callable[[Level], Value]) -> None:
    """A claim ``tune-CHANGE-PHASE-CONTEXT`` for each change whose accuracy is known and that is shown to gain in a
    metric: it costs nothing in the one ``beside`` it (by metric: that one and its words). A flag of its name says
    whether it holds."""
    draft, found = effects.draft, {_key(one): one for one in effects}
    for one in effects:
        change, context, metric_id = _key(one)
        other, words = beside.get(metric_id, ("", ""))
        second, accuracy_of = found.get((change, context, other)), perplexity(change)
        if second is None or accuracy_of.number is None or not _below_one(one.contrast.ratio):
            continue
        values = {"ratio": one.contrast.ratio, "beside": second.contrast.ratio, "perplexity": accuracy_of}
        name = f"tune-{one.slug('change', 'phase', 'context')}"
        claim(draft, name, GAIN.format(words=words), values, PAYS, names=one.names)
        _note(draft, name)


def _below_one(ratio: Value) -> bool:
    return ratio.interval is not None and ratio.interval.high < 1


def _note(draft: Draft, name: str) -> None:
    draft.flag(name.replace("-", "_"), draft.claims[name].state is State.HOLDS)


def _key(one: Effect) -> tuple[Level, Level, str]:
    return one.where["change"], one.where["context"], one.metric
