"""Sampling is reproducible; perplexity is what its formula says; texts do not overlap."""

from __future__ import annotations

import math
from typing import cast

import numpy as np
import pytest

from harness import texts
from harness.backends.in_process.engine import Engine, Logits
from harness.backends.in_process.sampling import Sampler
from harness.backends.in_process.scoring import log_likelihoods, score
from harness.protocols import Score
from harness.texts import SCORED_TOKENS


def test_temperature_zero_is_the_likeliest() -> None:
    logits = np.array([0.1, 3.0, 2.9], np.float32)
    assert [Sampler(0.0, seed).next(logits) for seed in range(5)] == [1] * 5


def test_a_seed_decides_and_the_shares_follow_the_softmax() -> None:
    logits = np.log(np.array([0.7, 0.2, 0.1], np.float32))
    sampler, again = Sampler(1.0, 7), Sampler(1.0, 7)
    drawn = [sampler.next(logits) for _ in range(4000)]
    assert drawn == [again.next(logits) for _ in range(4000)]
    assert np.bincount(drawn) / 4000 == pytest.approx([0.7, 0.2, 0.1], abs=0.03)


def test_likelihoods_of_known_distributions() -> None:
    tokens = [0, 1, 2, 3]
    assert log_likelihoods(np.zeros((4, 10), np.float32), tokens) == pytest.approx([-math.log(10)] * 3)
    certain = np.full((4, 10), -1e4, np.float32)
    certain[[0, 1, 2], [1, 2, 3]] = 0
    assert log_likelihoods(certain, tokens) == pytest.approx([0.0] * 3)
    half = np.zeros((2, 2), np.float32)
    half[0] = [0.0, math.log(3)]
    assert log_likelihoods(half, [0, 1]) == pytest.approx([math.log(3 / 4)])


class Known:
    """Two windows of the alphabet: says the next letter, or with ``doubt`` every letter alike."""

    trained = True

    def __init__(self, *, doubt: bool) -> None:
        self.doubt = doubt

    def encode(self, text: str) -> list[int]:
        return [n % 16 for n in range(min(len(text), 400))]

    def logits(self, tokens: list[int]) -> Logits:
        said = np.eye(16, dtype=np.float32)[[(token + 1) % 16 for token in tokens]]
        return np.zeros_like(said) if self.doubt else said * 100


def scored(engine: Known, tokens: int) -> Score:
    return score(cast("Engine", engine), lambda asked: np.zeros((len(asked), 16), np.float32), tokens)


def test_a_longer_score_is_of_windows_that_each_predict_by_themselves() -> None:
    usual, longer = scored(Known(doubt=True), SCORED_TOKENS), scored(Known(doubt=True), 400)
    assert (usual.tokens, longer.tokens) == (255, 255 + 143)
    assert usual.perplexity == pytest.approx(16)
    assert longer.perplexity == pytest.approx(16)
    assert (len(usual.greedy or ()), len(longer.greedy or ())) == (128, 256)
    assert usual.logit_difference == 0
    certain = scored(Known(doubt=False), 400)
    assert certain.perplexity == pytest.approx(1)
    assert certain.logit_difference == 100


def test_the_splits_share_no_passage_and_are_long_enough() -> None:
    test, calibration = (texts.passages(text) for text in (texts.test_text(), texts.calibration_text()))
    assert not test & calibration
    assert min(len(test), len(calibration)) > 20
    assert len(texts.test_text().split()) > 1700
    assert len(texts.calibration_text().split()) > 350


def test_a_passage_is_known_again_however_it_is_set() -> None:
    assert texts.passages("One.  TWO is\nhere! ") == texts.passages("two is here! one.")
    assert len(texts.passages("One. Two. One.")) == 2
