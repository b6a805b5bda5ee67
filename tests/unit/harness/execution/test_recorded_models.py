"""What a recording says of its models: of a server's, nothing that only the registry knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.design import Study
from harness.errors import StudyError
from harness.execution.recording_session import Session
from harness.execution.settings_check import check_settings
from harness.models import SMOLLM2_135M, file_model
from harness.studies.prompt_cache import OLLAMA, OPENAI, STUDY


def session(study: Study, **options: object) -> Session:
    return replace(Session(study, study.profile("smoke"), {}, Path("state")), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("study", [OPENAI, OLLAMA])
def test_the_model_of_somebody_elses_server_is_a_name_alone(study: Study) -> None:
    (entry,) = session(study).header().models
    assert (entry.name, entry.source) == (SMOLLM2_135M.name, "served")
    known = (entry.family, entry.architecture, entry.layers, entry.parameters, entry.quantisation, entry.sha256)
    assert known == (None,) * 6
    assert session(study).unregistered(*session(study).cells)[SMOLLM2_135M.name].parameters is None


def test_an_engine_of_ours_has_the_facts_of_the_registry() -> None:
    (entry,) = session(STUDY).header().models
    assert (entry.parameters, entry.sha256) == (SMOLLM2_135M.parameters, SMOLLM2_135M.sha256)
    assert session(STUDY).unregistered(*session(STUDY).cells) == {}


def test_a_file_of_ones_own_is_known_by_its_digest() -> None:
    mine = file_model("mine.gguf", "0" * 64)
    study = replace(STUDY, fixed=(("model", mine.name), ("num_ctx", 512)))
    (entry,) = session(study, models={mine.name: mine}).header().models
    assert (entry.name, entry.source, entry.sha256, entry.layers) == ("mine.gguf", "file:mine.gguf", "0" * 64, None)


def test_a_study_with_a_password_in_an_address_is_refused_without_repeating_it() -> None:
    study = replace(OPENAI, fixed=(*OPENAI.fixed, ("base_url", "http://user:hunter2@host/v1")))
    with pytest.raises(StudyError, match="base_url has a password in it") as refused:
        check_settings(study, session(study).cells)
    assert "hunter2" not in str(refused.value)
