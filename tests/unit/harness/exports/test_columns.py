"""Every column has words, and no words are of a column that is gone."""

from __future__ import annotations

from harness.datasets.read import HOST, SESSION
from harness.datasets.schema import SCHEMAS, tables
from harness.design import Factor
from harness.exports import columns
from harness.exports.columns import TABLES, column


def test_every_column_of_every_schema_has_a_meaning() -> None:
    for schemas in SCHEMAS.values():
        for table, schema in schemas.items():
            assert all(column(table, name, ()).meaning.endswith(".") for name in schema.names)
    assert set(TABLES) == set(tables())


def test_nothing_is_said_of_a_column_that_does_not_exist() -> None:
    known = {table: set(schema.names) for schemas in SCHEMAS.values() for table, schema in schemas.items()}
    assert set().union(*known.values(), {SESSION, HOST}) >= set(columns._OF_ANY)
    assert all(known[table] >= set(said) for table, said in columns._OF_TABLE.items())


def test_a_unit_is_that_of_the_name() -> None:
    for schemas in SCHEMAS.values():
        for table, schema in schemas.items():
            timed = {name: name.rpartition("_")[2] for name in schema.names if name.endswith(("_ns", "_ms"))}
            assert {name: column(table, name, ()).unit for name in timed} == timed


def test_a_level_has_the_unit_of_its_factor() -> None:
    assert column("runs", "level.num_gpu", [Factor("num_gpu", (0, 80), unit="layers")]).unit == "layers"
