"""Every agent that there is, for the suites that ask something of each."""

from __future__ import annotations

import os

import pytest

from harness.agents.programs import AGENTS
from harness.agents.rust_build import BINARIES, INSTALL, build, cargo
from harness.design import Value
from harness.design.settings import AgentSettings
from harness.errors import Unavailable
from harness.protocols.agent import Agent

PYTHON = ("python httpx", "python ours", "python uvloop")
RUST = tuple(f"rust {runtime}" for runtime in BINARIES)
EVERY = (*PYTHON, *RUST)


def settings_of(name: str, agent: str = "a", **own: Value) -> AgentSettings:
    """The settings of an agent by its name in ``EVERY``."""
    language, _, kind = name.partition(" ")
    if language == "python":
        client = "httpx" if kind == "uvloop" else kind
        return AgentSettings(agent, "python", "analyst", "", "uvloop" * (kind == "uvloop"), {"client": client, **own})
    if kind == "reqwest":
        return AgentSettings(agent, "rust", "analyst", "", "tokio", {"client": "reqwest", **own})
    return AgentSettings(agent, "rust", "analyst", "", kind, own)


def agent(name: str, **own: Value) -> Agent:
    """An agent that has not started; skips the test where it needs Rust and there is none."""
    if name.startswith("rust"):
        need_rust()
    asked = settings_of(name, **own)
    return AGENTS.load(asked.language)(asked)


def need_rust() -> None:
    """Builds the agents in Rust once; a test that needs them is skipped where they cannot be built."""
    if cargo() is None:
        pytest.skip(f"there is no cargo; {INSTALL}")
    try:
        build()
    except Unavailable as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
