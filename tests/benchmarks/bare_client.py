"""The client in C as a command: compiled where there is a compiler, and what it is sent."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_suffix(".c")
ABSENT = "the client in C: not in this run; install a C compiler (cc)"


def compiled(folder: Path) -> Path | None:
    """The program, made in ``folder``; ``None`` without a compiler. Raises ``CalledProcessError``."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    program = folder / "bare_client"
    subprocess.run([compiler, "-O2", "-Wall", "-Werror", "-o", str(program), str(SOURCE)], check=True)
    return program


def job_lines(job: Mapping[str, Any]) -> str:
    """The job of ``streaming_clients`` as the program reads it."""
    first = [job["host"], job["port"], job["stagger_ns"], job["lead_ns"], *job["processors"]]
    return "\n".join([" ".join(map(str, first)), *job["paths"], ""])
