"""`reports serve` as a writer uses it: what is saved is served, and an error stays on its own page."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.support.projects import copy_project, record, with_code

DEADLINE = 600
PAGE = "reports/tr108.html"
SERVE = "from hooks.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Served:
    """A project being served."""

    project: Path
    data: Path
    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, page: str) -> str:
        """The page, or nothing while the server is not ready."""
        try:
            with urllib.request.urlopen(self.address + page, timeout=1500) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return ""

    def until(self, page: str, text: str) -> str:
        """The page as soon as it holds ``text``; fails at the deadline, or where the server has ended."""
        began = monotonic()
        while monotonic() - began < DEADLINE:
            assert self.process.poll() is None, self.log.read_text()
            built = self.get(page)
            if text in built:
                return built
            sleep(0.1)
        raise AssertionError(f"{page} never showed {text!r}:\n{self.log.read_text()[-4000:]}")

    def replace(self, name: str, old: str, new: str) -> None:
        path = self.project / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, site_store: Path) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    project, data, log = with_code(copy_project(folder / "project", site_store)), folder / "data", folder / "log"
    record(data, runs=5, requests=2)
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-c", SERVE, "serve", "--address", address, "--data", str(data)]
    environment = {**os.environ, "PYTHONPATH": str(project), "BINDERY_SITE_URL": "http://localhost/"}
    with (
        log.open("wb") as output,
        subprocess.Popen(command, cwd=project, env=environment, stdout=output, stderr=subprocess.STDOUT) as process,
    ):
        try:
            yield Served(project, data, f"http://{address}/", process, log)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def test_what_is_saved_is_served(served: Served) -> None:
    """One server for one writer's session: each step starts from the page that the last one left."""
    assert "tr108/v1" in served.until(PAGE, "Limitations")
    prose(served)
    template(served)
    report_module(served)
    dataset(served)
    guide(served)
    broken(served)


def prose(served: Served) -> None:
    served.replace("docs/reports/tr108.md", "One machine, one engine build", "A lonely machine, one engine build")
    served.until(PAGE, "A lonely machine")


def template(served: Served) -> None:
    served.replace("templates/report.md.j2", "A label is no evidence.", "Labels prove nothing.")
    assert "A lonely machine" in served.until(PAGE, "Labels prove nothing.")


def report_module(served: Served) -> None:
    served.replace("hooks/reports/tr108.py", '"Cold and warm starts:', '"Starts, cold and warm:')
    assert "Labels prove nothing." in served.until(PAGE, "Starts, cold and warm")


MISTAKES = {
    "measuring": ("sets everything up", "sets <lit steps>42</lit> things up", "a literal of the kind"),
    "ollama": ("a backend of its own", "a faster backend of its own", "“faster” claims more than a guide may"),
    "reading": ("leads to the table", "leads to the 42 tables", "no value stands behind 42"),
}
"""In guides, by name: what is replaced, by what, and what is said of it."""


def guide(served: Served) -> None:
    """A number typed into a handwritten page shows there with file and line, and so do a literal of no kind and a word
    that claims. All are gone when they are set right, the last one by a literal."""
    for name, (right, wrong, _) in MISTAKES.items():
        served.replace(f"docs/guides/{name}.md", right, wrong)
    for name, (_, wrong, said) in MISTAKES.items():
        lines = (served.project / f"docs/guides/{name}.md").read_text(encoding="utf-8").splitlines()
        line = next(number for number, text in enumerate(lines, 1) if wrong in text)
        assert f"docs/guides/{name}.md:{line}:" in served.until(f"guides/{name}.html", said)
    assert "Technical Reports Index" in served.get("series.html")
    for name, wrong, right in (
        ("measuring", "<lit steps>42</lit>", "<lit setting>42</lit>"),
        ("ollama", "a faster backend", "a backend"),
        ("reading", "42 tables", "<lit setting>42</lit> tables"),
    ):
        served.replace(f"docs/guides/{name}.md", wrong, right)
    assert 'data-lit="setting">42</span> tables' in served.until("guides/reading.html", 'data-lit="setting">42</span>')
    for name, (_, _, said) in MISTAKES.items():
        assert said not in served.get(f"guides/{name}.html")


def dataset(served: Served) -> None:
    record(served.data, runs=5, requests=2, seed=1, supersedes_reason="a second recording")
    served.until(PAGE, "tr108/v2")


def broken(served: Served) -> None:
    path = served.project / "docs" / "reports" / "tr108.md"
    lines = path.read_text(encoding="utf-8").splitlines()
    line = lines.index('{{ show("arms") }}') + 1
    served.replace("docs/reports/tr108.md", '{{ show("arms") }}', "{{ v.nosuchfinding }}")
    page = served.until(PAGE, "This page has an error")
    assert f"tr108.md:{line}:" in page
    assert "nosuchfinding" in page
    assert "Technical Reports Index" in served.get("series.html")
    assert "Labels prove nothing." not in page
    served.replace("docs/reports/tr108.md", "{{ v.nosuchfinding }}", '{{ show("arms") }}')
    assert "This page has an error" not in served.until(PAGE, "Labels prove nothing.")
