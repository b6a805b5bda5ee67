"""Each table as CSV, all recordings one after another, and a data dictionary of the columns."""

from __future__ import annotations

import csv
from pathlib import Path

from ..datasets.csv_table import no_formula, write_csv
from ..datasets.schema import tables
from .columns import column
from .sealed_dataset import SealedDataset

DICTIONARY = "columns.csv"


def write(sealed: SealedDataset, folder: Path) -> None:
    """Fills ``folder`` with a file per table, in today's schema. Raises ``OSError``."""
    folder.mkdir()
    write_tables(sealed, folder)


def write_tables(sealed: SealedDataset, folder: Path) -> list[str]:
    """The names of the files that it writes into ``folder``. Raises ``OSError``."""
    with (folder / DICTIONARY).open("w", encoding="utf-8", newline="") as said:
        dictionary = csv.writer(said, lineterminator="\n")
        dictionary.writerow(["table", "column", "type", "unit", "meaning"])
        for name in tables():
            table = sealed.dataset.table(name)
            with (folder / f"{name}.csv").open("wb") as file:
                write_csv(table.schema, table.to_batches(), file)
            for field in table.schema:
                about = column(name, field.name, sealed.factors)
                row = (name, field.name, str(field.type), about.unit, about.meaning)
                dictionary.writerow(map(no_formula, row))
    return [DICTIONARY, *(f"{name}.csv" for name in tables())]
