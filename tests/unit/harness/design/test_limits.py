"""Latency limits, as a person writes them and as a study holds them."""

from __future__ import annotations

import pytest

from harness.design.limits import Limits, limits_of, read_limits
from harness.errors import StudyError, UsageError


def test_limits_are_read_as_settings() -> None:
    settings = read_limits("ttft=200, itl=50.5")
    assert settings == {"slo.ttft_ms": 200.0, "slo.itl_ms": 50.5}
    assert limits_of(settings) == Limits(ttft_ms=200.0, itl_ms=50.5)
    assert not limits_of({"streams": 4}).any


@pytest.mark.parametrize("text", ["", "ttft", "ttft=", "ttft=-1", "ttft=nan", "ttft=inf", "latency=3", "ttft:3"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--slo"):
        read_limits(text)


def test_a_study_cannot_hold_another_limit() -> None:
    with pytest.raises(StudyError, match="latency limit"):
        limits_of({"slo.speed": 3.0})
