"""Sampling is reproducible; perplexity is what its formula says; texts do not overlap."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from harness import texts
from harness.backends.in_process.sampling import Sampler
from harness.backends.in_process.scoring import perplexity


def test_temperature_zero_is_the_likeliest() -> None:
    logits = np.array([0.1, 3.0, 2.9], np.float32)
    assert [Sampler(0.0, seed).next(logits) for seed in range(5)] == [1] * 5


def test_a_seed_decides_and_the_shares_follow_the_softmax() -> None:
    logits = np.log(np.array([0.7, 0.2, 0.1], np.float32))
    sampler, again = Sampler(1.0, 7), Sampler(1.0, 7)
    drawn = [sampler.next(logits) for _ in range(4000)]
    assert drawn == [again.next(logits) for _ in range(4000)]
    assert np.bincount(drawn) / 4000 == pytest.approx([0.7, 0.2, 0.1], abs=0.03)


def test_perplexity_of_known_distributions() -> None:
    tokens = [0, 1, 2, 3]
    assert perplexity(np.zeros((4, 10), np.float32), tokens) == pytest.approx(10.0)
    certain = np.full((4, 10), -1e4, np.float32)
    certain[[0, 1, 2], [1, 2, 3]] = 0
    assert perplexity(certain, tokens) == pytest.approx(1.0)
    half = np.zeros((2, 2), np.float32)
    half[0] = [0.0, math.log(3)]
    assert perplexity(half, [0, 1]) == pytest.approx(4 / 3)


def test_the_splits_share_no_sentence_and_are_long_enough() -> None:
    test, calibration = (
        set(re.split(r"(?<=[.!?])\s+", text)) for text in (texts.test_text(), texts.calibration_text())
    )
    assert not test & calibration
    assert min(len(texts.test_text().split()), len(texts.calibration_text().split())) > 350
