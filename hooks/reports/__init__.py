"""One module per report: ``compute(data)`` turns its sealed dataset into findings, claims, figures and tables.

A dataset that nobody wrote a module for is shown by ``any_dataset.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import UsageError

from ..recipes.module_errors import located

if TYPE_CHECKING:
    from ..recipes.report_builder import Draft

Compute = Callable[["Draft"], None]


ANY = "any_dataset"
"""The module of a dataset that has none of its own."""


def module_name(report: str) -> str:
    """The module of a report's id: ``tr117-agents`` is ``hooks.reports.tr117_agents``."""
    return f"{__name__}.{report.replace('-', '_')}"


def computing(report: str) -> str:
    """The module that computes a report: its own where somebody wrote one, else that of any dataset."""
    own = module_name(report)
    return own if find_spec(own) else f"{__name__}.{ANY}"


def compute(report: str) -> Compute:
    """The computation of a report. Raises ``UsageError`` with file and line where its module is missing, cannot be
    imported or lacks ``compute``."""
    name = computing(report)
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise UsageError(f"report {report!r} has no computation; write {name.replace('.', '/')}.py with compute(draft)")
    with located(Path(spec.origin)):
        found = getattr(import_module(name), "compute", None)
    if not callable(found):
        raise UsageError(f"{name.replace('.', '/')}.py:1: it has no function compute(draft)")
    result: Compute = found
    return result
