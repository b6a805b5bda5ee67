"""Errors of a report module name its file and the line that was running."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import walk_stack, walk_tb
from types import TracebackType

from harness.errors import BinderyError, UnknownName, UsageError

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]


class NotMade(UsageError):
    """A report names a claim that it does not make. ``line`` is where it names it."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def calling_line() -> int:
    """The line outside this folder that called into it."""
    return next(line for frame, line in walk_stack(None) if Path(frame.f_code.co_filename).parent != _HERE)


@contextmanager
def located(file: Path) -> Iterator[None]:
    """Errors raised while the report module ``file`` computes are one line that begins with its file and line."""
    try:
        yield
    except BinderyError as error:
        line = error.line if isinstance(error, NotMade) else _line(error.__traceback__, file)
        shown = file.relative_to(_ROOT) if file.is_relative_to(_ROOT) else Path(file.name)
        where = f"{shown.as_posix()}:{line}" if line else shown.as_posix()
        kind = UsageError if isinstance(error, UnknownName | NotMade) else type(error)
        raise kind(f"{where}: {' '.join(str(error).split())}") from error


def _line(trace: TracebackType | None, file: Path) -> int | None:
    """The last line of ``file`` that the traceback went through."""
    lines = [line for frame, line in walk_tb(trace) if Path(frame.f_code.co_filename) == file]
    return lines[-1] if lines else None
