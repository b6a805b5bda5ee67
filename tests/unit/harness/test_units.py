"""Units: conversion, algebra and refusal."""

import pytest

from harness.errors import UsageError
from harness.units import J_PER_TOKEN, KWH, MS, PERCENT, RATIO, TOK_PER_S, TOKENS, J, S, W, convert, counted, unit


def test_conversion_scales() -> None:
    assert convert(1.5, S, MS) == pytest.approx(1500)
    assert convert(1, KWH, J) == pytest.approx(3.6e6)
    assert convert(12, PERCENT, RATIO) == pytest.approx(0.12)


def test_conversion_between_dimensions_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot convert tok/s to ms"):
        convert(1, TOK_PER_S, MS)


def test_products_and_quotients_find_their_name() -> None:
    assert TOKENS / S is TOK_PER_S
    assert W * S is J
    assert J / TOKENS is J_PER_TOKEN
    assert (MS / MS).dims == ()


def test_an_unknown_symbol_is_refused() -> None:
    with pytest.raises(UsageError, match="unknown unit 'furlong'"):
        unit("furlong")


def test_a_count_agrees_with_its_noun() -> None:
    assert [counted(number, "run") for number in (0, 1, 2, 1000)] == ["0 runs", "1 run", "2 runs", "1,000 runs"]
