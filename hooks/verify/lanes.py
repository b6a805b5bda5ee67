"""The checks of a large site in two processes: this one asks the data, another one looks at the pages.

The report is that of one process: in the order of the checks, and each check made whole. What the other process does
not tell, for whatever reason, is made here.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from harness.errors import BinderyError
from harness.processors import processors

from .every_check import CHECKS, guarded
from .reader.mismatches import Report
from .reader.plain_files import plain_files
from .reader.site import Site

OF_DATA = frozenset(
    {
        "files",
        "artifacts",
        "sealed",
        "downloads",
        "identities",
        "estimates",
        "derived values",
        "simulations",
        "roundings",
        "samples",
    }
)
"""The checks that read no HTML. They share what they ask of the datasets, and the others share the pages."""
LARGE = 10_000_000
"""Bytes of HTML from which a second process is used, which has to start and to read the site as well. Chosen, not
measured: between the small sites of tests and the published one."""
_BEGIN = "import os; from hooks.verify.lanes import lane; lane(); os._exit(0)"
"""It ends at once: to free all that it has read, page by page, would be waited for."""


def made(site: Site, names: Sequence[str], processes: int | None = None) -> Report:
    """The report of these checks. Raises the ``BinderyError`` of the first check that has one."""
    with _kept_until_the_end():
        return _made(site, names, processes)


@contextmanager
def _kept_until_the_end() -> Iterator[None]:
    """What checks make they keep for each other. To look through it for garbage takes a twentieth of their time."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


def _made(site: Site, names: Sequence[str], processes: int | None) -> Report:
    of_pages = [name for name in names if name not in OF_DATA]
    done: dict[str, Report] = {}
    if 0 < len(of_pages) < len(names) and (processes or len(processors())) > 1 and _is_large(site.root):
        with _beside(site, of_pages) as other:
            for name in names:
                if name in OF_DATA:
                    with suppress(BinderyError):  # raised below, in the order of the checks
                        done[name] = _checked(site, name)
            done |= other.told() if other is not None else {}
    report = Report()
    for name in names:
        report.join(done.get(name) or _checked(site, name))
    return report


def _checked(site: Site, name: str) -> Report:
    found = Report()
    found.add(name, guarded(CHECKS[name], site))
    return found


def _is_large(root: Path) -> bool:
    return sum(path.stat().st_size for path in plain_files(root, "*.html")) >= LARGE


class Lane:
    """Checks under way in a process of their own, which writes a line of JSON for each that it has made."""

    def __init__(self, process: subprocess.Popen[bytes], lines: IO[bytes]) -> None:
        self.process = process
        self._lines = lines

    def told(self) -> dict[str, Report]:
        """What it found, by check, once it has ended. A check without a whole line is left out."""
        self.process.wait()
        self._lines.seek(0)
        found: dict[str, Report] = {}
        for line in self._lines:
            with suppress(ValueError, KeyError, TypeError):
                said = json.loads(line)
                found[said["check"]] = Report.of(said["check"], said["examined"], said["wrong"])
        return found


@contextmanager
def _beside(site: Site, names: Sequence[str]) -> Iterator[Lane | None]:
    """The checks of these names, begun in another process, which ends with this block; ``None`` where none starts."""
    with ExitStack() as ends:
        begun = None
        with suppress(OSError):
            begun = _begin(site, names, ends.enter_context(tempfile.TemporaryFile()))
            ends.callback(begun.process.wait)
            ends.callback(begun.process.kill)
        yield begun


def _begin(site: Site, names: Sequence[str], lines: IO[bytes]) -> Lane:
    """It has a session of its own: what the terminal interrupts is this process, which ends the other one."""
    places = [path and str(path) for path in (site.root, site.data, site.expected)]
    asked = json.dumps([os.getpid(), *places, list(names)])
    imports = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _BEGIN, asked],
        stdin=subprocess.DEVNULL,
        stdout=lines,
        env={**os.environ, "PYTHONPATH": imports},
        start_new_session=True,
    )
    return Lane(process, lines)


def lane() -> None:
    """What the other process does, until this one is gone. A check that raises is left to this one, where it raises
    again."""
    parent, root, data, expected, names = json.loads(sys.argv[1])
    site = Site(Path(root), data and Path(data), expected and Path(expected))
    with _kept_until_the_end():
        for name in names:
            if os.getppid() != parent:
                return
            with suppress(BinderyError):
                print(json.dumps(_line(name, _checked(site, name))), flush=True)


def _line(name: str, found: Report) -> dict[str, Any]:
    wrong = [[one.place, one.problem] for one in found.mismatches]
    return {"check": name, "examined": found.examined[name], "wrong": wrong}
