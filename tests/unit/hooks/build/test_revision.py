"""Which revision is checked out, whether it is in the history, and how it is brought out of it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from hooks.build.revision import age, extract, in_history, revision

GIT = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run([*GIT, *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def commit(folder: Path, text: str) -> str:
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docs" / "index.md").write_text(text, encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", text)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    return tmp_path


def test_a_checkout_has_a_revision_until_what_the_site_is_made_of_changes(root: Path) -> None:
    made = commit(root, "one")
    assert revision(root) == made
    (root / "README.md").write_text("a site is not made of this", encoding="utf-8")
    assert revision(root) == made
    (root / "docs" / "new.md").write_text("not committed", encoding="utf-8")
    assert revision(root) is None


def test_outside_a_checkout_there_is_none(root: Path) -> None:
    assert revision(root) is None, "nothing is committed yet"
    commit(root, "one")
    inside = root / "docs"
    assert revision(inside) is None, "a project inside another's checkout has no revision of its own"


def test_only_what_led_to_this_revision_is_in_the_history(root: Path) -> None:
    one = commit(root, "one")
    git(root, "checkout", "--quiet", "-b", "other")
    other = commit(root, "other")
    git(root, "checkout", "--quiet", "-")
    two = commit(root, "two")
    assert [in_history(root, name) for name in (one, two, other)] == [True, True, False]
    for name in ("0" * 40, "HEAD", one[:12], "--output=x", f"{one}\n", f"{one}^{{tree}}", ""):
        assert not in_history(root, name), name
    assert age(root, one).endswith(", 1 commit before the one here")


def test_a_revision_is_brought_out_as_it_was(root: Path) -> None:
    one = commit(root, "one")
    commit(root, "two")
    extract(root, one, root / "out")
    assert (root / "out" / "docs" / "index.md").read_text(encoding="utf-8") == "one"
    with pytest.raises(OSError, match=r"\S"):
        extract(root, "0" * 40, root / "none")
