"""`harness studies`: what can be measured."""

from __future__ import annotations

from rich.table import Table

from ..design import Study
from ..studies import STUDIES
from . import options


def studies(as_json: options.Json = False) -> None:
    """List the declared studies with the size of each profile.

    Example: harness studies --json
    """
    declared = [STUDIES.load(name) for name in STUDIES]
    if as_json:
        options.print_json([_row(study) for study in declared])
        return
    table = Table("Study", "Question", "Factors", "Runs per profile")
    for study in declared:
        sizes = ", ".join(f"{name} {count}" for name, count in _sizes(study).items())
        table.add_row(study.id, study.question, ", ".join(f.name for f in study.factors), sizes)
    options.console().print(table)


def _row(study: Study) -> dict[str, object]:
    return {
        "id": study.id,
        "title": study.title,
        "question": study.question,
        "fingerprint": study.fingerprint(),
        "factors": {f.name: list(f.levels) for f in study.factors},
        "runs": _sizes(study),
    }


def _sizes(study: Study) -> dict[str, int]:
    """Runs by profile."""
    return {p.name: len(study.matrix(p.name).cells()) * p.runs for p in study.profiles}
