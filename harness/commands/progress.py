"""Progress of a matrix. It draws only between runs, so that drawing never competes with a measurement."""

from __future__ import annotations

from collections import Counter
from types import TracebackType

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from ..execution.executor import Progress as Step
from ..execution.recording_session import Session
from ..terminal import Terminal, plain


class RunProgress:
    """An ``executor.Observer``: a bar on a terminal, a line per tenth of the matrix elsewhere."""

    def __init__(self, console: Terminal, session: Session) -> None:
        self._console = console
        self._session = session
        self._counts: Counter[str] = Counter()
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[cell]}", markup=False),
            console=console,
            auto_refresh=False,
            disable=not console.is_terminal,
        )
        self._task: TaskID = self._bar.add_task(session.name, total=len(session.planned), cell="")

    def __enter__(self) -> RunProgress:
        self._bar.start()
        return self

    def __exit__(self, *_: TracebackType | type[BaseException] | BaseException | None) -> None:
        self._bar.stop()

    def __call__(self, step: Step) -> None:
        cell = ", ".join(f"{name}={value}" for name, value in step.planned.cell.levels)
        self._bar.update(self._task, completed=step.done, cell=plain(cell), refresh=True)
        if step.run is None:
            return
        self._counts[step.run.outcome.status] += 1
        if not step.run.outcome.usable:
            detail = f" {cell}: {step.run.outcome.code}: {step.run.outcome.detail}"
            self._console.print(Text("not usable", "yellow"), detail, sep="")
        if not self._console.is_terminal and self._is_tenth(step):
            self._console.print(f"{self._session.name}: {step.done} of {step.total} runs")

    @staticmethod
    def _is_tenth(step: Step) -> bool:
        return step.done * 10 // step.total != (step.done - 1) * 10 // step.total
