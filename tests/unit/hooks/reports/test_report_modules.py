"""A report module chooses; recipes assemble. One that names what is not there breaks its own page alone."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from harness.errors import UsageError
from harness.studies import STUDIES
from hooks.analysis.measurements import Measurements
from hooks.project import Project
from hooks.recipes.module_errors import located
from hooks.recipes.report_builder import Draft
from tests.support.projects import ROOT, with_code

MODULES = sorted(path for path in (ROOT / "hooks" / "reports").glob("*.py") if path.name != "__init__.py")
ASSEMBLED = {"Table", "Column", "Figure", "Point", "Axes", "intervals", "judged"}
RENDER = """
import json, sys
from pathlib import Path
from hooks.build.builder import Builder
from hooks.project import Project

made = Builder(Project.at(Path(sys.argv[1]), Path(sys.argv[2]))).render()
print(json.dumps({"broken": [[one.path, str(one.error)] for one in made.broken], "pages": list(made.pages)}))
"""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.stem))
def test_a_report_module_is_short_and_assembles_no_table(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 120
    imported = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    assert not ASSEMBLED & {alias.name for node in imported for alias in node.names}


def rendered(root: Path, data: Path) -> dict[str, Any]:
    """What a process of its own renders with the code in ``root``: broken pages with their errors, and the others."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-c", RENDER, str(root), str(data)],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=1500,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


MISTAKES = {
    "metric": (
        'metric("server_decode_tps", "decode, engine")',
        'metric("decode")',
        "unknown metric 'decode'; choose one of: ",
    ),
    "level": ('draft.data.levels("threads")[-1]', '"64"', "unknown level of 'threads': '\"64\"'"),
    "headline": (
        "draft.headline(*(name",
        'draft.headline("x"); max("x", *(name',
        "the headline is a claim that is not made: 'x'",
    ),
}


def mistaken(module: Path, right: str, wrong: str) -> int:
    """Writes a mistake into a module, and says in which line it stands."""
    source = module.read_text(encoding="utf-8")
    assert source.count(right) == 1
    module.write_text(source.replace(right, wrong), encoding="utf-8")
    return source[: source.index(right)].count("\n") + 1


def test_a_mistake_of_a_report_module_is_on_its_page_alone(project: Project) -> None:
    right, wrong, message = MISTAKES["metric"]
    line = mistaken(with_code(project.root) / "hooks" / "reports" / "tr108.py", right, wrong)
    found = rendered(project.root, project.data)
    ((path, error),) = found["broken"]
    assert path == "reports/tr108.md"
    assert error.startswith(f"hooks/reports/tr108.py:{line}: {message}")
    assert "\n" not in error
    assert "reports/tr108.md" not in found["pages"]
    assert {"index.md", "hardware.md", "instrument.md", "replication.md"} <= set(found["pages"])


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_of_a_report_module_is_one_line(tmp_path: Path, measured: Measurements, mistake: str) -> None:
    right, wrong, message = MISTAKES[mistake]
    module = Path(shutil.copy(ROOT / "hooks" / "reports" / "tr108.py", tmp_path))
    line = mistaken(module, right, wrong)
    spec = spec_from_file_location("hooks.reports.mistaken", module)
    assert spec is not None
    assert spec.loader is not None
    loaded = module_from_spec(spec)
    spec.loader.exec_module(loaded)

    def computed() -> None:
        with located(module):
            draft = Draft(measured, STUDIES.load("tr108"))
            loaded.compute(draft)
            draft.content()

    with pytest.raises(UsageError) as raised:
        computed()
    assert str(raised.value).startswith(f"tr108.py:{line}: {message}")
    assert "\n" not in str(raised.value)
