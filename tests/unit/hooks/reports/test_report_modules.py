"""A report module chooses; recipes assemble. One that names what is not there breaks its own page alone."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hooks.project import Project
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


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (
            'metric("server_decode_tps", "decode, engine")',
            'metric("decode")',
            "unknown metric 'decode'; choose one of: ",
        ),
        ('draft.data.levels("threads")[-1]', '"64"', "unknown level of 'threads': '\"64\"'"),
        (
            "draft.headline(*(name",
            'draft.headline("x"); max("x", *(name',
            "the headline is a claim that is not made: 'x'",
        ),
    ],
)
def test_a_mistake_of_a_report_module_is_one_line_on_its_page_alone(
    project: Project, right: str, wrong: str, message: str
) -> None:
    module = with_code(project.root) / "hooks" / "reports" / "tr108.py"
    source = module.read_text(encoding="utf-8")
    assert source.count(right) == 1
    module.write_text(source.replace(right, wrong), encoding="utf-8")
    line = source[: source.index(right)].count("\n") + 1
    found = rendered(project.root, project.data)
    ((path, error),) = found["broken"]
    assert path == "reports/tr108.md"
    assert error.startswith(f"hooks/reports/tr108.py:{line}: {message}")
    assert "\n" not in error
    assert "reports/tr108.md" not in found["pages"]
    assert {"index.md", "hardware.md", "instrument.md", "replication.md"} <= set(found["pages"])
