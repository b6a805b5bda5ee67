"""`harness studies`: what can be measured."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table
from rich.text import Text

from ..design import Study
from ..execution.block import sessions
from ..execution.block_time import profile_minutes
from ..studies import STUDIES
from ..terminal import Terminal, plain
from . import options


def studies(as_json: options.Json = False, data: options.Data = options.DATA) -> None:
    """List the declared studies: runs and minutes of each profile, and how many sessions are recorded and wanted.

    Minutes are those of the machine that recorded the newest dataset of a study; a profile of which no dataset has all
    cells has none.

    Example: harness studies --json
    """
    declared = [STUDIES.load(name) for name in STUDIES]
    if as_json:
        options.print_json([_row(study, data) for study in declared])
        return
    table = Table("Study", "Question", "Factors", "Runs of each profile", "Sessions")
    for study in declared:
        takes = profile_minutes(study, data)
        sizes = Text("\n").join(Text(plain(_size(name, n, takes[name]))) for name, n in _sizes(study).items())
        factors = ", ".join(f.name for f in study.factors)
        table.add_row(study.id, study.question, factors, sizes, _sessions(study, data))
    Terminal().print(table)


def _row(study: Study, data: Path) -> dict[str, object]:
    return {
        "id": study.id,
        "title": study.title,
        "question": study.question,
        "fingerprint": study.fingerprint(),
        "factors": {f.name: list(f.levels) for f in study.factors},
        "runs": _sizes(study),
        "minutes": profile_minutes(study, data),
        "sessions": {"recorded": len(sessions(study, data)), "wanted": study.sessions},
    }


def _sessions(study: Study, data: Path) -> str:
    """``1 of 8``; a dash where the study wants none."""
    return f"{len(sessions(study, data))} of {study.sessions}" if study.sessions else "–"


def _size(profile: str, runs: int, minutes: float | None) -> str:
    """``quick 33, 5.4 min``."""
    return f"{profile} {runs}" if minutes is None else f"{profile} {runs}, {minutes:.3g} min"


def _sizes(study: Study) -> dict[str, int]:
    """Runs by profile."""
    return {p.name: len(study.matrix(p.name).cells()) * p.runs for p in study.profiles}
