"""Waits until nobody else uses the machine: a session that begins beside other work measures that work, too."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import psutil

from ..errors import Unavailable
from ..events import Scalar
from ..outcomes import MISSING_SUFFIX, Missing
from ..probes.machine_load import LoadMeter

WINDOW_S = 3.0
WINDOWS = 3
"""So many windows in a row have to be quiet."""

MOST_FOREIGN = 0.1
MOST_STOLEN = 0.05
"""Processors that others may use, and that the hypervisor may withhold, on average over a window."""

BUSY_SHARE = 0.02
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Window:
    """One look at the machine: processors used by others on those that we may use and on the rest, and withheld."""

    foreign: float | None
    elsewhere: float | None
    stolen: float | None
    load_1m: float

    @property
    def quiet(self) -> bool:
        """A machine that does not tell counts as quiet; the evidence then says null."""
        used = (self.foreign or 0.0) + (self.elsewhere or 0.0)
        return used <= MOST_FOREIGN and (self.stolen or 0.0) <= MOST_STOLEN


Look = Callable[[], Window]


def meter() -> Look:
    """Looks at the real machine; the first call begins the first window."""
    load = LoadMeter()
    load.read()

    def look() -> Window:
        time.sleep(WINDOW_S)
        found = load.read()
        foreign, elsewhere, stolen = (_number(found[name]) for name in ("foreign_cpu", "elsewhere_cpu", "steal"))
        return Window(foreign, elsewhere, stolen, _number(found["load_1m"]) or 0.0)

    return look


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
    began, quiet, said = clock(), list[Window](), False
    while len(quiet) < WINDOWS:
        window = look()
        quiet = [*quiet, window] if window.quiet else []
        if window.quiet:
            continue
        if clock() - began > limit_s:
            raise Unavailable(
                f"the machine was not quiet within {limit_s:.0f} s: {_disturbance(window)}; stop that, or give it "
                "longer with --wait"
            )
        if not said:
            say(f"Waiting up to {limit_s:.0f} s for a quiet machine: {_disturbance(window)}.")
            said = True
    return {
        "quiet.waited_s": round(clock() - began, 1),
        "quiet.windows": len(quiet),
        "quiet.window_s": WINDOW_S,
        **_largest("quiet.foreign_cpu", (window.foreign for window in quiet)),
        **_largest("quiet.elsewhere_cpu", (window.elsewhere for window in quiet)),
        **_largest("quiet.steal", (window.stolen for window in quiet)),
        "quiet.load_1m": quiet[-1].load_1m,
    }


def _disturbance(window: Window) -> str:
    used = (window.foreign or 0.0) + (window.elsewhere or 0.0)
    parts = [f"others use {used:.2f} processors ({', '.join(busy()) or 'no process stands out'})"]
    if window.stolen:
        parts.append(f"the hypervisor withholds {window.stolen:.2f}")
    return ", ".join(parts)


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


def _largest(name: str, values: Iterable[float | None]) -> dict[str, Scalar]:
    known = [value for value in values if value is not None]
    return {name: max(known)} if known else {name: None, f"{name}{MISSING_SUFFIX}": Missing.NOT_REPORTED.value}
