"""The site that this project builds, made anew beside the one that is verified: by MkDocs in a process of its own.

Nothing is taken from the project's cache unless the caller trusts it: whoever can write there can make a build, and a
rebuild from the same cache, say anything.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.errors import DataError, UsageError

from ..project import PACKAGE, Project
from .revision import age, extract, in_history, revision

SAID = "mkdocs.txt"


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A build under way. ``note`` says in words what it is made of."""

    note: str
    _site: Path
    _said: Path
    _process: subprocess.Popen[bytes]

    def finished(self) -> Path:
        """The folder of the built site. Raises ``UsageError`` with MkDocs' words where the project does not build."""
        if self._process.wait():
            said = self._said.read_text(encoding="utf-8", errors="replace")
            last = " ".join(line.strip() for line in said.splitlines()[-3:]) or "it says nothing"
            raise UsageError(f"the site cannot be compared with a rebuild, for this project does not build: {last}")
        return self._site


@contextmanager
def rebuilding(project: Project, named: str | None, *, trusted: bool = False) -> Iterator[Rebuild]:
    """Builds the revision ``named`` where the history here has it, else what is here.

    ``trusted`` takes what is expensive from the project's cache. Raises ``DataError`` where there is no room.
    """
    with tempfile.TemporaryDirectory(prefix="bindery-rebuild-") as scratch:
        folder = Path(scratch)
        try:
            root, note = _source(project.root, named, folder / "project")
        except OSError as error:
            raise DataError(f"cannot bring out the revision {named}: {error}") from error
        begun = _begin(project, root, folder, named if root != project.root else None, trusted)
        try:
            yield Rebuild(note, folder / "site", folder / SAID, begun)
        finally:
            begun.kill()
            begun.wait()


def _source(root: Path, named: str | None, folder: Path) -> tuple[Path, str]:
    """The folder to build from, and what that is in words."""
    if named is None:
        return root, "The site names no revision; it is compared with a build of what is here."
    here = revision(root)
    if here == named:
        return root, f"The site was built from the revision that is here, {named[:12]}."
    if not in_history(root, named):
        what = f"The site names the revision {named[:12]}, which the history here does not have"
        return root, f"{what}; it is compared with a build of what is here, and all that changed since differs."
    extract(root, named, folder)
    if here is None and age(root, named).endswith(", 0 commits before the one here"):
        return folder, f"The site was built from the revision {named[:12]}, without the changes that are here."
    return (
        folder,
        f"The site was built from an older revision, {named[:12]} {age(root, named)}, and is compared with that.",
    )


def _begin(project: Project, root: Path, folder: Path, named: str | None, trusted: bool) -> subprocess.Popen[bytes]:
    code = PACKAGE.parent if root == project.root else root
    data = root / "data" if project.committed else project.data
    environment = {
        **os.environ,
        "BINDERY_DATA": str(data),
        "BINDERY_CACHE": str(project.cache if trusted else folder / "cache"),
        "BINDERY_REVISION": named or "",
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(code), os.environ.get("PYTHONPATH")])),
    }
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder / "site")]
    with (folder / SAID).open("wb") as said:
        return subprocess.Popen(command, cwd=root, env=environment, stdout=said, stderr=subprocess.STDOUT)
