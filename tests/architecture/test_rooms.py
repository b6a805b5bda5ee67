"""The map of the rooms in CONTRIBUTING.md is the tree, and no room is a drawer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAP = CONTRIBUTING.partition("## Map of the rooms")[2].partition("\n## ")[0]
MOST, ROOT_OF_HOOKS = 22, 6


def modules(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.py") if path.name != "__init__.py"]


def rooms() -> Iterator[str]:
    for package in ("harness", "hooks"):
        for folder in sorted((ROOT / package).iterdir()):
            if (folder / "__init__.py").is_file():
                yield f"{package}/{folder.name}"


def test_the_map_names_every_room_and_no_other() -> None:
    assert sorted(re.findall(r"^\| `([a-z_/]+)` \|", MAP, re.MULTILINE)) == sorted(rooms())


def test_the_map_is_in_the_order_in_which_rooms_import() -> None:
    contracts = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    layers = re.findall(r"^layers = \[\n(.*?)^\]", contracts, re.MULTILINE | re.DOTALL)
    for package, found in zip(("harness", "hooks"), layers, strict=False):
        order = {name: place for place, line in enumerate(found.splitlines()) for name in re.findall(r"\w+", line)}
        shown = [name for name in re.findall(rf"^\| `{package}/(\w+)` \|", MAP, re.MULTILINE) if name in order]
        assert [order[name] for name in shown] == sorted(order[name] for name in shown)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(\w+/\w+\.py)`", MAP))))
def test_every_file_of_the_walks_exists(path: str) -> None:
    assert any((ROOT / package / path).is_file() for package in ("harness", "hooks", "hooks/verify"))


def test_the_folders_inside_rooms_that_the_map_names_exist() -> None:
    for room, inside in re.findall(r"^\| `([a-z_/]+)` \|.*?`(\w+)/`", MAP, re.MULTILINE):
        assert (ROOT / room / inside).is_dir(), f"{room}/{inside}"


def test_every_folder_of_tests_is_collected(pytestconfig: pytest.Config) -> None:
    """A room may be called as one of the folders that pytest passes over, such as ``build``."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    passed_over = pytestconfig.getini("norecursedirs")
    parts = {part for folder in folders for part in folder.relative_to(ROOT).parts}
    assert not [part for part in parts if any(fnmatch(part, pattern) for pattern in passed_over)]


def test_no_room_is_a_drawer() -> None:
    folders = [path.parent for package in ("harness", "hooks") for path in (ROOT / package).rglob("__init__.py")]
    drawers = [folder for folder in folders if len(modules(folder)) > MOST]
    assert not drawers
    assert len(list((ROOT / "hooks").glob("*.py"))) <= ROOT_OF_HOOKS
