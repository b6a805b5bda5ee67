"""A whole site with a calibration and a superseded version: built strictly, then recomputed by the verifier."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from harness.datasets.recordings import read_manifest
from hooks.outputs.file_list import seal_site
from hooks.verify import verify
from tests.support.calibrations import make_calibration
from tests.support.datasets import make_dataset

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("instrument.html", "hardware.html", "charts/decode-speed.html", "editions/tr108-v1.html")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, site_store: Path) -> Path:
    folder = tmp_path_factory.mktemp("sealed")
    data = folder / "data"
    named = read_manifest(make_calibration(data)).digest
    make_dataset(data, runs=5, requests=2, tokens=8, flags={"loop_lag": "p99 loop lag 3.2 ms > 5% of 10 ms"})
    make_dataset(
        data, runs=5, requests=2, tokens=8, seed=1, calibration=named, supersedes_reason="1 < 2 & <i>never</i> 3"
    )
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", ROOT / "mkdocs.yml", "-d", folder / "site"]
    settings = {"BINDERY_DATA": str(data), "BINDERY_CACHE": str(site_store), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def test_every_number_of_every_page_is_what_the_sealed_files_say(site: Path) -> None:
    assert all((site / name).is_file() for name in PAGES)
    report = verify(site)
    assert report.passed, "\n".join(report.lines())


@pytest.mark.parametrize(
    ("name", "check"), [("instrument.html", "numbers shown"), ("editions/tr108-v1.html", "numbers shown")]
)
def test_a_changed_digit_on_these_pages_is_noticed(site: Path, name: str, check: str) -> None:
    path = site / name
    text = path.read_text(encoding="utf-8")
    shown = re.search(r"<data [^>]*>[^<\d]*(\d)", text)
    assert shown is not None
    place = shown.start(1)
    path.write_text(text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :], encoding="utf-8")
    try:
        assert not verify(site, only=[check]).passed
    finally:
        path.write_text(text, encoding="utf-8")


def test_a_changed_error_of_the_instrument_is_noticed(site: Path) -> None:
    path = site / "instrument" / "values.json"
    text = path.read_text(encoding="utf-8")
    changed = re.sub(r'("number":)(\d+\.\d+)', lambda found: f"{found[1]}{float(found[2]) * 2}", text, count=1)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    seal_site(site)
    try:
        assert not verify(site, only=["estimates"]).passed
    finally:
        path.write_text(text, encoding="utf-8")
        seal_site(site)
