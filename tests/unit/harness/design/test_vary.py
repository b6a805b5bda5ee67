"""A study under other settings is another study."""

from __future__ import annotations

import re

import pytest

from harness.design.vary import with_settings
from harness.errors import StudyError
from harness.studies.tr108 import STUDY


def test_another_backend_is_another_study_with_the_same_matrix() -> None:
    varied = with_settings(STUDY, {"backend": "ollama"})
    assert (varied.id, varied.backend, varied.title) == (
        "tr108-ollama",
        "ollama",
        "Single-Inference Performance (backend=ollama)",
    )
    assert varied.matrix("smoke").cells() == STUDY.matrix("smoke").cells()
    assert varied.fingerprint() != STUDY.fingerprint()
    assert varied.sessions == 0
    assert with_settings(STUDY, {}) is STUDY


def test_settings_reach_every_run_and_the_id_tells_them_apart() -> None:
    a, b = (with_settings(STUDY, {"backend": "ollama", "keep_alive": text}) for text in ("5m", "6m"))
    assert a.id != b.id
    assert re.fullmatch(r"tr108-[a-z0-9-]{1,40}", a.id)
    assert a.run_settings(a.matrix("smoke").cells()[0]).servers[0].engine["keep_alive"] == "5m"


def test_what_the_study_varies_cannot_be_set() -> None:
    with pytest.raises(StudyError, match="varies threads; narrow it with --only"):
        with_settings(STUDY, {"threads": "1"})
