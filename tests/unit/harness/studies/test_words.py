"""What pages call the factors and levels of a published study is no name of the code."""

from __future__ import annotations

import re

import pytest

from harness.design import Factor
from harness.errors import StudyError
from harness.studies import RECORDED, STUDIES

CODE = re.compile(r"\w*_\w*|[a-z0-9.]+(?:-[a-z0-9.]+)+|.*\b(?:gpu|ctx|num|itl|ttft|kv|transformers|onnxruntime)\b.*")
PROPER = frozenset({"async-std", "reduce-overhead"})
"""Names by which their makers call them."""


@pytest.mark.parametrize("name", RECORDED)
def test_no_level_and_no_factor_is_called_by_a_name_of_the_code(name: str) -> None:
    """A model is called by the name of its file, which the reader's engine takes as well."""
    study = STUDIES.load(name)
    said = {factor.heading for factor in study.factors}
    said |= {factor.called(level) for factor in study.factors if factor.name != "model" for level in factor.levels}
    assert not sorted(words for words in said - PROPER if CODE.fullmatch(words))


def test_words_change_nothing_that_is_measured() -> None:
    study = STUDIES.load("tr117")
    assert study.called("arm", "transformers-cpu-compile") == "PyTorch compiled"
    assert study.heading("arm") == "engine"
    assert "PyTorch compiled" not in str(study.canonical())
    assert study.called("of_another_time", 2) == "2"
    assert study.heading("of_another_time") == "of another time"


def test_two_levels_are_never_called_alike() -> None:
    with pytest.raises(StudyError, match="calls two levels alike"):
        Factor("arm", ("a", "b"), words=(("a", "b"),))
