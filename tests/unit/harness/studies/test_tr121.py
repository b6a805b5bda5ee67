"""TR121: prompts of one length, published models in llama.cpp alone, and memory is read in each run."""

from __future__ import annotations

from harness.design import Study, plan
from harness.models import MODELS
from harness.protocols.run_spec import run_spec
from harness.studies import STUDIES

STUDY = STUDIES.load("tr121")


def reads(study: Study) -> set[bool]:
    profile = study.profile("smoke")
    planned = plan(study.matrix("smoke").cells(), 1, study.order_seed)
    return {run_spec(study, profile, one, "").reads_memory for one in planned}


def test_prompts_have_one_length_in_tokens() -> None:
    assert {len(prompt.text.encode()) for prompt in STUDY.workload.prompts} == {112}


def test_published_models_run_in_llama_cpp_alone() -> None:
    cells = [cell.settings for cell in STUDY.matrix("full").cells()]
    assert {cell["arm"] for cell in cells if MODELS[str(cell["model"])].trained} == {"llama.cpp"}
    assert {cell["arm"] for cell in cells if not MODELS[str(cell["model"])].trained} == set(STUDY.factor("arm").levels)


def test_memory_is_read_where_a_study_asks_for_it() -> None:
    assert reads(STUDY) == {True}
    assert reads(STUDIES.load("tr120")) == {False}
