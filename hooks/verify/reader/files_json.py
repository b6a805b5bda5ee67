"""What a site's ``files.json`` says: the hashes of its files, the revision that it was built from, and the tools."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from harness.canonical_json import canonical_json, sha256

from .plain_files import is_plain

LIST = "files.json"


@dataclass(frozen=True, slots=True)
class Listed:
    """``hashes`` are SHA-256 (hex) by path; ``revision`` is null for a site that names none. ``intact`` is false where
    a byte of the list is not the one that was written."""

    hashes: Mapping[str, str]
    revision: str | None
    tools: Mapping[str, str]
    intact: bool

    def other_tools(self) -> list[str]:
        """The tools whose versions here are not those that the site was made with, in words."""
        here = {name: _version(name) for name in self.tools}
        return [
            f"{name} {said} (here {here[name] or 'none'})" for name, said in self.tools.items() if said != here[name]
        ]


def listed(root: Path) -> Listed | None:
    """The list of the site below ``root``; ``None`` where it is absent or cannot be read."""
    try:
        data = (root / LIST).read_bytes() if is_plain(root / LIST) else b"null"
        found: Any = json.loads(data)
        revision = found.get("revision")
        return Listed(
            {str(name): str(digest) for name, digest in found["files"].items()},
            revision if isinstance(revision, str) else None,
            {str(name): str(said) for name, said in found.get("made_with", {}).items() if said is not None},
            _is_intact(data, found),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _is_intact(data: bytes, found: dict[str, Any]) -> bool:
    said = {name: value for name, value in found.items() if name != "sha256"}
    return found.get("sha256") == sha256(said) and data == canonical_json(found) + b"\n"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except (PackageNotFoundError, ValueError):
        return None
