"""What an external meter wrote, as it is sealed beside runs."""

from __future__ import annotations

from harness.events import Reading
from harness.probes.meter_file import POWER, PROBE, MeterFile
from harness.recorder.seal import Metered

FILE = b"timestamp,watts\n1767322000,41.5\n1767322001,43.0\n"


def metered(found: MeterFile) -> Metered:
    """The samples of a file that was read, as `harness seal --meter` gives them on."""
    return Metered(found.readings, found.data, len(found.at_ns))


def two_samples() -> Metered:
    """A file of two samples, of which every run has the first."""
    return Metered(lambda runs: {run.run_id: (Reading(PROBE, POWER, "W", 0, 41.5),) for run in runs}, FILE, 2)
