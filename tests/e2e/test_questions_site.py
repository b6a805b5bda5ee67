"""A report of laws and inputs is built and verified; a tampered one is found, and a wrong declaration is one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from harness.canonical_json import canonical_json
from hooks.verify import verify
from tests.support.scaling_report import INPUTS, ScalingProject

NUMBERS = Path("reports/tr900/values.json")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, site_store: Path) -> ScalingProject:
    made = ScalingProject(tmp_path_factory.mktemp("scaling") / "project", site_store)
    for arguments in (("review", "tr900"), ("build",)):
        done = made.reports(*arguments, answer="y\n")
        assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.fixture(scope="module")
def site(project: ScalingProject) -> Path:
    return project.root / "site"


def stated(site: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((site / NUMBERS).read_bytes())
    return found


def of_kind(page: dict[str, Any], kind: str) -> str:
    """The id of the first value of a kind."""
    return next(key for key, value in page["values"].items() if (value["question"] or {}).get("kind") == kind)


def test_it_is_built_and_verified(project: ScalingProject, site: Path) -> None:
    """`reports build` has the referee judge it."""
    kinds = {value["question"]["kind"] for value in stated(site)["values"].values() if value["question"]}
    assert {"slope", "correlation", "fit", "input", "metric"} <= kinds
    done = project.reports("verify", "site", "--only", "rebuild")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_says_what_was_asked(site: Path) -> None:
    pages = ("reports/tr900.html", "reports/tr900/numbers.html")
    html = unescape("".join((site / name).read_text(encoding="utf-8") for name in pages))
    for words in (
        "exponent of its power law over threads",
        "rank correlation with",
        'data-lit="date">2026-03-31<',
        "a provider, its price list",
        'id="metric-engine_rss_peak"',
    ):
        assert words in html
    assert (site / "data/inputs/prices.yml").read_text(encoding="utf-8") == INPUTS


def test_a_value_is_computed_again_by_its_id(project: ScalingProject, site: Path) -> None:
    page = stated(site)
    for kind in ("slope", "correlation", "fit", "input"):
        done = project.reports("value", of_kind(page, kind), "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        assert json.loads(done.stdout)["agrees"] is True


def number(value: dict[str, Any]) -> None:
    value["number"] *= 1.001


def low(value: dict[str, Any]) -> None:
    value["interval"]["low"] -= 0.001


def runs(value: dict[str, Any]) -> None:
    value["n"] += 1


def axis(value: dict[str, Any]) -> None:
    value["question"]["over"] = {"kind": "effective", "key": "slots"}


def law(value: dict[str, Any]) -> None:
    value["question"]["law"] = "power" if value["question"]["law"] == "overhead" else "overhead"


def source(value: dict[str, Any]) -> None:
    value["question"]["source"] = "another provider, its price list"


def day(value: dict[str, Any]) -> None:
    value["question"]["date"] = "2027-03-31"


def measured(value: dict[str, Any]) -> None:
    value["status"] = "measured"


def digits(value: dict[str, Any]) -> None:
    value["decimals"] = 2


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        *((kind, change) for kind in ("slope", "correlation") for change in (number, low, runs, axis, measured)),
        *(("fit", change) for change in (number, runs, axis, measured, law)),
        *(("input", change) for change in (number, source, day, measured, digits)),
    ],
)
def test_a_tampered_answer_is_found(site: Path, kind: str, change: Callable[[dict[str, Any]], None]) -> None:
    path, page = site / NUMBERS, stated(site)
    kept, key = path.read_bytes(), of_kind(page, kind)
    change(page["values"][key])
    path.write_bytes(canonical_json(page) + b"\n")
    try:
        found = verify(site, only=["estimates"])
    finally:
        path.write_bytes(kept)
    assert [mismatch.problem.partition(":")[0] for mismatch in found.mismatches] == [key]
    assert verify(site, only=["estimates"]).passed


def test_another_price_in_the_file_is_found(site: Path) -> None:
    path = site / "data/inputs/prices.yml"
    path.write_text(INPUTS.replace("0.0340", "0.0350"), encoding="utf-8")
    try:
        assert not verify(site, only=["estimates"]).passed
    finally:
        path.write_text(INPUTS, encoding="utf-8")


@pytest.mark.parametrize(("old", "field"), [("    date: 2026-03-31\n", "date"), ("    unit: USD/h\n", "unit")])
def test_an_input_without_what_it_needs_breaks_its_page_in_one_line(
    project: ScalingProject, old: str, field: str
) -> None:
    path = project.root / "data/inputs/prices.yml"
    path.write_text(INPUTS.replace(old, ""), encoding="utf-8")
    try:
        done = project.reports("build", "--out", "broken")
    finally:
        path.write_text(INPUTS, encoding="utf-8")
    assert done.returncode != 0
    lines = [line for line in (done.stdout + done.stderr).splitlines() if "prices.yml" in line]
    assert len(lines) == 1, done.stdout + done.stderr
    assert f"prices.yml:2: inputs.0.{field}: Field required" in lines[0]
