"""`reports bind`: numbers in any Markdown file, kept equal to their datasets."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from harness.errors import DataError
from harness.units import counted

from . import options

Files = Annotated[list[Path], typer.Argument(help="Markdown files with <!-- bind: … --> markers.")]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; fail where a file says something else.")]


def bind(files: Files, check: Check = False, data: options.Data = options.DATA) -> None:
    """Write into each marker what its dataset gives, or with --check fail where a file says something else.

    Example: reports bind README.md --check
    """
    from ..binding.answers import Answers
    from ..binding.bound import bound

    answers = Answers(options.project(data))
    found = [bound(path, answers) for path in files]
    written = [] if check else [one for one in found if one.stale]
    for one in written:
        _demand_writable(one.path)
    for one in found:
        for stale in one.stale:
            options.echo(f"{stale.place}: {stale.says.strip()!r} → {stale.gives!r}")
    for one in written:
        _replace(one.path.resolve(), one.text)
    changed, number = sum(len(one.stale) for one in found), sum(one.number for one in found)
    if changed and check:
        raise DataError(f"{changed} of {counted(number, 'marked text')} differ from their datasets; run reports bind")
    said = f"{changed} written anew" if changed else "all as their datasets give them"
    options.echo(f"{counted(number, 'marked text')}: {said}")


def _demand_writable(path: Path) -> None:
    if not path.stat().st_mode & 0o222:
        raise DataError(f"{path} may only be read; make it writable first")


def _replace(path: Path, text: str) -> None:
    """Puts a whole file in the place of another one: an interruption leaves one of the two."""
    fresh = path.with_name(f".{path.name[:40]}.bound")
    try:
        fresh.write_bytes(text.encode())
        shutil.copymode(path, fresh)
        fresh.replace(path)
    except OSError as error:
        raise DataError(f"cannot write {path}: {error.strerror}; it is as it was") from None
    finally:
        fresh.unlink(missing_ok=True)
