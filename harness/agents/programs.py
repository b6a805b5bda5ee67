"""Which program works for an agent: the registry of languages, and the commands of the agents in Python."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from ..design.settings import AgentSettings
from ..outcomes import Code, unsupported
from ..processes.child import python
from ..protocols import EngineFailed
from ..protocols.agent import Agent
from ..protocols.settings_reader import SettingReader
from ..registry import Registry
from .process import AgentProcess

AGENTS: Registry[Callable[[AgentSettings], Agent]] = Registry(
    "agent",
    ("python", "harness.agents.programs:python_agent"),
    ("rust", "harness.agents.rust_programs:rust_agent"),
)
"""What makes an agent, by its language; it raises ``EngineFailed`` for settings that the agent cannot have."""

LOOPS = ("asyncio", "uvloop")
PYTHON_CLIENTS = ("httpx", "aiohttp", "ours")
PARSING = ("after", "each")


def python_agent(asked: AgentSettings) -> AgentProcess:
    """Its runtime is the event loop. Own settings: ``client``, ``read_bytes`` and ``parse``."""
    loop = asked.runtime or LOOPS[0]
    if loop not in LOOPS:
        raise EngineFailed(unsupported(Code.SETTING_REJECTED, f"the agent in Python runs on {', '.join(LOOPS)}"))
    own = reader("the agent in Python", asked)
    client, parse = own.text("client", PYTHON_CLIENTS[0], PYTHON_CLIENTS), own.text("parse", "after", PARSING)
    read_bytes = own.whole("read_bytes") or 0
    if read_bytes and (loop == "uvloop" or client != "httpx"):
        detail = "only the agent in Python with httpx on asyncio has a size of reads to set"
        raise EngineFailed(unsupported(Code.SETTING_REJECTED, detail))
    if client == "ours" and parse == "each":
        raise EngineFailed(unsupported(Code.SETTING_REJECTED, "our client does not parse while it reads"))
    if client == "aiohttp" and find_spec("aiohttp") is None:
        raise EngineFailed(unsupported(Code.ENGINE_MISSING, "aiohttp is not installed; install aiohttp"))
    command = (*python("harness.agents.python"), "--client", client, "--loop", loop)
    return AgentProcess("the agent in Python", (*command, *program_options(read_bytes, parse)), {"program": "python"})


def reader(name: str, asked: AgentSettings) -> SettingReader:
    """The own settings of an agent. Raises ``EngineFailed`` for one that no agent has."""
    return SettingReader(name, asked.own, ("client", "read_bytes", "parse"))


def program_options(read_bytes: int, parse: str) -> tuple[str, ...]:
    """What every program of an agent takes on its command line."""
    return "--read-bytes", str(read_bytes), "--parse", parse
