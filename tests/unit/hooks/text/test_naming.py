"""What readers call the things of a dataset."""

from __future__ import annotations

from dataclasses import asdict, replace

from harness.datasets.manifest import ModelEntry
from harness.models import SMOLLM2_135M, Model, model, served_model
from hooks.text.naming import model_text, models_text


def entry(of: Model) -> ModelEntry:
    return ModelEntry(**{name: fact for name, fact in asdict(of).items() if name in ModelEntry.model_fields})


def test_weights_of_the_registry_have_its_title() -> None:
    assert model_text(entry(SMOLLM2_135M)) == "SmolLM2 135M"


def test_other_weights_of_the_same_name_have_not() -> None:
    for other in (replace(SMOLLM2_135M, sha256="0" * 64), served_model(SMOLLM2_135M.name)):
        assert model_text(entry(other)) == SMOLLM2_135M.name


def test_weights_that_a_server_only_named_are_those_of_their_name_beside_them() -> None:
    proven, named, other = SMOLLM2_135M, served_model(SMOLLM2_135M.name), replace(SMOLLM2_135M, sha256="0" * 64)
    assert models_text([entry(named)]) == SMOLLM2_135M.name
    assert models_text([entry(named), entry(proven)]) == "SmolLM2 135M"
    assert models_text([entry(proven), entry(other)]) == f"SmolLM2 135M, {SMOLLM2_135M.name}"


def test_a_model_that_was_never_trained_says_so() -> None:
    assert model_text(entry(model("gpt2-25m"))) == "gpt2-25m (untrained)"
