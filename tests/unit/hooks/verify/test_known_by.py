"""The referee calls weights by a title only where they are those of the title."""

from __future__ import annotations

from dataclasses import asdict, replace

from harness.models import SMOLLM2_135M, served_model
from hooks.verify.meaning.level_words import known_by

PROVEN, NAMED, OTHER = (
    asdict(one) for one in (SMOLLM2_135M, served_model(SMOLLM2_135M.name), replace(SMOLLM2_135M, sha256="0" * 64))
)


def test_weights_are_known_by_their_digest() -> None:
    assert known_by(PROVEN, [PROVEN, OTHER]) == SMOLLM2_135M.title
    assert known_by(OTHER, [PROVEN, OTHER]) == SMOLLM2_135M.name


def test_weights_without_a_digest_are_those_of_their_name_where_there_is_one() -> None:
    assert known_by(NAMED, [NAMED]) == SMOLLM2_135M.name
    assert known_by(NAMED, [NAMED, PROVEN]) == SMOLLM2_135M.title
    assert known_by(NAMED, [NAMED, PROVEN, OTHER]) == SMOLLM2_135M.name
