"""What both command lines are made of: commands by name, of which one is run, and errors in one line."""

from __future__ import annotations

import errno
import os
import re
import resource
import sys
from collections.abc import Callable, Iterable
from io import TextIOWrapper

import typer

from .errors import BinderyError, DataError, Interrupted, UsageError
from .registry import Registry
from .terminal import plain

_PLACES = ("BINDERY_DATA", "BINDERY_STATE")
_REMEDIES = {
    errno.EMFILE: "raise the limit (ulimit -n)",
    errno.ENFILE: "end other programs",
    errno.ENOSPC: "make room",
    errno.EDQUOT: "make room",
}
_PARSERS = re.compile(r"Value error, |, unable to parse .*")
"""What the parser of values says of itself."""

Commands = Registry[Callable[..., None]]


def command_line(commands: Commands, says: str, wanted: str | None = None) -> typer.Typer:
    """The command line with all commands, or with the one that is ``wanted``: the others are not even imported."""
    line = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=says)
    line.callback()(lambda: None)
    for name in [wanted] if wanted is not None and wanted in commands else commands:
        line.command(name)(commands.load(name))
    return line


def run(name: str, app: Callable[[str | None], typer.Typer]) -> None:
    """Runs the command that was typed, or shows the help where none was. A deliberate error is one line on stderr and
    its own exit status.

    So is what nobody may type, and what the machine refuses: a file, an open file more, memory, a full disk behind the
    output.
    """
    typed = sys.argv[1:] or ["--help"]
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            _require_unicode([*typed, *(os.environ.get(name, "") for name in _PLACES)])
            status = app(typed[0])(typed, prog_name=name, standalone_mode=False)
        finally:
            sys.stdout.flush()
    except BinderyError as error:
        _end(name, error, typed)
    except typer.TyperException as error:
        _end(name, _mistyped(name, typed[0], error))
    except (KeyboardInterrupt, typer.Abort):
        _end(name, Interrupted("stopped before it began"))
    except OSError as error:
        where = f"{error.filename}: " if error.filename is not None else ""
        todo = _REMEDIES.get(error.errno or 0, "name another place, or see to this one")
        _end(name, DataError(f"{where}{error.strerror or error}; {todo}, and run the same command again"))
    except Exception as error:
        if not _lacks_memory(error):
            raise
        _end(name, DataError("there is not enough memory; raise the limit (ulimit -v), or end other programs"))
    else:
        sys.exit(status)


def _mistyped(name: str, typed: str, error: typer.TyperException) -> UsageError:
    """An argument that is missing, unknown or not of its kind, and the command whose help says which there are."""
    said = _PARSERS.sub("", " ".join(error.format_message().split()).rstrip(".")).replace(". Did", "; did")
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else name if typed.startswith("-") else f"{name} {typed}"
    joined = " see" if said.endswith("?") else "; see"
    return UsageError(f"{said[:1].lower()}{said[1:]}{joined} '{command} --help'")


def _require_unicode(arguments: list[str]) -> None:
    """Raises ``UsageError`` for a name that no text can hold: it could be neither recorded nor shown."""
    for argument in arguments:
        if any("\udc80" <= char <= "\udcff" for char in argument):
            raise UsageError(f"{argument!r} is not UTF-8; use another name")


def _lacks_memory(error: Exception) -> bool:
    """Whether it is for want of memory, which libraries say in many ways."""
    limited = resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
    return isinstance(error, MemoryError) or limited


def _end(name: str, error: BinderyError, typed: Iterable[str] = ()) -> None:
    """Says it, in one line or in those that it has, and ends; what waits for a broken output is dropped.

    A line break of what was ``typed`` is shown as its escape.
    """
    said = str(error)
    for argument in typed:
        said = said.replace(argument, plain(argument)) if "\n" in argument else said
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    typer.echo(f"{name}: " + "\n".join(map(plain, said.split("\n"))), err=True)
    sys.exit(error.exit_code)
