"""A table as CSV. Lists become their numbers with spaces between; no text can start a formula of a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

ROWS_AT_ONCE = 2**14
"""A table is turned into text in pieces of so many rows, which bounds the memory it takes."""
_FORMULA = r"^[=+\-@\t\r]"


def write_csv(schema: pa.Schema, batches: Iterable[pa.RecordBatch], file: BinaryIO) -> None:
    """Writes ``batches`` of ``schema``, with a line of names. Raises ``OSError``."""
    with pcsv.CSVWriter(file, _flat(schema.empty_table()).schema) as out:
        for batch in batches:
            for start in range(0, batch.num_rows, ROWS_AT_ONCE):
                out.write(_flat(batch.slice(start, ROWS_AT_ONCE)))


def no_formula(text: str) -> str:
    """``text``, with a quote before it where a spreadsheet would compute it."""
    return f"'{text}" if re.match(_FORMULA, text) else text


def _flat(rows: pa.Table | pa.RecordBatch) -> pa.Table:
    return pa.table([_column(rows[name]) for name in rows.schema.names], names=rows.schema.names)


def _column(column: Any) -> Any:
    kind = column.type
    if pa.types.is_list(kind):
        texts = pc.cast(column, pa.list_(pa.string()))
        return pc.binary_join(texts, " ")
    if pa.types.is_dictionary(kind):
        column = pc.cast(column, kind.value_type)
        kind = kind.value_type
    if not pa.types.is_string(kind):
        return column
    risky = pc.match_substring_regex(column, _FORMULA)
    if not pc.any(risky).as_py():
        return column
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)
