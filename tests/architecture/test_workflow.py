"""The publishing workflow asks for commands, targets and files that exist, and deploys only what was verified."""

from __future__ import annotations

import re
from typing import Any

import yaml

from harness.cli import COMMANDS as HARNESS
from hooks.cli import COMMANDS as REPORTS
from tests.support.projects import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "publish.yml"


def jobs() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
    return found


def commands() -> list[str]:
    return [step["run"] for job in jobs().values() for step in job["steps"] if "run" in step]


def test_every_command_exists() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    ours = {".venv/bin/reports": list(REPORTS), ".venv/bin/harness": list(HARNESS)}
    known = {**ours, "make": targets, "tar": ["--sort=name"]}
    for command in commands():
        program, first, *_ = command.split()
        assert first in known[program], command


def test_every_file_that_a_command_names_exists() -> None:
    named = [word for command in commands() for word in command.split() if re.search(r"/SEALED$|\.md$", word)]
    assert named
    assert all((ROOT / name).is_file() for name in named)


def test_the_site_is_verified_and_attested_before_it_is_deployed() -> None:
    steps = [step.get("run") or step["uses"] for step in jobs()["build"]["steps"]]
    words = ("make site", "verify", "attest", "pages")
    order = [next(place for place, said in enumerate(steps) if word in said) for word in words]
    assert order == sorted(order)
    assert jobs()["deploy"]["needs"] == "build"


def test_no_job_may_write_to_the_repository() -> None:
    whole: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    granted = [whole["permissions"], *(job["permissions"] for job in whole["jobs"].values())]
    assert {one.get("contents", "none") for one in granted} <= {"read", "none"}
