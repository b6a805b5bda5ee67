"""The commands of the agents in Rust."""

from __future__ import annotations

from ..design.settings import AgentSettings
from ..errors import Unavailable
from ..outcomes import Code, unsupported
from ..protocols import Capability, EngineFailed
from .process import AgentProcess
from .programs import PARSING, program_options, reader
from .rust_build import BINARIES, Binary, again, binary, locked_version

CLIENTS = ("httparse", "reqwest")
_CRATES = {"tokio-localset": "tokio"}


def rust_agent(asked: AgentSettings) -> AgentProcess:
    """Its runtime is a key of ``BINARIES``. Own settings: ``client``, ``read_bytes`` and ``parse``."""
    runtime = asked.runtime or "tokio"
    if runtime not in BINARIES or runtime == "reqwest":
        choice = ", ".join(sorted(BINARIES.keys() - {"reqwest"}))
        raise EngineFailed(unsupported(Code.SETTING_REJECTED, f"the agent in Rust runs on {choice}"))
    own = reader("the agent in Rust", asked)
    client, parse = own.text("client", CLIENTS[0], CLIENTS), own.text("parse", "after", PARSING)
    read_bytes = own.whole("read_bytes") or 0
    if client == "reqwest" and (runtime != "tokio" or read_bytes):
        raise EngineFailed(unsupported(Code.SETTING_REJECTED, "reqwest runs on tokio and has no size of reads to set"))
    try:
        found = binary("reqwest" if client == "reqwest" else runtime)
    except Unavailable as error:
        raise EngineFailed(unsupported(Code.AGENT_MISSING, str(error))) from None
    command = (str(found.path), *program_options(read_bytes, parse))
    remedy = again(found.path.parent)
    return AgentProcess(f"the agent in Rust on {runtime}", command, facts(found, runtime), remedy)


def facts(found: Binary, runtime: str) -> dict[str, str]:
    """What is known of a binary before it runs."""
    return {
        "program": "rust",
        "binary_sha256": found.sha256,
        "rustc": found.rustc,
        "runtime_version": _version(runtime),
    }


def capability(runtime: str) -> Capability:
    """Whether the binary of a runtime is here."""
    name = f"rust {runtime}"
    try:
        found = binary(runtime)
    except Unavailable as error:
        return Capability(name, available=False, reason=str(error))
    return Capability(name, available=True, version=f"{_version(runtime)}, {found.rustc}")


def _version(runtime: str) -> str:
    crate = _CRATES.get(runtime, runtime)
    return f"{crate} {locked_version(crate)}"
