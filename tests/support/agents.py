"""Every agent that there is, for the suites that ask something of each."""

from __future__ import annotations

import subprocess
from functools import cache

import pytest

from harness.agents.programs import AGENTS
from harness.agents.rust_build import BINARIES, CRATE, INSTALL, build, cargo, place
from harness.design import Value
from harness.design.settings import AgentSettings
from harness.protocols.agent import Agent

PYTHON = ("python httpx", "python aiohttp", "python ours", "python uvloop")
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
    """Builds the agents in Rust once; a test that needs them is skipped where cargo or its crates are not here."""
    if cargo() is None:
        pytest.skip(f"there is no cargo; {INSTALL}")
    if not place().exists() and not _fetched():
        pytest.skip("crates.io cannot be reached, and the crates of the agents in Rust are not here")
    build()


@cache
def _fetched() -> bool:
    command = ("cargo", "fetch", "--quiet", "--locked", "--manifest-path", str(CRATE / "Cargo.toml"))
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
