"""The transcript in the guide to measuring a server, and the one in the README, are what the command says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from harness.commands.bench import PROMPTS_OF_A_STREAM, sizes

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = ("docs/guides/server.md", "README.md")
_NUMBER = re.compile(r"[+-]?\d[\d,.]*(?:e[+-]?\d+)?%?|–")


def shape(line: str) -> str:
    """A line without its numbers, intervals, digests and borders: what stays the same from run to run."""
    line = re.sub(r"[━─═╇╈┼┳┻┬┴┏┓┗┛┡┩└┘├┤]+", "", line)
    line = re.sub(r"sha256 [0-9a-f]+", "sha256 #", line)
    line = re.sub(r"bench-[\w-]+", "bench-NAME", line)
    line = _NUMBER.sub("#", re.sub(r"\[[^\]]*\]", "", line))
    return " ".join(line.split())


def transcript(name: str) -> tuple[list[str], list[str]]:
    """The first `harness bench` in a document with its arguments, and what stands below it."""
    text = (ROOT / name).read_text(encoding="utf-8")
    block = next(block for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL) if "answers (" in block)
    command, *said = block.splitlines()
    assert command.startswith("$ harness bench ")
    return command.removeprefix("$ harness ").split(), said


@pytest.mark.engine
@pytest.mark.usefixtures("one_processor")
def test_the_transcripts_have_the_shape_of_what_the_command_prints(tmp_path: Path) -> None:
    (arguments, guide), (same, readme) = map(transcript, WRITTEN)
    assert arguments == same, "both documents run one command, so that it is tried once"
    done = subprocess.run(
        [sys.executable, "-m", "harness", *arguments, "--runs", "1"],
        cwd=tmp_path,
        env={**_environment(), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=1500,
    )
    assert done.returncode == 0, done.stderr
    printed = {shape(line) for line in done.stdout.splitlines()}
    optional = ("The calibration vouches", "No interval where", "calibration-short", "bench-NAME: #")
    said = [*guide, *readme]
    lacking = [line for line in said if shape(line) not in printed and not shape(line).startswith(optional)]
    assert lacking == []


def test_the_numbers_of_the_readme_are_those_of_the_guide() -> None:
    """One recording stands in both, so that it cannot be renewed in one alone."""
    rows = [[line for line in transcript(name)[1] if line.startswith("│")] for name in WRITTEN]
    assert rows[0] == rows[1] != []


@pytest.mark.parametrize(("item", "quick"), [("with the usual sizes", False), ("with `--quick`", True)])
def test_the_minutes_in_the_guide_are_those_of_the_sizes(item: str, quick: bool) -> None:
    """A run takes two seconds, and on each stream a cold request, those that warm up and the prompts."""
    chosen = sizes({}, quick=quick)
    answers = 1 + chosen["warmup"] + (chosen["num_prompts"] or PROMPTS_OF_A_STREAM)
    minutes = [f"{chosen['runs'] * (2 + answers * each_s) / 60:.1f}" for each_s in (1, 5, 20)]
    guide = (ROOT / WRITTEN[0]).read_text(encoding="utf-8")
    said = guide[guide.index(f"- {item}") :].partition("minutes")[0]
    assert re.findall(r"<lit definition>([0-9.]+)</lit>", said) == [str(chosen["runs"]), str(answers), *minutes]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "BINDERY_"))}
