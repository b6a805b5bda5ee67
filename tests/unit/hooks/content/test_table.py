"""A table says once what it can say of all cells of a column."""

from __future__ import annotations

from hooks.content.blocks import Cell, Column, Lit, Table

COLUMNS = Column("a"), Column("b"), Column("c"), Column("d")


def kinds(*rows: tuple[Cell, ...]) -> tuple[str, ...]:
    return Table("levels", "Levels", COLUMNS, rows).kinds()


def test_a_column_of_one_kind_of_literals_is_declared_once() -> None:
    one, two = (Lit(text, "setting") for text in "12")
    name, date = Lit("x", "identifier"), Lit("2026-11-26", "date")
    assert kinds((one, one, date, "x"), (two, name, date, one)) == ("setting", "", "", "")
    assert kinds((one, one, one, one)) == kinds() == ("", "", "", "")
