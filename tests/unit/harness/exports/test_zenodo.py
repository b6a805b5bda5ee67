"""A folder for Zenodo: flat, complete, provable, and safe to show."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from harness.datasets.catalog import find
from harness.datasets.read import Dataset
from harness.exports import zenodo
from harness.exports.formats import Format, export
from harness.exports.sealed_dataset import SealedDataset
from harness.recorder.unpack import unpack
from tests.unit.harness.exports.conftest import HOSTILE


@pytest.fixture(scope="module")
def folder(two_sessions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("zenodo") / "out"
    export(two_sessions, find(two_sessions, "tr108"), target, Format.ZENODO)
    return target


def test_every_file_lies_side_by_side_and_the_readme_names_it(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert all(path.is_file() for path in folder.iterdir())
    told = set(re.findall(r"^\| `([^`]+)` \|", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert names == told | {"README.md"}


def test_the_pack_arrives_as_the_same_dataset(folder: Path, hostile: SealedDataset, tmp_path: Path) -> None:
    unpack(folder / zenodo.pack_name(hostile), tmp_path / "data")
    assert Dataset.open(tmp_path / "data" / "tr108" / "v1").digest == hostile.dataset.digest


def test_the_metadata_say_what_the_project_declares(folder: Path) -> None:
    said = json.loads((folder / zenodo.METADATA).read_bytes())
    assert (said["upload_type"], said["version"], said["license"]) == ("dataset", "v1", "apache-2.0")
    assert said["creators"] == [{"name": "A & <b>B</b>"}]
    assert said["related_identifiers"][0]["identifier"] == "https://h.invalid/x"
    assert {tag.name for tag in BeautifulSoup(said["description"], "lxml").find_all()} == {"html", "body", "p"}
    assert html.escape("x</script>") in said["description"]


def test_what_nobody_declared_is_left_out(two_sessions: Path, hostile: SealedDataset) -> None:
    undeclared = SealedDataset.open(two_sessions.parent, find(two_sessions, "tr108"))
    assert {"creators", "license", "related_identifiers"} == set(zenodo.metadata(hostile)) - set(
        zenodo.metadata(undeclared)
    )
    assert "author" not in "\n".join(undeclared.citation)


def test_nothing_in_the_readme_is_obeyed(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    page = BeautifulSoup(MarkdownIt("gfm-like", {"linkify": False}).render(text), "lxml")
    assert not page.find_all(["img", "a", "script", "b", "i", "em", "del"])
    assert page.h1 is not None
    assert page.h1.text == "tr108/v1: " + HOSTILE.replace("\u202e", "\\u202e").rstrip()
    assert "\u202e" not in text
