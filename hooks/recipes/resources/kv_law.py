"""The engine's report of its key-value cache against the formula, row by row."""

from __future__ import annotations

from harness.units import PERCENT

from ...values.value import Value
from ..claims import claim
from ..columns import AskedColumn, column, metric
from ..report_builder import Draft
from ..rows import Row, Rows
from ..tables import table

CACHE, FORMULA, FULL, EACH = "kv_cache", "kv_formula", "kv_full", "kv_per_token"
PREDICATE = "off.low > -2 % and off.high < 2 %"
MEANING = "cache by the engine's report over its formula, less one"
SENTENCE = (
    "In a context of {context} tokens, with {change}, what {model} reports of its cache differs from the formula by "
    "{off}, within {2 %|threshold}."
)


def kv_law(cached: Rows[Row], name: str, caption: str) -> None:
    """A table of the cache of each row beside its formula, and a claim ``law-MODEL-CHANGE-CONTEXT`` for each."""
    columns: tuple[AskedColumn[Row], ...] = (
        metric(CACHE, "cache"),
        metric(EACH, "for each token"),
        column("over the formula", lambda draft, row: _over(draft, row, FORMULA)),
        column("over that of the whole context in every layer", lambda draft, row: _over(draft, row, FULL)),
    )
    table(cached, name, caption, columns)
    for row in cached:
        off = (_over(cached.draft, row, FORMULA) - 1).to(PERCENT)
        if off.number is not None:
            claim_id = f"law-{row.slug('model', 'change', 'context')}"
            claim(cached.draft, claim_id, SENTENCE, {"off": off}, PREDICATE, meaning=MEANING, names=row.names)


def _over(draft: Draft, row: Row, formula: str) -> Value:
    return draft.ask(CACHE, row.where) / draft.ask(formula, row.where)
