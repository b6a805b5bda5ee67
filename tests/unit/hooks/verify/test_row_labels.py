"""The referee reads a label of several words as the longest level that it holds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from hooks.verify.meaning.level_words import without_layers
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


@pytest.mark.parametrize(
    ("effective", "words"),
    [
        (['{"layers_offloaded":0}', None], "context 512, temperature 0.8"),
        (['{"layers_offloaded":0}', '{"layers_offloaded":19}'], "80 layers for a GPU, context 512, temperature 0.8"),
        (["{}"], "80 layers for a GPU, context 512, temperature 0.8"),
    ],
    ids=["none", "some", "not told"],
)
def test_layers_are_left_out_of_words_where_no_run_had_any(effective: list[str | None], words: str) -> None:
    samples = SimpleNamespace(runs=[{"effective": text} for text in effective], once=lambda _, make: make())
    site: Any = SimpleNamespace(datasets={"d": SimpleNamespace(manifest={"study": "tr109"})}, samples=lambda _: samples)
    assert without_layers(site, "d", "configuration", "gpu 80, ctx 512, T 0.8") == words
