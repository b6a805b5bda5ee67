"""The agent in Python ends each task with ``finished``, whatever went wrong in it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from time import monotonic_ns
from typing import Any

import pytest

from harness.agents.python.__main__ import _work
from harness.agents.python.answer import Answer, Progress
from harness.texts.agent_prompts import CORPUS


class Raises:
    """A client that does what no client should."""

    name = "raises"

    async def ask(self, order: Mapping[str, Any], body: bytes, progress: Progress) -> Answer:
        raise KeyError("no such thing")


def test_a_task_that_raises_ends_at_once_and_says_why(capfd: pytest.CaptureFixture[str]) -> None:
    order = {"task": 1, "planned_ns": monotonic_ns(), "live": False, "corpus": str(CORPUS)}
    asyncio.run(_work({**order, "calls": [{"prompt": "{summary}", "body": "{}"}]}, Raises()))
    last = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert (last["event"], last["code"], last["detail"]) == ("finished", "agent_ended", "KeyError: 'no such thing'")
