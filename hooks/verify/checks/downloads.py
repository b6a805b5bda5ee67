"""The CSV files beside the sealed Parquet files hold the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.plain_files import is_plain
from ..reader.site import Site

FORMULA = r"^[=+\-@\t\r]"
_ONE_THREAD = pcsv.ReadOptions(use_threads=False)
"""The other processors have work: more threads only take more processor time."""


def check(site: Site) -> Iterator[Examined]:
    """Reads every CSV that lies beside an undamaged dataset."""
    for sealed in site.datasets.values():
        for name, _ in sealed.hashes:
            path = (sealed.folder / name).with_suffix(".csv")
            if name.endswith(".parquet") and is_plain(path):
                problem = _problem(sealed, path.stem, path)
                yield Examined(f"{sealed.label}/{path.name}", problem)


def _problem(sealed: Sealed, table: str, path: Path) -> str | None:
    original = sealed.table(f"{table}.parquet")
    texts = pcsv.ConvertOptions(column_types=dict.fromkeys(original.column_names, pa.string()))
    try:
        copied = pcsv.read_csv(pa.BufferReader(path.read_bytes()), _ONE_THREAD, convert_options=texts)
    except pa.ArrowInvalid as error:
        return f"it cannot be read: {str(error).splitlines()[0]}"
    if copied.column_names != original.column_names or copied.num_rows != original.num_rows:
        return "it has other columns or rows than the Parquet file"
    wrong = [name for name in original.column_names if not _equal(original[name], copied[name])]
    return f"its column {wrong[0]} differs from the Parquet file" if wrong else None


def _equal(original: Any, copied: Any) -> bool:
    texts = _filled(copied)
    if original.null_count == len(original):
        return not pc.any(pc.not_equal(texts, "")).as_py()
    kind = original.type
    if pa.types.is_floating(kind):
        numbers = pc.cast(pc.if_else(pc.equal(texts, ""), None, texts), pa.float64())
        return bool(numbers.equals(pc.cast(original, pa.float64())))
    return bool(texts.equals(_filled(_as_text(original))))


def _filled(column: Any) -> Any:
    return pc.fill_null(column, "") if column.null_count else column


def _as_text(column: Any) -> Any:
    kind = column.type
    if pa.types.is_list(kind):
        return pc.binary_join(pc.cast(column, pa.list_(pa.string())), " ")
    text = pc.cast(pc.cast(column, kind.value_type) if pa.types.is_dictionary(kind) else column, pa.string())
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return text
    formulas = pc.match_substring_regex(text, FORMULA)
    return pc.if_else(formulas, pc.binary_join_element_wise("'", text, ""), text) if pc.any(formulas).as_py() else text
