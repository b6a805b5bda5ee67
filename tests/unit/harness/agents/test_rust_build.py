"""The binaries of the agent in Rust are those of today's source, or it is said what to do."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from harness.agents.programs import AGENTS
from harness.agents.rust_build import CRATE, binary, build, place, source_digest
from harness.design.settings import AgentSettings
from harness.errors import Unavailable
from harness.outcomes import Code, Status
from harness.protocols import EngineFailed


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache without anything in it."""
    monkeypatch.setenv("BINDERY_CACHE", str(tmp_path))
    return tmp_path


def test_a_missing_binary_says_how_to_build_it(empty: Path) -> None:
    with pytest.raises(Unavailable, match=r"is not built; .*harness agent build"):
        binary("smol")
    with pytest.raises(EngineFailed) as caught:
        AGENTS.load("rust")(AgentSettings("a", "rust", "analyst", "", "smol"))
    assert (caught.value.outcome.status, caught.value.outcome.code) == (Status.UNSUPPORTED, Code.AGENT_MISSING)


def test_a_binary_of_another_source_is_not_taken(empty: Path) -> None:
    older = empty / "agents" / "0123456789abcdef"
    older.mkdir(parents=True)
    (older / "built.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Unavailable, match="built from another source than today's"):
        binary("tokio")


def built(content: bytes = b"program") -> Path:
    """The folder of today's source with one binary, and what was said of it when it was built."""
    place().mkdir(parents=True)
    (place() / "agent-smol").write_bytes(content)
    facts = {"rustc": "rustc 1.95.0", "sha256": {"agent-smol": hashlib.sha256(b"program").hexdigest()}}
    (place() / "built.json").write_text(json.dumps(facts), encoding="utf-8")
    return place()


@pytest.mark.usefixtures("empty")
def test_a_binary_is_taken_with_what_made_it() -> None:
    folder, found = built(), binary("smol")
    assert (found.path, found.rustc) == (folder / "agent-smol", "rustc 1.95.0")
    assert found.sha256 == hashlib.sha256(b"program").hexdigest()


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    ("name", "content"),
    [("agent-smol", b"prog"), ("agent-smol", None), ("built.json", b"{"), ("built.json", b"{}"), ("built.json", b"[]"),
     ("built.json", b"\xff")],
)  # fmt: skip
def test_a_binary_that_was_altered_is_not_taken(name: str, content: bytes | None) -> None:
    path = built() / name
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(Unavailable, match="agent-smol is not the binary that was built; delete the folder"):
        binary("smol")


@pytest.mark.usefixtures("empty")
def test_a_binary_that_does_not_run_here_says_what_makes_it_be_built_again() -> None:
    """It is what was built, but not for this machine; ``harness agent build`` alone would find it there."""
    folder = built()
    with pytest.raises(EngineFailed) as caught:
        asyncio.run(AGENTS.load("rust")(AgentSettings("a", "rust", "analyst", "", "smol")).start())
    assert (caught.value.outcome.status, caught.value.outcome.code) == (Status.UNSUPPORTED, Code.AGENT_MISSING)
    assert caught.value.outcome.detail == (
        f"the agent in Rust on smol does not run here: Permission denied; "
        f"delete the folder {folder}, then run `harness agent build`"
    )


def test_without_cargo_it_says_where_to_get_it(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(empty))
    with pytest.raises(Unavailable, match=r"needs cargo; install Rust from https://rustup\.rs"):
        build()
    with pytest.raises(Unavailable, match=r"install Rust from https://rustup\.rs, then run"):
        binary("smol")


def test_the_digest_changes_with_the_source_and_with_nothing_else(tmp_path: Path) -> None:
    crate = tmp_path / "rust"
    shutil.copytree(CRATE, crate, ignore=shutil.ignore_patterns("target"))
    assert source_digest(crate) == source_digest()
    (crate / "notes.txt").write_text("unrelated", encoding="utf-8")
    source_digest.cache_clear()
    assert source_digest(crate) == source_digest()
    (crate / "src" / "net.rs").write_text("// another", encoding="utf-8")
    source_digest.cache_clear()
    assert source_digest(crate) != source_digest()


def test_a_build_that_fails_says_why_and_leaves_nothing(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = empty / "tools"
    tools.mkdir()
    (tools / "cargo").write_text("#!/bin/sh\necho 'error: no such crate' >&2\nexit 101\n", encoding="utf-8")
    (tools / "cargo").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    with pytest.raises(Unavailable, match="could not build the agent in Rust: error: no such crate"):
        build()
    assert not place().exists()
