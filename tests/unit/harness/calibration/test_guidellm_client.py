"""guidellm's report against the pacer's log, and what happens where guidellm is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.calibration.written import Written
from tests.benchmarks.guidellm_client import errors, has_guidellm


def report(*requests: tuple[float, float]) -> dict[str, object]:
    """Requests as (second of their beginning, time to first token in ms)."""
    done = [{"time_to_first_token_ms": ttft, "info": {"timings": {"request_start": at}}} for at, ttft in requests]
    return {"benchmarks": [{"requests": {"successful": done}}]}


def test_requests_are_matched_in_the_order_in_which_they_began() -> None:
    log = [Written(2_000_000, 0, (32_000_000, 40_000_000)), Written(1_000_000, 0, (21_000_000,))]
    assert errors(report((9.2, 31.5), (9.1, 25.0)), log) == pytest.approx([5.0, 1.5])


def test_a_lost_request_is_no_result() -> None:
    with pytest.raises(RuntimeError, match="1 requests, the pacer 2"):
        errors(report((9.1, 25.0)), [Written(1, 0, (2,)), Written(3, 0, (4,))])
    with pytest.raises(RuntimeError, match="0 requests, the pacer 0"):
        errors(report(), [])


def test_an_interpreter_without_it_is_told_apart(tmp_path: Path) -> None:
    for name, status in (("with", 0), ("without", 1)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {status}\n")
        (tmp_path / name).chmod(0o755)
    assert has_guidellm(str(tmp_path / "with"))
    assert not has_guidellm(str(tmp_path / "without"))
    assert not has_guidellm(str(tmp_path / "absent"))
