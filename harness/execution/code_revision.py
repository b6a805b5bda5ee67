"""Which revision of the code is running."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .. import __version__
from ..datasets.manifest import Code

ROOT = Path(__file__).resolve().parents[2]


def revision() -> Code:
    """The git revision and whether ``harness/`` has uncommitted changes; nulls outside a checkout."""
    commit = _git("rev-parse", "HEAD")
    if commit is None:
        return Code(revision=None, dirty=None, version=__version__)
    changes = _git("status", "--porcelain", "--", "harness", "locks", "pyproject.toml")
    return Code(revision=commit, dirty=None if changes is None else bool(changes), version=__version__)


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
