"""Which revision a site is built from, and how another revision is brought out of the history."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from pathlib import Path

from harness.units import counted

MADE_OF = ("data", "docs", "harness", "hooks", "mkdocs.yml", "templates")
"""What a site is made of, below the root of the project."""
_COMMIT = re.compile(r"[0-9a-f]{40}")


def revision(root: Path) -> str | None:
    """The commit (40 hex digits) that ``root`` has checked out; ``None`` outside a checkout, and where anything that
    a site is made of is changed or not committed."""
    if not (root / ".git").exists():
        return None
    commit = (_git(root, "rev-parse", "HEAD") or "").strip()
    changes = _git(root, "status", "--porcelain", "--", *MADE_OF)
    return commit if _COMMIT.fullmatch(commit) and changes == "" else None


def in_history(root: Path, commit: str) -> bool:
    """Whether ``commit`` is the one that ``root`` has checked out, or one before it. Nothing else is ever run."""
    known = _COMMIT.fullmatch(commit) and (root / ".git").exists()
    return bool(known) and _git(root, "merge-base", "--is-ancestor", commit, "HEAD") is not None


def age(root: Path, commit: str) -> str:
    """When ``commit`` was made, and how many commits have been made since, in words."""
    date = (_git(root, "show", "--no-patch", "--format=%cs", commit) or "").strip()
    since = int(_git(root, "rev-list", "--count", f"{commit}..HEAD") or 0)
    return f"of {date}, {counted(since, 'commit')} before the one here"


def extract(root: Path, commit: str, folder: Path) -> None:
    """Writes the files of ``commit`` into ``folder``. Raises ``OSError``."""
    done = subprocess.run(["git", "-C", str(root), "archive", commit], capture_output=True, check=False)
    if done.returncode:
        raise OSError(done.stderr.decode(errors="replace").strip() or "git archive failed")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")


def _git(root: Path, *arguments: str) -> str | None:
    """What git says; ``None`` where it is not there, or fails."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "--no-optional-locks", *arguments],
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout
