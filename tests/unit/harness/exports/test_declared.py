"""What nobody declared is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.exports.declared import Declared, declared
from tests.support.projects import ROOT


def written(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(text)
    return folder / "data"


def test_this_project_declares_its_licence_and_its_authors() -> None:
    found = declared(ROOT / "data")
    assert (found.licence, found.authors) == ("Apache-2.0", ("The Bindery contributors",))
    assert found.licence_url == "https://spdx.org/licenses/Apache-2.0.html"
    assert found.absent == ("address",)


def test_a_project_says_nothing_of_datasets_elsewhere(tmp_path: Path) -> None:
    written(tmp_path, '[project]\nlicense = "MIT"')
    assert declared(tmp_path / "imported") == declared(tmp_path / ".bindery" / "data") == Declared()
    assert declared(tmp_path / "data").licence == "MIT"


@pytest.mark.parametrize(
    "text", ["", "project = 3", "[project]\nlicense = 3\nauthors = 'x'\nurls = { Homepage = 'javascript:x' }"]
)
def test_what_is_no_declaration_declares_nothing(tmp_path: Path, text: str) -> None:
    assert declared(written(tmp_path, text)) == Declared()


def test_an_expression_of_several_licences_has_no_page(tmp_path: Path) -> None:
    found = declared(written(tmp_path, '[project]\nlicense = "MIT OR Apache-2.0"'))
    assert (found.licence, found.licence_id, found.licence_url) == ("MIT OR Apache-2.0", None, None)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"pyproject\.toml: it is no TOML: .* repair it"):
        declared(written(tmp_path, "x = ["))
