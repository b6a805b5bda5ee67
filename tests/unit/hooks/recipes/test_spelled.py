"""A sentence says in words who works at which settings."""

from __future__ import annotations

import pytest

from harness.studies import STUDIES
from hooks.content.blocks import Lit
from hooks.recipes.agents.spelled import spelled

TUNED = "{80|setting} layers for a GPU and a context of {1024|setting}"


@pytest.mark.parametrize(
    ("study", "level", "words"),
    [
        ("tr109", "defaults", "the defaults"),
        (
            "tr109",
            "gpu 80, ctx 512, T 0.6",
            "{80|setting} layers for a GPU, a context of {512|setting} and temperature {0.6|setting}",
        ),
        (
            "tr110",
            "baseline vs chimera, gpu 80, ctx 1024",
            f"a collector at the defaults and an insight agent at {TUNED}",
        ),
        (
            "tr110",
            "hetero, gpu 80, ctx 512 | gpu 80, ctx 1024",
            f"a collector at {TUNED.replace('1024', '512')} and an insight agent at {TUNED}",
        ),
        ("tr110", "homo, gpu 80, ctx 1024", f"two analysts at {TUNED}"),
        ("tr110", "homo, gpu 80, ctx 1024, T 0.6", f"two analysts at {TUNED}, temperature {{0.6|setting}}"),
        ("tr113", "baseline vs chimera, gpu 80, ctx 1024", f"a collector and an insight agent at {TUNED}"),
        ("tr113", "baseline vs chimera, defaults", "a collector and an insight agent at the defaults"),
    ],
)
def test_a_configuration_is_said_in_words(study: str, level: str, words: str) -> None:
    other = Lit("processes", "setting")
    declared = STUDIES.load(study)
    named = Lit(declared.called("configuration", level), "setting")
    found = spelled(declared, {"configuration": named, "isolation": other, "factor": "x"})
    assert found == {"configuration": words, "isolation": other, "factor": "x"}


def test_every_configuration_of_a_study_has_words_of_its_own() -> None:
    for study in ("tr109", "tr110", "tr111", "tr113", "tr114"):
        declared = STUDIES.load(study)
        levels = {one.level for one in declared.bundles if one.factor == "configuration"}
        named = (declared.called("configuration", level) for level in levels)
        words = spelled(declared, {words: Lit(words, "setting") for words in named})
        assert len(set(words.values())) == len(levels)
