"""A page over a version that lists the recordings of several sessions: built strictly, recomputed by the verifier."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from harness.datasets.catalog import recordings
from harness.design import Primary
from harness.recorder.versions import publish_version
from hooks.outputs.file_list import seal_site
from hooks.verify import verify
from tests.support.datasets import make_dataset, synthetic_study

ROOT = Path(__file__).resolve().parents[2]
SESSIONS = 7
PRIMARIES = (Primary("threads", "tpot", "threads", 2, 1), Primary("num-gpu", "tpot", "num_gpu", 80, 0))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, site_store: Path) -> Path:
    folder = tmp_path_factory.mktemp("sessions")
    data = folder / "data"
    for number in range(SESSIONS):
        boot = {"boot_id": f"boot-{number}", "cpu_model": f"CPU {'AB'[number % 2]}"}
        make_dataset(
            data,
            study=replace(synthetic_study(), primaries=PRIMARIES),
            runs=1,
            requests=2,
            tokens=8,
            seed=number,
            effect={"threads=2": 1.5},
            environment=boot,
            session={"number": number},
        )
    publish_version(data, recordings(data, "tr108"))
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", ROOT / "mkdocs.yml", "-d", folder / "site"]
    settings = {"BINDERY_DATA": str(data), "BINDERY_CACHE": str(site_store), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def test_every_number_is_what_the_recordings_say(site: Path) -> None:
    report = verify(site)
    assert report.passed, "\n".join(report.lines())


def test_primaries_are_decided_over_sessions(site: Path) -> None:
    """The referee found the same ratios, p-values and counts (above); the findings follow from them."""
    page = BeautifulSoup((site / "reports" / "tr108.html").read_text(encoding="utf-8"), "html.parser")
    (table,) = page.select("#table-primaries")
    assert [cell.get_text() for cell in table.select("thead th")].count("sessions") == 1
    rows = {
        row.th.get_text(): [cell.get_text() for cell in row.select("td")] for row in table.select("tbody tr") if row.th
    }
    assert rows.keys() == {"threads", "num-gpu"}
    assert (rows["threads"][5], rows["threads"][6]) == ("effect", str(SESSIONS))
    assert "is not a property of one session" in page.get_text()


def test_claims_of_several_sessions_are_not_said_of_one(site: Path, tmp_path: Path) -> None:
    page = (site / "reports" / "tr108.html").read_text(encoding="utf-8")
    assert 'class="bc-state"' in page
    assert 'class="bc-scope"' not in page
    copy = Path(shutil.copytree(site, tmp_path / "site"))
    path = copy / "reports" / "tr108" / "values.json"
    path.write_bytes(path.read_bytes().replace(b'"in_session":false', b'"in_session":true', 1))
    found = verify(copy, only=["claims"])
    assert any("it is said of one session, its data are not" in line for line in found.lines())


def test_the_audit_stands_on_the_first_screen_with_its_reasons(site: Path) -> None:
    page = BeautifulSoup((site / "reports" / "tr108.html").read_text(encoding="utf-8"), "html.parser")
    (badge,) = page.select("a.b-audit[data-audit]")
    verdicts = [row.select("td")[0].get_text() for row in page.select("#table-audit tbody tr")]
    worst = "failed" if "error" in verdicts else "passed with warnings" if "warning" in verdicts else "passed"
    assert badge["data-audit"] == worst
    assert badge.get_text().startswith(f"Audit {worst}")
    reasons = {row.th.get_text() for row in page.select("#table-audit tbody tr") if row.th
               and row.select("td")[0].get_text() in ("error", "warning")}  # fmt: skip
    said = page.select_one("p.b-audit-line")
    assert said is not None
    assert reasons
    assert all(reason in said.get_text() for reason in reasons)


def test_machines_that_differ_are_not_named_as_one(site: Path) -> None:
    page = (site / "reports" / "tr108.html").read_text(encoding="utf-8")
    assert "processors that differ from session to session" in page
    assert "CPU A" not in page
    assert "CPU A; CPU B" in (site / "hardware.html").read_text(encoding="utf-8")


def test_the_page_offers_every_recording(site: Path) -> None:
    page = (site / "reports" / "tr108.html").read_text(encoding="utf-8")
    for number in range(1, SESSIONS + 1):
        assert f"data/tr108/r{number:04d}/runs.parquet" in page
        assert (site / f"data/tr108/r{number:04d}/runs.csv").is_file()
    assert (site / "data/tr108/v1/manifest.json").is_file()


@pytest.mark.parametrize("damage", ["altered", "gone"])
def test_a_recording_that_is_no_longer_what_was_listed_is_noticed(site: Path, tmp_path: Path, damage: str) -> None:
    copy = Path(shutil.copytree(site, tmp_path / "site"))
    folder = copy / "data" / "tr108" / "r0003"
    if damage == "gone":
        shutil.rmtree(folder)
    else:
        path = folder / "manifest.json"
        path.write_bytes(path.read_bytes().replace(b'"synthetic":true', b'"synthetic":false'))
    seal_site(copy)
    found = verify(copy, only=["artifacts"])
    assert not found.passed
    assert any("r0003" in line for line in found.lines())
