"""The engine's report of its key-value cache against the formula, row by row."""

from __future__ import annotations

from ...values.value import Value
from ..claims import claim
from ..columns import AskedColumn, column, metric
from ..report_builder import Draft
from ..rows import Row, Rows
from ..tables import table

CACHE, FORMULA, FULL, EACH = "kv_cache", "kv_formula", "kv_full", "kv_per_token"
PREDICATE = "ratio.low > 0.98 and ratio.high < 1.02"
MEANING = "cache by the engine's report over its formula"
SENTENCE = (
    "In a context of {context} tokens the cache of {model} takes {ratio} what the formula says for its cells, with "
    "{change}: within {2 %|threshold}."
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
        ratio = _over(cached.draft, row, FORMULA)
        if ratio.number is not None:
            claim_id = f"law-{row.slug('model', 'change', 'context')}"
            claim(cached.draft, claim_id, SENTENCE, {"ratio": ratio}, PREDICATE, meaning=MEANING, names=row.names)


def _over(draft: Draft, row: Row, formula: str) -> Value:
    return draft.ask(CACHE, row.where) / draft.ask(formula, row.where)
