"""A report over datasets of two studies: built, verified, and found out where one of them is altered."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from hooks.outputs.file_list import seal_site
from hooks.verify import verify
from tests.support.datasets import make_dataset
from tests.support.several_datasets import LABELS, reports

PAGE, NUMBERS, ROWS = "reports/tr123.html", "reports/tr123/values.json", "reports/tr123/numbers.html"


@pytest.fixture(scope="module")
def site(several: Path) -> Path:
    return several / "site"


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(site, tmp_path / "site"))


def stated(site: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((site / NUMBERS).read_bytes())
    return found


def questions(site: Path, numbers: str = NUMBERS) -> dict[str, dict[str, Any]]:
    """What a page's values ask of datasets, by their ids."""
    values = json.loads((site / numbers).read_bytes())["values"]
    return {key: value["question"] for key, value in values.items() if value["question"]}


def test_its_numbers_are_of_all_datasets(site: Path) -> None:
    """`reports build` had the referee judge them."""
    assert {question["dataset"] for question in questions(site).values()} == set(LABELS.values())


def test_what_a_new_host_would_give_is_shown_with_what_it_is(site: Path) -> None:
    ((key, value),) = ((key, one) for key, one in stated(site)["values"].items() if one["operation"] == "predict")
    assert (value["status"], len(value["parents"])) == ("extrapolated", 3)
    row = next(line for line in (site / ROWS).read_text(encoding="utf-8").splitlines() if f'id="n-{key[-8:]}"' in line)
    assert f"{value['definition']}: from " in unescape(row)
    assert all(f'href="#n-{parent[-8:]}"' in row for parent in value["parents"])


def test_the_page_names_its_datasets(site: Path) -> None:
    page = (site / PAGE).read_text(encoding="utf-8")
    assert {one["name"]: one["dataset"] for one in stated(site)["datasets"]} == LABELS
    assert re.findall(r'class="b-dataset" data-dataset="([^"]+)"', page) == list(LABELS.values())
    for label, name in (("tr108/v1", "desktop"), ("tr108/v2", "server"), ("tr117/v1", "backends")):
        assert f'id="table-design-{name}"' in page
        assert f'href="../data/{label}/runs.parquet"' in page
        assert f'href="../editions/{label.replace("/", "-")}.html"' in page
    assert "Other CPU" in page.split('id="table-recordings"')[1].split("</table>")[0]
    assert unescape(page).count('id="instrument-error-') == 3
    assert "harness run tr117" in re.sub("<[^>]+>", "", page)


def test_numbers_of_one_question_keep_apart(site: Path) -> None:
    waits = {
        question["dataset"]: key
        for key, question in questions(site).items()
        if question.get("metric") == "ttft" and not question["where"]
    }
    assert len(set(waits.values())) == 3
    other = {question["dataset"] for question in questions(site).values() if question["other_recording"]}
    assert other == {"tr108/v2"}


def test_the_first_dataset_of_a_study_has_the_ids_that_its_own_report_has(site: Path) -> None:
    own = {json.dumps(asked): key for key, asked in questions(site, "reports/tr108/values.json").items()}
    shared = {key: own[json.dumps(asked)] for key, asked in questions(site).items() if json.dumps(asked) in own}
    assert len(shared) > 3
    assert all(here == there for here, there in shared.items())


def test_every_dataset_has_a_permanent_page(site: Path) -> None:
    for label in LABELS.values():
        page = (site / f"editions/{label.replace('/', '-')}.html").read_text(encoding="utf-8")
        assert label in page
    assert "TR123" in (site / "editions/tr117-v1.html").read_text(encoding="utf-8")
    assert "TR123" not in (site / "editions/tr108-v1.html").read_text(encoding="utf-8").split("<article")[1]


def test_machines_read_of_all_datasets(site: Path) -> None:
    summary = json.loads((site / "summary.json").read_bytes())
    report = next(one for one in summary["reports"] if one["id"] == "tr123")
    assert {one["name"]: one["dataset"] for one in report["datasets"]} == LABELS
    assert {claim["id"]: claim["state"] for claim in report["claims"]} == {
        "pays-desktop": "holds",
        "pays-server": "does not hold",
    }
    feed = (site / "feed.xml").read_text(encoding="utf-8")
    assert "TR123: Two Machines, datasets tr108/v1, tr108/v2, tr117/v1" in feed
    labels = (site / "label-audit.html").read_text(encoding="utf-8")
    speeds = (site / "charts/decode-speed.html").read_text(encoding="utf-8")
    for label in LABELS.values():
        assert label in labels
        assert speeds.count(f">{label}<") >= 2, "each model of each dataset, once"


@pytest.mark.parametrize("name", ["other-over", "anywhere"])
def test_its_numbers_are_asked_again_one_by_one(several: Path, site: Path, name: str) -> None:
    key = next(key for key, value in stated(site)["values"].items() if value["name"] == name)
    done = reports(several, "value", key, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["agrees"] is True


def test_two_of_its_datasets_are_compared(several: Path) -> None:
    done = reports(several, "diff", "tr123", "desktop", "server", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["first"], found["second"]) == ("tr108/v1", "tr108/v2")
    assert found["facts"]["environment cpu_model"] == ["Synthetic CPU", "Other CPU"]
    unlike = reports(several, "diff", "tr123", "desktop", "backends")
    assert (unlike.returncode, unlike.stderr) == (
        2,
        "reports: desktop and backends are of different studies, tr108 and tr117\n",
    )
    assert "choose one of: backends, desktop, server" in reports(several, "diff", "tr123", "desktop", "v1").stderr


def test_another_version_of_one_dataset_is_looked_at(several: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(several, tmp_path / "project", symlinks=True, ignore=shutil.ignore_patterns("site")))
    make_dataset(copy / "data", effect={"threads=2": 1.4}, seed=3, runs=6, requests=2, tokens=8)
    done = reports(copy, "preview", "tr123", "server=v3")
    assert done.returncode == 0, done.stderr
    assert "tr123: from tr108/v1, tr108/v2, tr117/v1 to tr108/v1, tr108/v3, tr117/v1" in done.stdout
    assert "claim pays-server: decision error" in done.stdout
    assert "pays-desktop" not in done.stdout
    assert "choose one of: backends=v1, desktop=v1, server=v2" in reports(copy, "preview", "tr123", "v3").stderr


def test_its_claims_are_reviewed(several: Path) -> None:
    done = reports(several, "review", "tr123")
    assert done.stdout == "Claims: 2, none differs from its review.\n"
    review = (several / "docs/reports/tr123.claims.yml").read_text(encoding="utf-8")
    assert "dataset: tr108/v1, tr108/v2, tr117/v1" in review


@pytest.mark.parametrize("label", LABELS.values())
def test_an_altered_dataset_is_noticed(copy: Path, label: str) -> None:
    path = copy / "data" / label / "requests.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    seal_site(copy)
    found = verify(copy, only=["artifacts", "datasets", "estimates"])
    assert {mismatch.check for mismatch in found.mismatches} == {"artifacts", "datasets", "estimates"}
    assert any(label in line for line in found.lines())


def test_an_altered_dataset_stops_the_page(several: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(several, tmp_path / "project", symlinks=True, ignore=shutil.ignore_patterns("site")))
    path = copy / "data/tr117/v1/runs.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    done = reports(copy, "build", "--out", "site")
    assert done.returncode == 4
    assert "tr117/v1: runs.parquet differs from its manifest; restore it" in done.stderr
    assert "Traceback" not in done.stderr


def swapped(old: str, new: str, count: int = 1) -> Callable[[str], str]:
    """``old``, a pattern, as ``new``."""
    return lambda text: re.sub(old, new, text, count=count, flags=re.DOTALL)


FALSE = {
    "a dataset left out": (NUMBERS, swapped(r'"datasets":\[\{[^}]*\},', '"datasets":[')),
    "another name": (NUMBERS, swapped('"name":"server"', '"name":"desktop"')),
    "another dataset": (NUMBERS, swapped('"dataset":"tr117/v1","digest"', '"dataset":"tr117/v2","digest"')),
    "the first for the other": (NUMBERS, swapped('"other_recording":true', '"other_recording":false')),
    "a row of another": (ROWS, swapped(r'(<tr id="n-[^>]*data-dataset=")tr117/v1', r"\1tr108/v1")),
    "a row of none": (ROWS, swapped(r'(<tr id="n-[^>]*) data-dataset="tr108/v2"', r"\1")),
    "another digest": (PAGE, swapped(r"(its manifest <code>)[0-9a-f]{4}", r"\1----")),
    "provenance of another": (PAGE, swapped('(class="b-dataset" data-dataset=")tr117/v1', r"\1tr108/v1")),
    "another circumstance": (PAGE, swapped("Other CPU(</span></td><td)", r"Same CPU\1")),
    "a column of another": (PAGE, swapped(r'(<th scope="col">circumstance</th>.*?)tr108/v2', r"\1tr108/v3")),
    "said to be the same": (PAGE, swapped('class="b-differs">differs', ">same")),
}


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_of_a_dataset_is_noticed(copy: Path, name: str) -> None:
    path, change = FALSE[name]
    text = (copy / path).read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    (copy / path).write_text(changed, encoding="utf-8")
    assert not verify(copy, only=["datasets"]).passed


def test_a_number_of_a_dataset_that_the_page_is_not_of_is_noticed(copy: Path) -> None:
    """The report of TR108 publishes ``v1``; its number may not be that of ``v2``."""
    own = copy / "reports/tr108/values.json"
    digests = {one["dataset"]: one["digest"] for one in stated(copy)["datasets"]}
    text = own.read_text(encoding="utf-8").replace(digests["tr108/v1"], digests["tr108/v2"], 1)
    own.write_text(text, encoding="utf-8")
    assert any("the page is of tr108/v1" in line for line in verify(copy, only=["datasets"]).lines())
