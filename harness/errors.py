"""Every error that Bindery raises on purpose.

    BinderyError                 a one-line message that says what to do
    ├── UsageError               the request itself is wrong                exit 2
    │   ├── StudyError           a study declaration is invalid
    │   ├── NoPython             a module is no Python
    │   └── UnknownName          a registry has no such entry
    ├── ConflictError            somebody or something is in the way        exit 3
    │   ├── LockHeld             another harness works on the same study
    │   ├── ResumeRefused        what was recorded cannot be continued
    │   └── VersionExists        a dataset version is never replaced
    ├── DataError                stored bytes are not what they should be   exit 4
    │   ├── JournalCorrupt       damage that recovery must not repair
    │   ├── JournalWriteFailed   an append or its fsync failed
    │   ├── DatasetCorrupt       a sealed file differs from its manifest
    │   └── SchemaUnknown        written by a newer or foreign schema
    ├── Unavailable              an engine, model or device is not here     exit 5
    │   ├── ChildFailed          a process that we started did not answer
    │   └── ServerBusy           a server asks to come again later
    ├── RunsFailed               a matrix ended without one usable run      exit 6
    └── Interrupted              stopped by the user, resumable             exit 130

What goes wrong *inside* a run is never one of these: it is a recorded ``Outcome``
(see ``outcomes.py``). A metric that does not apply raises ``outcomes.NoValue``.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import ClassVar, Self

_ROOT = Path(__file__).parents[1]


class BinderyError(Exception):
    """Base of all deliberate errors. ``str(error)`` is one line that says what to do."""

    exit_code: ClassVar[int] = 1


class UsageError(BinderyError):
    """The request itself is wrong."""

    exit_code = 2


class StudyError(UsageError):
    """A study declaration is invalid."""


class NoPython(UsageError):
    """A module is no Python; the message names its file, from the root of the code, and its line."""

    @classmethod
    def of(cls, error: SyntaxError) -> Self:
        file = Path(error.filename or "a module")
        shown = file.relative_to(_ROOT) if file.is_relative_to(_ROOT) else file.name
        return cls(f"{Path(shown).as_posix()}:{error.lineno or 1}: it is no Python: {error.msg}")


_MOST_NAMES = 40


class UnknownName(UsageError):
    """A registry has no such entry; the message lists the entries it has, or those of many that are alike."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(name, names, n=8) if len(names) > _MOST_NAMES else []
        if near:
            names = [*near, f"or one of {len(names) - len(near)} others"]
        choice = ", ".join(names)
        super().__init__(f"unknown {kind} {name!r}; {f'choose one of: {choice}' if choice else f'there is no {kind}'}")


class ConflictError(BinderyError):
    """Somebody or something is in the way."""

    exit_code = 3


class LockHeld(ConflictError):
    """Another harness works on the same study."""


class ResumeRefused(ConflictError):
    """What was recorded cannot be continued without mixing unlike runs."""


class VersionExists(ConflictError):
    """A dataset version is never replaced."""


class DataError(BinderyError):
    """Stored bytes are not what they should be."""

    exit_code = 4


class JournalCorrupt(DataError):
    """Damage in the committed part of a journal, which recovery must not repair."""


class JournalWriteFailed(DataError):
    """An append or its fsync failed; nothing after it was acknowledged."""


class DatasetCorrupt(DataError):
    """A sealed file differs from its manifest."""


class SchemaUnknown(DataError):
    """Written by a newer or foreign schema."""


class Unavailable(BinderyError):
    """An engine, model or device is not here; the message says how to get it."""

    exit_code = 5


class ChildFailed(Unavailable):
    """A process that we started did not answer as it should; the message says how it ended."""


class ServerBusy(Unavailable):
    """A server refuses for now and asks to come again later."""


class RunsFailed(BinderyError):
    """A matrix ended without one usable run."""

    exit_code = 6


class Interrupted(BinderyError):
    """Stopped by the user; the message says how to resume."""

    exit_code = 130
