"""The binaries of the agent in Rust: built once from their source by cargo, and kept by what they were built from.

A run never builds: it takes the binaries of today's source or none. ``build`` is for what comes before a recording.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..errors import Unavailable
from ..weights.locate import cache_folder
from ..weights.made_once import made_once

CRATE = Path(__file__).with_name("rust")
BINARIES = {
    "tokio": "agent-tokio",
    "tokio-localset": "agent-tokio-localset",
    "async-std": "agent-async-std",
    "smol": "agent-smol",
    "reqwest": "agent-reqwest",
}
"""The binary of each runtime; ``reqwest`` is tokio's with another client."""

INSTALL = "install Rust from https://rustup.rs"
BUILD = "run `harness agent build`"
_FACTS = "built.json"
_LAST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Binary:
    """A binary, its digest, and what made it."""

    path: Path
    sha256: str
    rustc: str


@cache
def source_digest(crate: Path = CRATE) -> str:
    """SHA-256 (hex) over the manifest, the lock and the source of the crate, and the kind of this machine."""
    digest = hashlib.sha256(f"{platform.system()} {platform.machine()}\n".encode())
    for path in sorted([crate / "Cargo.toml", crate / "Cargo.lock", *(crate / "src").rglob("*.rs")]):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(crate).as_posix()} {len(data)}\n".encode() + data)
    return digest.hexdigest()


def place() -> Path:
    """The folder of the binaries of today's source, whether or not it is there."""
    return cache_folder() / "agents" / source_digest()[:16]


def binary(runtime: str) -> Binary:
    """The binary of a runtime. Raises ``Unavailable`` where it was not built, from another source, or is altered."""
    folder = place()
    if not (folder / _FACTS).is_file():
        other = any(folder.parent.glob(f"*/{_FACTS}"))
        why = "was built from another source than today's" if other else "is not built"
        raise Unavailable(f"the agent in Rust {why}; {BUILD if cargo() else f'{INSTALL}, then {BUILD}'}")
    path = folder / BINARIES[runtime]
    try:
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        stated, rustc = str(facts["sha256"][path.name]), str(facts["rustc"])
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError, KeyError, TypeError):
        stated, rustc, found = "", "", None
    if found != stated:
        raise Unavailable(f"{path.name} is not the binary that was built; {again(folder)}")
    return Binary(path, stated, rustc)


def again(folder: Path) -> str:
    """What to do where binaries are of no use: a folder that is there is not built again."""
    return f"delete the folder {folder}, then {BUILD}"


def cargo() -> str | None:
    """The path of cargo; ``None`` where there is none."""
    return shutil.which("cargo")


def build() -> Path:
    """The folder of the binaries, which cargo fills where nobody has. Raises ``Unavailable``."""
    if cargo() is None:
        raise Unavailable(f"the agent in Rust needs cargo; {INSTALL}")
    return made_once(place(), _build_into)


def _build_into(folder: Path) -> None:
    target = cache_folder() / "agents" / "target"
    command = ["cargo", "build", "--release", "--locked", "--features", "all", "--target-dir", str(target)]
    built = subprocess.run(command, cwd=CRATE, capture_output=True, text=True, check=False)
    if built.returncode:
        words = " ".join(built.stderr.split())[-_LAST_WORDS:]
        raise Unavailable(f"cargo could not build the agent in Rust: {words}")
    digests = {}
    for name in BINARIES.values():
        shutil.copy2(target / "release" / name, folder / name)
        digests[name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    version = subprocess.run(["rustc", "--version"], cwd=CRATE, capture_output=True, text=True, check=True)
    facts = {"rustc": version.stdout.strip(), "sha256": digests}
    (folder / _FACTS).write_text(json.dumps(facts), encoding="utf-8")


def locked_version(crate: str) -> str:
    """The version of a crate that the lock names."""
    lock = tomllib.loads((CRATE / "Cargo.lock").read_text(encoding="utf-8"))
    return next(str(package["version"]) for package in lock["package"] if package["name"] == crate)
