"""Each table as CSV has every row of every recording, and a dictionary of its columns."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa

from harness.datasets.csv_table import write_csv
from harness.datasets.schema import tables
from harness.exports import csv_tables
from harness.exports.sealed_dataset import SealedDataset


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_table_has_the_rows_of_all_recordings(hostile: SealedDataset, tmp_path: Path) -> None:
    csv_tables.write(hostile, tmp_path / "out")
    for name in tables():
        table = hostile.dataset.table(name)
        found = rows(tmp_path / "out" / f"{name}.csv")
        assert [row["run_id"] for row in found] == table["run_id"].to_pylist()
    runs = rows(tmp_path / "out" / "runs.csv")
    assert [row["session"] for row in runs] == hostile.dataset.runs["session"].to_pylist()
    requests = rows(tmp_path / "out" / "requests.csv")
    arrivals = [[int(one) for one in row["arrivals_ns"].split()] for row in requests]
    assert arrivals == hostile.dataset.requests["arrivals_ns"].to_pylist()


def test_the_dictionary_has_every_column(hostile: SealedDataset, tmp_path: Path) -> None:
    csv_tables.write(hostile, tmp_path / "out")
    said = rows(tmp_path / "out" / csv_tables.DICTIONARY)
    for name in tables():
        with (tmp_path / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert [row["column"] for row in said if row["table"] == name] == next(csv.reader(file))


def test_no_text_starts_a_formula() -> None:
    texts = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "plain", None, '"; =1']
    table = pa.table({"text": texts, "again": pa.array(texts).dictionary_encode(), "number": [-1] * len(texts)})
    stream = io.BytesIO()
    write_csv(table.schema, table.to_batches(), stream)
    found = list(csv.DictReader(io.StringIO(stream.getvalue().decode(), newline="")))
    quoted = [f"'{text}" for text in texts[:6] if text]
    assert [row["text"] for row in found] == [row["again"] for row in found] == [*quoted, "plain", "", '"; =1']
    assert {row["number"] for row in found} == {"-1"}
