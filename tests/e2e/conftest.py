"""What several end-to-end tests share because it takes long to make."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from harness.cli import app
from harness.command_line import run
from harness.weights.made_once import made_once
from tests.support.several_datasets import make_project, reports


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit status, and what it printed to standard output and to standard error."""

    status: object
    out: str
    err: str


Typed = Callable[..., Ended]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Runs a `harness` command that records nothing, in a folder and in this process."""

    def typed(folder: Path, *arguments: str) -> Ended:
        with monkeypatch.context() as here:
            for name in [name for name in os.environ if name.startswith(("OPENAI_", "BINDERY_"))]:
                here.delenv(name)
            here.chdir(folder)
            here.setattr(sys, "argv", ["harness", *arguments])
            with pytest.raises(SystemExit) as ended:
                run("harness", app)
        printed = capsys.readouterr()
        return Ended(ended.value.code, printed.out, printed.err)

    return typed


@pytest.fixture(scope="session")
def several(shared: Path, site_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a report over three datasets, its claims reviewed and its site built. Read only.

    A copy of this worker: commands that run in it write to it.
    """
    made = made_once(shared / "several", partial(_make_several, store=site_store))
    return Path(shutil.copytree(made, tmp_path_factory.mktemp("several") / "project", symlinks=True))


def _make_several(folder: Path, store: Path) -> None:
    made = make_project(folder, store)
    for arguments in (("review", "tr123", "--yes"), ("build", "--out", "site")):
        done = reports(made, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
