"""Waits until nobody else uses the machine: a session that begins beside other work measures that work, too.

A hypervisor takes time only from processors that work, so windows count during which we work ours. The window after one
that was disturbed is a rest: what disturbs is not hindered, and a machine with a budget of time is not worn out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Protocol

import psutil

from ..errors import Unavailable
from ..events import Scalar
from ..outcomes import MISSING_SUFFIX, Missing
from ..probes.machine_load import LoadMeter
from ..validity.run import Thresholds
from .own_work import OwnWork, working

WINDOW_S = 3.0
WINDOWS = 3
"""So many worked windows in a row have to be quiet."""

MOST_FOREIGN, MOST_STOLEN = Thresholds().foreign_cpu, Thresholds().steal
"""Processors that others may use, and that the hypervisor may withhold, on average over a window: as over a run."""

BUSY_SHARE = 0.02
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Window:
    """One look at the machine: processors used by others on those that we may use and on the rest, those withheld, and
    those that our own work used, null where it rested."""

    foreign: float | None
    elsewhere: float | None
    stolen: float | None
    load_1m: float
    worked: float | None = None

    @property
    def used(self) -> float:
        """Processors that others use. A machine that does not tell counts as quiet; the evidence then says null."""
        return (self.foreign or 0.0) + (self.elsewhere or 0.0)

    @property
    def quiet(self) -> bool:
        return self.used <= MOST_FOREIGN and not self.withheld

    @property
    def withheld(self) -> bool:
        """Whether the hypervisor takes more than a run may lose."""
        return (self.stolen or 0.0) > MOST_STOLEN


class Look(Protocol):
    """Looks for the length of a window, beside work of our own where it is asked to."""

    def __call__(self, *, work: bool) -> Window: ...


def meter() -> Look:
    """Looks at the real machine."""
    load = LoadMeter()

    def look(*, work: bool) -> Window:
        with working() if work else nullcontext() as ours:
            load.read()
            began, before = time.monotonic(), _used(ours)
            time.sleep(WINDOW_S)
            worked = (_used(ours) - before) / (time.monotonic() - began)
            found = load.read()
        foreign, elsewhere, stolen = (_number(found[name]) for name in ("foreign_cpu", "elsewhere_cpu", "steal"))
        return Window(foreign, elsewhere, stolen, _number(found["load_1m"]) or 0.0, round(worked, 4) if work else None)

    return look


def _used(ours: OwnWork | None) -> float:
    return ours.used_s() if ours else 0.0


def wait_until_quiet(
    limit_s: float,
    say: Callable[[str], None],
    look: Look | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Scalar]:
    """Returns what was found once the machine is quiet: evidence for the recording.

    Says what disturbs it where it is not. Raises ``Unavailable`` where it is not quiet within ``limit_s`` seconds.
    """
    look = look or meter()
    began, quiet, said, work = clock(), list[Window](), False, True
    while len(quiet) < WINDOWS:
        window = look(work=work)
        if window.quiet:
            quiet += [window] if work else []
            work = True
            continue
        quiet, work = [], False
        if clock() - began > limit_s:
            raise Unavailable(
                f"the machine was not quiet within {limit_s:.0f} s: {_disturbance(window)}; {_way(window)}"
            )
        if not said:
            say(f"Waiting up to {limit_s:.0f} s for a quiet machine: {_disturbance(window)}.")
            said = True
    return {
        "quiet.waited_s": round(clock() - began, 1),
        "quiet.windows": len(quiet),
        "quiet.window_s": WINDOW_S,
        **_extreme(min, "quiet.worked_cpu", (window.worked for window in quiet)),
        **_extreme(max, "quiet.foreign_cpu", (window.foreign for window in quiet)),
        **_extreme(max, "quiet.elsewhere_cpu", (window.elsewhere for window in quiet)),
        **_extreme(max, "quiet.steal", (window.stolen for window in quiet)),
        "quiet.load_1m": quiet[-1].load_1m,
    }


def _disturbance(window: Window) -> str:
    parts = []
    if window.withheld:
        parts.append(f"the hypervisor withholds {window.stolen:.2f} processors (limit {MOST_STOLEN:.2f})")
    if window.used > MOST_FOREIGN:
        names = ", ".join(busy()) or "no process stands out"
        parts.append(f"others use {window.used:.2f} processors ({names}; limit {MOST_FOREIGN:.2f})")
    return ", ".join(parts)


def _way(window: Window) -> str:
    """What can be done about it: other guests of a host are nobody's here to stop."""
    return "stop that, or give it longer with --wait" if window.used > MOST_FOREIGN else "give it longer with --wait"


def busy(window_s: float = 0.3) -> list[str]:
    """The names of other processes that use the most CPU now, the busiest first. A process chooses its own name: what
    does not print is shown as ``?``."""
    before = {process: _cpu_s(process) for process in strangers()}
    time.sleep(window_s)
    used = {process: _cpu_s(process) - then for process, then in before.items()}
    found = sorted(used, key=lambda process: -used[process])[:SHOWN]
    names = [str(process.info["name"]) for process in found if used[process] > BUSY_SHARE * window_s]
    return ["".join(letter if letter.isprintable() else "?" for letter in name) for name in names]


def strangers() -> list[psutil.Process]:
    """Every process that is neither this one nor a descendant of it."""
    ours = {psutil.Process().pid, *(child.pid for child in psutil.Process().children(recursive=True))}
    return [process for process in psutil.process_iter(["name"]) if process.pid not in ours]


def _cpu_s(process: psutil.Process) -> float:
    try:
        return sum(process.cpu_times()[:2])
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0


def _number(value: Scalar) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _extreme(
    choose: Callable[[Iterable[float]], float], name: str, values: Iterable[float | None]
) -> dict[str, Scalar]:
    known = [value for value in values if value is not None]
    return {name: choose(known)} if known else {name: None, f"{name}{MISSING_SUFFIX}": Missing.NOT_REPORTED.value}
