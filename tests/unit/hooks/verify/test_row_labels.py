"""The referee reads a label of several words as the longest level that it holds."""

from __future__ import annotations

import pytest

from hooks.verify.meaning.row_labels import Asked, _fits
from hooks.verify.meaning.tables import Cell

COMPILED = frozenset({"transformers-cpu-compile", "PyTorch compiled"})
EAGER = frozenset({"transformers-cpu", "PyTorch"})
FACTORS = {level: {"arm"} for level in (*COMPILED, *EAGER)} | {"fp32": {"precision"}, "int8": {"precision"}}
QUESTION = Asked({"arm": COMPILED, "precision": frozenset({"fp32"})}, {"arm": COMPILED})
OVER = Asked({"arm": COMPILED | EAGER}, {}, {"engine": frozenset({"PyTorch compiled ÷ PyTorch"})})


@pytest.mark.parametrize(
    ("label", "fits"),
    [
        ("PyTorch compiled fp32", True),
        ("transformers-cpu-compile, fp32", True),
        ("PyTorch fp32", False),
        ("PyTorch compiled int8", False),
        ("something else", None),
    ],
)
def test_a_label_names_what_is_asked(label: str, fits: bool | None) -> None:
    assert _fits(Cell("engine and precision", label, None), QUESTION, FACTORS) is fits


@pytest.mark.parametrize(
    ("label", "fits"),
    [
        ("engine PyTorch compiled ÷ PyTorch", True),
        ("engine PyTorch ÷ PyTorch compiled", False),
        ("first token: engine PyTorch ÷ PyTorch compiled", None),
    ],
)
def test_a_label_says_which_level_stands_over_which(label: str, fits: bool | None) -> None:
    assert _fits(Cell("level ÷ reference", label, None), OVER, FACTORS) is fits


def test_a_column_of_one_factor_names_its_level() -> None:
    assert _fits(Cell("arm", "PyTorch compiled", None), QUESTION, FACTORS) is True
    assert _fits(Cell("arm", "PyTorch", None), QUESTION, FACTORS) is False
