"""The file of an external meter: laid beside runs by time, idle power apart, refused in one line where it is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.design import plan
from harness.errors import UsageError
from harness.events import Reading, Run
from harness.metrics.runs import per_run
from harness.outcomes import Missing
from harness.probes.meter_file import IDLE_AFTER, IDLE_BEFORE, POWER, MeterFile
from harness.recorder.recorder import Recorder
from harness.recorder.seal import seal
from tests.support.datasets import header, synthetic_study
from tests.support.meters import metered
from tests.support.runs import BEGAN_UNIX_NS, MS, RunMaker

S = 1_000 * MS
BEGAN = BEGAN_UNIX_NS // S
STUDY = synthetic_study()
PLANNED = plan(STUDY.matrix("quick").cells(), 1, STUDY.order_seed)
MAKER = RunMaker(STUDY, requests=1, tokens=4, seed=0, effect={})


def run(position: int, seconds: int = 5) -> Run:
    """A run that begins ten seconds after the one before it."""
    return replace(MAKER.run(PLANNED[position]), duration_ns=seconds * S)


def written(path: Path, samples: Iterable[tuple[object, object]], header: str = "timestamp,watts") -> MeterFile:
    file = path / "meter.csv"
    file.write_text("\n".join((header, *(f"{at},{watts}" for at, watts in samples), "")), encoding="utf-8")
    return MeterFile.read(file)


def test_a_run_gets_the_samples_during_it_and_one_at_each_side(tmp_path: Path) -> None:
    meter = written(tmp_path, ((BEGAN + at + 0.5, 40 + at) for at in range(-3, 20)))
    first, second = run(0), run(1)
    found = meter.readings([first, second])
    power = [(r.at_ns, r.value) for r in found[first.run_id] if r.quantity == POWER]
    assert power == [(at * S + S // 2, 40.0 + at) for at in range(-1, 6)]
    power = [(r.at_ns, r.value) for r in found[second.run_id] if r.quantity == POWER]
    assert power == [(at * S + S // 2, 50.0 + at) for at in range(-1, 6)]


@pytest.mark.parametrize(
    "shown",
    ["2026-01-02T02:46:40+00:00", "2026-01-02T02:46:40Z", "2026-01-02T03:46:40+01:00", "2026-01-01T21:16:40.000-05:30",
     "20260102T024640Z", "1767322000", "1767322000.0"],
)  # fmt: skip
def test_a_time_is_read_in_its_own_zone(tmp_path: Path, shown: str) -> None:
    assert written(tmp_path, [(shown, "41.5")]) == MeterFile("meter.csv", (BEGAN_UNIX_NS,), (41.5,))


def test_the_idle_power_is_that_of_the_minute_before_and_after(tmp_path: Path) -> None:
    """A burst of another program in that minute moves a median little; work of an hour ago is not seen."""

    def watts(at: int) -> float:
        if at < -60:
            return 300.0
        return 200.0 if -4 <= at < -2 else 30.0 if at < 0 else 90.0 if at < 5 else 34.0

    meter = written(tmp_path, ((BEGAN + at, watts(at)) for at in range(-200, 100)))
    only = run(0)
    found = {r.quantity: r.value for r in meter.readings([only])[only.run_id]}
    assert (found[IDLE_BEFORE], found[IDLE_AFTER]) == (30.0, 34.0)


def test_what_the_meter_did_not_see_is_null_with_the_reason(tmp_path: Path) -> None:
    meter = written(tmp_path, ((BEGAN + at, 40) for at in range(6)))
    seen, unseen = run(0), run(1)
    found = meter.readings([seen, unseen])
    idle = {(r.quantity, r.value, r.missing) for r in found[seen.run_id] if r.quantity != POWER}
    assert idle == {(name, None, Missing.TOO_FEW_SAMPLES) for name in (IDLE_BEFORE, IDLE_AFTER)}
    assert found[unseen.run_id][2:] == (Reading("meter", POWER, "W", 0, None, Missing.NOT_REPORTED),)


def test_a_file_of_another_hour_is_refused(tmp_path: Path) -> None:
    meter = written(tmp_path, ((BEGAN + 3600 + at, 40) for at in range(60)))
    with pytest.raises(UsageError, match=r"2026-01-02T03:46:40\+00:00 to .*, none of them during a run") as raised:
        meter.readings([run(0)])
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    ["", " ", "nan", "NaN", "inf", "-Infinity", "1e400", "1e3", "-1", "-0", "+4", "4,5", "1 000", "1_000",
     "\uff14\uff15", "\u0664", "0x10", "4.", ".5", "41W", "true", "1000000.5", "9" * 400, '"1,234.5"', '"-4"'],
)  # fmt: skip
def test_what_is_no_power_is_one_line_with_its_place(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"^meter\.csv:3: ") as raised:
        written(tmp_path, [(BEGAN, "40"), (BEGAN + 1, text)])
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize(
    ("at", "why"),
    [
        ("2026-01-02T02:46:41", "has no zone"),
        ("2026-01-02 02:46:41", "has no zone"),
        ("2026-01-02", "has no zone"),
        ("02/01/2026 02:46", "is no time"),
        ("2026-02-30T00:00:00Z", "is no time"),
        ("\uff12\uff10\uff12\uff16-01-02T02:46:41Z", "is no time"),
        ("1_767_322_001", "is no time"),
        ("-5", "is no time"),
        ("nan", "is no time"),
        ("1e10", "is no time"),
        ("", "is no time"),
        ("9" * 300, "is no time"),
        (BEGAN - 1, "is not after the one before it"),
        (BEGAN, "is not after the one before it"),
        ("2026-01-02T03:46:39+01:00", "is not after the one before it"),
        ("9000-01-01T00:00:00Z", "is still to come"),
        ("1767322001000", "is no time"),
        ("999999999999", "is still to come"),
    ],
)
def test_what_is_no_later_time_is_one_line_with_its_place(tmp_path: Path, at: object, why: str) -> None:
    with pytest.raises(UsageError, match=rf"^meter\.csv:3: .*{why}") as raised:
        written(tmp_path, [(BEGAN, "40"), (at, "41")])
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 500


def as_bytes(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: path / "absent.csv", "cannot read .*absent.csv: No such file"),
        (lambda path: path, "cannot read .*: Is a directory"),
        (lambda path: as_bytes(path / "m.csv", b""), "m.csv has no samples"),
        (lambda path: as_bytes(path / "m.csv", b"timestamp,watts\n"), "m.csv has no samples"),
        (lambda path: as_bytes(path / "m.csv", b"1767322000,40\n"), "m.csv:1: the first line is not timestamp,watts"),
        (lambda path: as_bytes(path / "m.csv", b"watts,timestamp\n40,1767322000\n"), "m.csv:1: the first line"),
        (lambda path: as_bytes(path / "m.csv", b"timestamp,watts,watts\n"), "m.csv:1: the first line"),
        (lambda path: as_bytes(path / "m.csv", b"timestamp;watts\n1;2\n"), "m.csv:1: the first line"),
        (lambda path: as_bytes(path / "m.csv", b"timestamp,watts\n1767322000\n"), "m.csv:2: 1 fields"),
        (lambda path: as_bytes(path / "m.csv", b"timestamp,watts\n1767322000,1,234.5\n"), "m.csv:2: 3 fields"),
        (lambda path: as_bytes(path / "m.csv", b"timestamp,watts\n\n"), "m.csv:2: 0 fields"),
        (lambda path: as_bytes(path / "m.csv", b"timestamp,watts\n\xff\xfe,1\n"), "m.csv is no CSV of UTF-8"),
        (lambda path: as_bytes(path / "m.csv", b'timestamp,watts\n"17'), "m.csv is no CSV of UTF-8"),
        (lambda path: as_bytes(path / "m.csv", b"timestamp,watts\n" + b"1" * 200_000), "m.csv is no CSV of UTF-8"),
    ],
)
def test_what_is_no_file_of_a_meter_is_one_line(tmp_path: Path, make: Callable[[Path], Path], why: str) -> None:
    with pytest.raises(UsageError, match=why) as raised:
        MeterFile.read(make(tmp_path))
    assert "\n" not in str(raised.value)


def test_a_file_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    file = as_bytes(tmp_path / "m.csv", b"\xef\xbb\xbftimestamp,watts\r\n1767322000,40\r\n1767322001,41\r\n")
    assert MeterFile.read(file).watts == (40.0, 41.0)


def test_a_sealed_dataset_has_the_power_of_its_runs_and_the_idle_power_apart(tmp_path: Path) -> None:
    """A sample each millisecond: 30 W before, 80 W while runs last and between them, 32 W afterwards."""
    planned = PLANNED[:3]
    runs = [MAKER.run(item) for item in planned]
    end = max(one.started_unix_ns + one.duration_ns for one in runs)
    with Recorder.create(tmp_path / "journal", header(STUDY, planned)) as recorder:
        for one in runs:
            recorder.append(one)
    times = [BEGAN_UNIX_NS + at * MS for at in range(-1000, (end - BEGAN_UNIX_NS) // MS + 1000)]
    watts = [30 if t < BEGAN_UNIX_NS else 80 if t < end else 32 for t in times]
    seconds = [f"{t // 10**9}.{t % 10**9:09d}" for t in times]
    meter = metered(written(tmp_path, zip(seconds, watts, strict=True)))
    sealed = seal(tmp_path / "journal", tmp_path / "data", meter=meter)
    assert seal(tmp_path / "journal", tmp_path / "again", meter=meter).digest == sealed.digest
    dataset = Dataset.open(sealed.path)
    entry = dataset.manifest.files["meter.csv"]
    assert (entry.rows, entry.sha256) == (len(times), hashlib.sha256((tmp_path / "meter.csv").read_bytes()).hexdigest())
    without = Dataset.open(seal(tmp_path / "journal", tmp_path / "without").path)
    assert without.manifest.files.keys() == dataset.manifest.files.keys() - {"meter.csv"}
    values = {
        name: per_run(dataset.runs, dataset.requests, name, tables=dataset).present.tolist()
        for name in ("meter_power", "meter_idle")
    }
    assert values["meter_power"] == pytest.approx([80.0] * 3)
    assert values["meter_idle"] == [31.0] * 3
