"""The `reports` command as a person types it: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hooks.cli import COMMANDS, app
from tests.support.projects import copy_project, record

MODULE = "import sys; from hooks.cli import main; sys.argv[0] = 'reports'; main()"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, site_store: Path) -> Path:
    """A project with a synthetic recording of this machine. Tests may add to it."""
    folder = tmp_path_factory.mktemp("commands")
    record(folder / "local")
    return copy_project(folder / "project", site_store)


def reports(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BINDERY_DATA": str(project.parent / "local"), "COLUMNS": "200"}
    command = [sys.executable, "-c", MODULE, *arguments]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(name: str) -> None:
    (command,) = app(name).registered_commands
    assert command.callback is not None
    assert f"Example: reports {name}" in (command.callback.__doc__ or "")


def test_the_module_of_the_command_line_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hooks.cli", "verify", "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "reports verify" in done.stdout


def test_build_says_where_the_site_is(project: Path) -> None:
    before = sorted((project / "docs").rglob("*"))
    done = reports(project, "build")
    assert done.returncode == 0, done.stderr
    assert sorted((project / "docs").rglob("*")) == before, "nothing is written inside docs/"
    assert done.stdout.strip().endswith("site/index.html")
    built = project / "site"
    assert "TR108" in (built / "reports" / "tr108.html").read_text(encoding="utf-8")
    assert json.loads((built / "files.json").read_bytes())["files"]


def test_a_download_that_cannot_be_made_fails_the_build(project: Path, tmp_path: Path) -> None:
    """The store cannot keep it, neither for the process that makes it ahead nor for the build itself."""
    broken = Path(shutil.copytree(project.parent, tmp_path / "copy", symlinks=True)) / "project"
    shutil.rmtree(broken / "site", ignore_errors=True)
    store = broken / ".cache" / "pages"
    kinds = sorted(store.resolve().iterdir())
    store.unlink()
    store.mkdir()
    for kind in kinds:
        if kind.name != "csv":
            (store / kind.name).symlink_to(kind)
    (store / "csv").write_text("no folder", encoding="utf-8")
    done = reports(broken, "build")
    assert done.returncode != 0
    assert "a file that a page leads to cannot be made" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (broken / "site" / "files.json").exists()


def test_a_data_folder_that_is_not_there_is_refused(project: Path) -> None:
    done = reports(project, "build", "--data", "absent")
    assert done.returncode == 2
    assert done.stderr.strip() == (
        "reports: there is no data folder absent; record one: harness run tr108 --seal --data absent"
    )


@pytest.fixture(scope="module")
def materialised(project: Path) -> Path:
    """What `materialise` wrote."""
    out = project.parent / "out"
    done = reports(project, "materialise", str(out))
    assert done.returncode == 0, done.stderr
    return out


def test_materialise_writes_markdown_that_needs_no_hook(project: Path, materialised: Path) -> None:
    page = (materialised / "reports" / "tr108.md").read_text(encoding="utf-8")
    assert "{{" not in page
    assert "{%" not in page
    assert (materialised / "reports" / "tr108" / "values.json").is_file()
    assert (materialised / "data" / "tr108" / "v1" / "runs.csv").is_file()
    again = reports(project, "materialise", str(materialised))
    assert again.returncode == 2
    assert again.stderr.startswith("reports: ")
    assert "is not empty" in again.stderr
    inside = reports(project, "materialise", str(project / "docs" / "out"))
    assert (inside.returncode, "choose a folder outside" in inside.stderr) == (2, True)


def test_value_computes_a_number_again(project: Path, materialised: Path) -> None:
    stated = json.loads((materialised / "contradictions" / "values.json").read_bytes())["values"]
    key = next(key for key, value in stated.items() if value["parents"])
    done = reports(project, "value", key, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["agrees"] is True
    assert answer["now"]["number"] == stated[key]["number"]
    assert stated[key]["text"] in reports(project, "value", key.rpartition("-")[2]).stdout


def test_an_unknown_value_is_a_one_line_error_with_names(project: Path) -> None:
    done = reports(project, "value", "nothing-like-it")
    assert done.returncode == 2
    assert done.stderr.startswith("reports: unknown value 'nothing-like-it'; choose one of: ")
    assert done.stderr.count("\n") == 1


def test_all_errors_of_all_pages_are_reported_together(project: Path) -> None:
    prose = project / "docs" / "reports" / "tr108.md"
    kept = prose.read_text(encoding="utf-8")
    (project / "docs" / "reports" / "tr109.md").write_text("no front matter", encoding="utf-8")
    prose.write_text(kept.replace('{{ show("arms") }}', "{{ v.gone }}"), encoding="utf-8")
    try:
        done = reports(project, "build")
    finally:
        prose.write_text(kept, encoding="utf-8")
        (project / "docs" / "reports" / "tr109.md").unlink()
    assert done.returncode == 2
    assert "tr108.md:" in done.stderr
    assert "no finding 'gone'" in done.stderr
    assert "tr109.md: no front matter" in done.stderr
    assert "Traceback" not in done.stderr
