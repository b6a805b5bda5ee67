"""A large site is checked by two processes, and what is said of it is what one process says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.errors import UsageError
from hooks.outputs.file_list import seal_site
from hooks.verify import CHECKS, lanes
from hooks.verify.lanes import OF_DATA, Lane, lane, made
from hooks.verify.reader import document
from hooks.verify.reader.mismatches import Examined, Report
from hooks.verify.reader.site import Site
from tests.support.datasets import make_dataset

WITHOUT_LINK = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a/2026-01-01</id><summary>x</summary></entry></feed>'
)
NAMES = list(CHECKS)
OF_PAGES = [name for name in NAMES if name not in OF_DATA]
TWO_THEN_DIES = """
import os
from hooks.verify import lanes
line, made = lanes._line, []
def dies(name, found):
    made.append(name)
    if len(made) > 2:
        print('{"check": "headings", "exam', end="", flush=True)
        os._exit(9)
    return line(name, found)
lanes._line = dies
lanes.lane()
"""
SAYS_MORE = """
from hooks.verify import lanes
print("a library says something")
print("[]")
print('{"check": "links"}')
lanes.lane()
"""


RAISES = """
from harness.errors import UsageError
from hooks.verify import lanes
def raises(site):
    raise UsageError("no")
lanes.CHECKS.update({{"{first}": raises, "{last}": raises}})
lanes.lane()
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site that both processes find something wrong with, and that counts as large."""
    monkeypatch.setattr(lanes, "LARGE", 1)
    site = tmp_path / "site"
    make_dataset(site / "data", runs=1, requests=1, tokens=2)
    page = "<html><body><article><p>17 of them. <a href='no.html'>No</a> <a href='also-no.html'>No</a></p></article>"
    (site / "index.html").write_text(page, encoding="utf-8")
    (site / "feed.xml").write_bytes(WITHOUT_LINK)
    seal_site(site)
    (site / "data" / "tr108" / "v1" / "runs.csv").write_text("run_id\n", encoding="utf-8")
    return site


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Report]]:
    """What the other processes told."""
    found: list[dict[str, Report]] = []
    tells = Lane.told

    def telling(self: Lane) -> dict[str, Report]:
        found.append(tells(self))
        return found[-1]

    monkeypatch.setattr(Lane, "told", telling)
    return found


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The other processes."""
    found: list[subprocess.Popen[bytes]] = []
    begin = lanes._begin

    def beginning(*given: Any) -> Lane:
        begun = begin(*given)
        found.append(begun.process)
        return begun

    monkeypatch.setattr(lanes, "_begin", beginning)
    return found


def said(site: Path, processes: int) -> tuple[list[str], list[str]]:
    report = made(Site(site), NAMES, processes)
    return list(report.lines()), list(report.examined)


def test_two_processes_say_what_one_says(site: Path, told: list[dict[str, Report]]) -> None:
    one = said(site, 1)
    assert told == []
    assert said(site, 2) == one
    assert [list(found) for found in told] == [OF_PAGES]
    text = "\n".join(one[0])
    for line in ("no.html leads to no file", "“17 of them.” has a number", "runs.csv", "files.json does not list it"):
        assert line in text
    assert "it cannot be checked further: AttributeError" in text
    assert one[1] == NAMES


def test_some_checks_alone_are_made_alike(site: Path, told: list[dict[str, Report]]) -> None:
    names = ["files", "pages", "literals", "links"]
    one, two = (made(Site(site), names, processes) for processes in (1, 2))
    assert one == two
    assert [list(found) for found in told] == [names[1:]]


@pytest.mark.parametrize(
    ("begin", "kept"),
    [
        ("import os; os._exit(9)", []),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", []),
        ("import no_such_module", []),
        (TWO_THEN_DIES, OF_PAGES[:2]),
        (SAYS_MORE, OF_PAGES),
    ],
    ids=["ends", "is killed", "cannot begin", "dies in a line", "says more"],
)
def test_what_the_other_process_does_not_tell_is_made_here(
    site: Path, told: list[dict[str, Report]], monkeypatch: pytest.MonkeyPatch, begin: str, kept: list[str]
) -> None:
    monkeypatch.setattr(lanes, "_BEGIN", begin)
    assert said(site, 2) == said(site, 1)
    assert [list(found) for found in told] == [kept]


def test_where_no_process_starts_all_is_made_here(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = said(site, 1)

    def refused(*_: Any) -> Lane:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(lanes, "_begin", refused)
    assert said(site, 2) == one


def test_one_processor_or_a_small_site_starts_no_process(
    site: Path, processes: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    said(site, 1)
    made(Site(site), ["files", "artifacts"], 2)
    made(Site(site), ["literals", "links"], 2)
    monkeypatch.setattr(lanes, "LARGE", (site / "index.html").stat().st_size + 1)
    said(site, 2)
    assert processes == []


@pytest.mark.parametrize(("name", "other"), [("sealed", "links"), ("links", "samples")])
def test_the_first_check_that_raises_is_the_one_that_raises(
    site: Path, monkeypatch: pytest.MonkeyPatch, name: str, other: str
) -> None:
    first, last = sorted((name, other), key=NAMES.index)
    monkeypatch.setattr(lanes, "_BEGIN", RAISES.format(first=first, last=last))
    for one in (first, last):
        monkeypatch.setitem(CHECKS, one, raising(f"{one} cannot be made"))
    for processes in (1, 2):
        with pytest.raises(UsageError, match=f"{first} cannot be made"):
            made(Site(site), NAMES, processes)


def raising(words: str) -> Callable[[Site], Iterator[Examined]]:
    def check(_: Site) -> Iterator[Examined]:
        yield from ()
        raise UsageError(words)

    return check


def test_an_interrupt_ends_the_other_process(
    site: Path, processes: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "_BEGIN", "import time; time.sleep(3600)")

    def interrupted(_: Site) -> Iterator[Examined]:
        assert processes[0].poll() is None
        assert os.getsid(processes[0].pid) == processes[0].pid
        yield from ()
        raise KeyboardInterrupt

    monkeypatch.setitem(CHECKS, "samples", interrupted)
    with pytest.raises(KeyboardInterrupt):
        made(Site(site), NAMES, 2)
    assert [process.returncode for process in processes] == [-9]


def test_a_process_whose_parent_is_gone_makes_no_further_check(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for parent, expected in ((os.getppid(), ["links"]), (0, [])):
        monkeypatch.setattr(sys, "argv", ["", json.dumps([parent, str(site), None, None, ["links"]])])
        lane()
        assert [json.loads(line)["check"] for line in capsys.readouterr().out.splitlines()] == expected


def test_the_names_of_the_checks_of_data_are_names_of_checks() -> None:
    assert {*CHECKS} > OF_DATA


def test_a_page_is_parsed_once_and_by_the_checks_of_pages_alone(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parse, read = document.parsed, list[bytes]()

    def parsed(data: bytes) -> Any:
        read.append(data)
        return parse(data)

    monkeypatch.setattr(document, "parsed", parsed)
    (site / "values.json").write_bytes(b'{"page":"index.html","schema":1,"values":{}}\n')
    made(Site(site), [name for name in NAMES if name in OF_DATA], 1)
    assert read == []
    said(site, 1)
    assert len(read) == 1
