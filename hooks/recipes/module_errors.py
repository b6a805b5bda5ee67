"""Errors of a report module name its file and the line that was running."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb, walk_stack, walk_tb
from types import TracebackType

from harness.errors import BinderyError, NoPython, UnknownName, UsageError

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
    """Errors raised while the report module ``file`` is imported or computes are one line that begins with its file
    and line. One that nobody raised on purpose is a ``UsageError``, which also says where else it was raised."""
    try:
        yield
    except SyntaxError as error:
        raise NoPython.of(error) from error
    except BinderyError as error:
        line = error.line if isinstance(error, NotMade) else _line(error.__traceback__, file)
        kind = UsageError if isinstance(error, UnknownName | NotMade) else type(error)
        raise kind(f"{_place(file, line)}: {_words(error)}") from error
    except Exception as error:
        raised = extract_tb(error.__traceback__)[-1]
        own = raised.filename == str(file) or raised.filename.startswith("<")
        source = "" if own else f" (raised in {_place(Path(raised.filename), raised.lineno)})"
        where = _place(file, _line(error.__traceback__, file))
        raise UsageError(f"{where}: {type(error).__name__}: {_words(error)}{source}") from error


def _place(file: Path, line: int | None) -> str:
    shown = file.relative_to(_ROOT) if file.is_relative_to(_ROOT) else Path(file.name)
    return f"{shown.as_posix()}:{line}" if line else shown.as_posix()


def _words(error: Exception) -> str:
    return " ".join(str(error).split())


def _line(trace: TracebackType | None, file: Path) -> int | None:
    """The last line of ``file`` that the traceback went through."""
    lines = [line for frame, line in walk_tb(trace) if Path(frame.f_code.co_filename) == file]
    return lines[-1] if lines else None
