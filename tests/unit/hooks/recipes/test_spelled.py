"""A sentence says in words who works at which settings."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from harness.studies import STUDIES
from hooks.content.blocks import Lit
from hooks.recipes.agents.gpu_layers import called
from hooks.recipes.agents.spelled import spelled

CONFIGURATION = "configuration"
QUICK = ("defaults", "gpu 80, ctx 512, T 0.8", "gpu 80, ctx 1024, T 0.8")


def draft(study: str, *recorded: str, offloaded: float | None = None) -> Any:
    """A draft whose engine put so many layers on a GPU; null where it did not say."""
    data = SimpleNamespace(
        factors=(CONFIGURATION,),
        levels=lambda _: recorded,
        effective=lambda _: SimpleNamespace(number=offloaded),
    )
    return SimpleNamespace(data=data, study=STUDIES.load(study))


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
    made = draft(study, level)
    named = Lit(made.study.called("configuration", level), "setting")
    found = spelled(made, {"configuration": named, "isolation": other, "factor": "x"})
    assert found == {"configuration": words, "isolation": other, "factor": "x"}


def test_every_configuration_of_a_study_has_words_of_its_own() -> None:
    for study in ("tr109", "tr110", "tr111", "tr113", "tr114"):
        made = draft(study)
        declared = made.study
        levels = {one.level for one in declared.bundles if one.factor == "configuration"}
        named = (declared.called("configuration", level) for level in levels)
        words = spelled(made, {words: Lit(words, "setting") for words in named})
        assert len(set(words.values())) == len(levels)


def test_without_a_gpu_configurations_are_called_by_what_else_they_set() -> None:
    made = draft("tr109", *QUICK, offloaded=0.0)
    words = [called(made.data, made.study, CONFIGURATION, level) for level in QUICK]
    assert words == ["the defaults", "context 512, temperature 0.8", "context 1024, temperature 0.8"]
    said = spelled(made, {word: Lit(word, "setting") for word in words})
    assert said[words[1]] == "a context of {512|setting} and temperature {0.8|setting}"
    pair = draft("tr110", "homo, gpu 80, ctx 1024", offloaded=0.0)
    (word,) = (called(pair.data, pair.study, CONFIGURATION, level) for level in pair.data.levels(""))
    assert spelled(pair, {"configuration": Lit(word, "setting")}) == {
        "configuration": "two analysts at a context of {1024|setting}"
    }


@pytest.mark.parametrize(
    ("recorded", "offloaded"),
    [(QUICK, 19.0), (QUICK, None), (("gpu 60, ctx 512, T 0.8", "gpu 80, ctx 512, T 0.8"), 0.0)],
    ids=["on a GPU", "not told", "nothing else differs"],
)
def test_layers_stay_where_they_may_matter(recorded: tuple[str, ...], offloaded: float | None) -> None:
    made = draft("tr109", *recorded, offloaded=offloaded)
    words = called(made.data, made.study, CONFIGURATION, "gpu 80, ctx 512, T 0.8")
    assert words == "80 layers for a GPU, context 512, temperature 0.8"
