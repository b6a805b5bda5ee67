"""A report over datasets of two studies: built, verified, and found out where one of them is altered."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hooks.outputs.file_list import seal_site
from hooks.verify import verify
from tests.support.datasets import make_dataset
from tests.support.several_datasets import MODULE, REPORT, make_project, reports

PAGE, NUMBERS = "reports/tr123.html", "reports/tr123/values.json"
LABELS = {"desktop": "tr108/v1", "server": "tr108/v2", "backends": "tr117/v1"}
PROBE = """
import json, sys
from pathlib import Path
from hooks.build.builder import Builder
from hooks.project import Project
found = []
for path, old, new in json.loads(sys.argv[1]):
    text = Path(path).read_text(encoding="utf-8")
    assert old in text, old
    Path(path).write_text(text.replace(old, new, 1), encoding="utf-8")
    rendered = Builder(Project.at(Path("."))).render()
    found.append([[[broken.path, str(broken.error)] for broken in rendered.broken], sorted(rendered.pages)])
    Path(path).write_text(text, encoding="utf-8")
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with its claims reviewed and its site built. Read only."""
    made = make_project(tmp_path_factory.mktemp("several") / "project")
    for arguments in (("review", "tr123", "--yes"), ("build", "--out", "site")):
        done = reports(made, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.fixture(scope="module")
def site(project: Path) -> Path:
    return project / "site"


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(site, tmp_path / "site"))


def stated(site: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((site / NUMBERS).read_bytes())
    return found


def test_every_number_is_what_the_datasets_say(site: Path) -> None:
    report = verify(site)
    assert report.passed, "\n".join(report.lines())
    asked = {value["selector"]["dataset"] for value in stated(site)["values"].values() if value["selector"]}
    assert asked == set(LABELS.values())


def test_the_page_names_its_datasets(site: Path) -> None:
    page = (site / PAGE).read_text(encoding="utf-8")
    assert {one["name"]: one["dataset"] for one in stated(site)["datasets"]} == LABELS
    assert re.findall(r'class="b-dataset" data-dataset="([^"]+)"', page) == list(LABELS.values())
    for label, name in (("tr108/v1", "desktop"), ("tr108/v2", "server"), ("tr117/v1", "backends")):
        assert f'id="table-design-{name}"' in page
        assert f'href="../data/{label}/runs.parquet"' in page
        assert f'href="../editions/{label.replace("/", "-")}.html"' in page
    assert "Other CPU" in page.split('id="table-recordings"')[1].split("</table>")[0]
    assert page.count('id="instrument-error-') == 3
    assert "harness run tr117" in page


def test_numbers_of_one_question_keep_apart(site: Path) -> None:
    values = stated(site)["values"]
    waits = {
        value["selector"]["dataset"]: key
        for key, value in values.items()
        if value["selector"] and value["selector"]["metric"] == "ttft" and not value["selector"]["where"]
    }
    assert len(set(waits.values())) == 3
    marked = {
        value["selector"]["dataset"]
        for value in values.values()
        if value["selector"] and value["selector"].get("other_recording")
    }
    assert marked == {"tr108/v2"}
    own = json.loads((site / "reports/tr108/values.json").read_bytes())["values"]
    assert waits["tr108/v1"] in own, "the first dataset of a study has the ids that its own report has"


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


def test_its_numbers_are_asked_again_one_by_one(project: Path, site: Path) -> None:
    key = next(key for key, value in stated(site)["values"].items() if value["name"] == "other-over")
    done = reports(project, "value", key, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["agrees"] is True


def test_two_of_its_datasets_are_compared(project: Path) -> None:
    done = reports(project, "diff", "tr123", "desktop", "server", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["first"], found["second"]) == ("tr108/v1", "tr108/v2")
    assert found["facts"]["environment cpu_model"] == ["Synthetic CPU", "Other CPU"]
    unlike = reports(project, "diff", "tr123", "desktop", "backends")
    assert (unlike.returncode, unlike.stderr) == (
        2,
        "reports: desktop and backends are of different studies, tr108 and tr117\n",
    )
    assert "choose one of: desktop, server, backends" in reports(project, "diff", "tr123", "desktop", "v1").stderr


def test_another_version_of_one_dataset_is_looked_at(project: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(project, tmp_path / "project", ignore=shutil.ignore_patterns("site")))
    make_dataset(copy / "data", effect={"threads=2": 1.4}, seed=3, runs=6, requests=2, tokens=8)
    done = reports(copy, "preview", "tr123", "server=v3")
    assert done.returncode == 0, done.stderr
    assert "tr123: from tr108/v1, tr108/v2, tr117/v1 to tr108/v1, tr108/v3, tr117/v1" in done.stdout
    assert "claim pays-server: decision error" in done.stdout
    assert "pays-desktop" not in done.stdout
    assert "choose one of: desktop=v1, server=v2, backends=v1" in reports(copy, "preview", "tr123", "v3").stderr


def test_its_claims_are_reviewed(project: Path) -> None:
    done = reports(project, "review", "tr123")
    assert done.stdout == "Claims: 2, none differs from its review.\n"
    review = (project / "docs/reports/tr123.claims.yml").read_text(encoding="utf-8")
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


def test_an_altered_dataset_stops_the_page(project: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(project, tmp_path / "project", ignore=shutil.ignore_patterns("site")))
    path = copy / "data/tr117/v1/runs.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    done = reports(copy, "build", "--out", "site")
    assert done.returncode == 4
    assert "tr117/v1: runs.parquet differs from its manifest; restore it" in done.stderr
    assert "Traceback" not in done.stderr


FALSE = {
    "a dataset left out": (NUMBERS, lambda text: re.sub(r'"datasets":\[\{[^}]*\},', '"datasets":[', text)),
    "another name": (NUMBERS, lambda text: text.replace('"name":"server"', '"name":"desktop"', 1)),
    "another dataset": (NUMBERS, lambda text: text.replace('"dataset":"tr117/v1","digest"', '"dataset":"tr117/v2","digest"', 1)),
    "the first for the other": (NUMBERS, lambda text: text.replace('"other_recording":true', '"other_recording":false', 1)),
    "a row of another": (PAGE, lambda text: re.sub(r'(<tr id="n-[^>]*data-dataset=")tr117/v1', r"\1tr108/v1", text, count=1)),
    "a row of none": (PAGE, lambda text: re.sub(r'(<tr id="n-[^>]*) data-dataset="tr108/v2"', r"\1", text, count=1)),
    "another digest": (PAGE, lambda text: re.sub(r"(its manifest <code>)(\w)", lambda m: m[1] + ("0" if m[2] != "0" else "1"), text, count=1)),
    "provenance of another": (PAGE, lambda text: text.replace('class="b-dataset" data-dataset="tr117/v1"', 'class="b-dataset" data-dataset="tr108/v1"')),
    "another circumstance": (PAGE, lambda text: text.replace("Other CPU</span></td><td", "Same CPU</span></td><td", 1)),
    "a column of another": (PAGE, lambda text: re.sub(r'(<th scope="col">circumstance</th>.*?)tr108/v2', r"\1tr108/v3", text, count=1)),
    "said to be the same": (PAGE, lambda text: text.replace('class="b-differs">differs', ">same", 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_of_a_dataset_is_noticed(copy: Path, name: str) -> None:
    path, change = FALSE[name]
    text = (copy / path).read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    (copy / path).write_text(changed, encoding="utf-8")
    assert not verify(copy, only=["datasets", "identities"]).passed


def test_a_number_of_a_dataset_that_the_page_is_not_of_is_noticed(copy: Path) -> None:
    """The report of TR108 publishes ``v1``; its number may not be that of ``v2``."""
    own = copy / "reports/tr108/values.json"
    digests = {one["dataset"]: one["digest"] for one in stated(copy)["datasets"]}
    text = own.read_text(encoding="utf-8")
    moved = text.replace(digests["tr108/v1"], digests["tr108/v2"], 1).replace('"dataset":"tr108/v1"', '"dataset":"tr108/v2"', 1)
    own.write_text(moved, encoding="utf-8")
    assert any("the page is of tr108/v1" in line for line in verify(copy, only=["datasets"]).lines())


MISTAKES = {
    "unknown study": (REPORT, "tr117/v1", "tr999/v1", r"tr123\.md:8: front matter, datasets\.backends: unknown study 'tr999'; choose one of: "),
    "unknown version": (REPORT, "tr117/v1", "tr117/v9", r"tr123\.md:8: front matter, datasets\.backends: there is no version 'v9' of tr117; it has: v1$"),
    "nothing sealed": (REPORT, "tr117/v1", "tr120/v1", r"tr123\.md:8: .* there is no version 'v1' of tr120; none is sealed yet: harness run tr120 --seal$"),
    "no version": (REPORT, "tr117/v1", "tr117", r"tr123\.md:8: front matter, datasets\.backends: String should match pattern"),
    "a name that is none": (REPORT, "backends:", "Back ends:", r"tr123\.md:8: front matter, datasets\.Back ends: String should match pattern"),
    "a name twice": (REPORT, "backends:", "server:", r"tr123\.md:8: front matter, datasets\.server: it stands in line 7 already$"),
    "a dataset twice": (REPORT, "tr108/v2", "tr108/v1", r"tr123\.md:7: front matter, datasets\.server: tr108/v1 has a name already"),
    "both fields": (REPORT, "datasets:\n", "dataset: v1\ndatasets:\n", r"tr123\.md:5: front matter, dataset: a report names all that it shows under datasets"),
    "recordings": (REPORT, "datasets:\n", "recordings: [v2]\ndatasets:\n", r"tr123\.md:5: front matter, recordings: a report names all"),
    "unknown claim": (REPORT, "pays-server", "pays-nobody", r"tr123\.md:15: tr123 computes no claim 'pays-nobody'; it has: pays-desktop, pays-server$"),
    "all recordings": (REPORT, '{{ show("waits") }}', '{{ in_all_recordings("pays-server") }}', r"tr123\.md:21: tr123 asks several datasets"),
    "unknown name": (MODULE, '"backends")\n    draft', '"laptop")\n    draft', r"hooks/reports/tr123\.py:20: unknown dataset of this report 'laptop'; choose one of: desktop, server, backends$"),
    "unknown study asked": (MODULE, 'datasets("tr108")', 'datasets("tr120")', r"hooks/reports/tr123\.py:14: unknown study of this report 'tr120'; choose one of: tr108, tr117$"),
    "the only dataset": (MODULE, "draft.dataset(\"backends\")", "draft.data", r"hooks/reports/tr123\.py:20: this report asks several datasets; choose one by its name"),
    "no function": (MODULE, "def compute(", "def computed(", r"hooks/reports/tr123\.py:1: it has no function compute\(draft\)$"),
}  # fmt: skip


@pytest.fixture(scope="module")
def mistaken(project: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[list[str]], list[str]]]:
    """What a build says of each mistake: the broken pages with their errors, and the pages that it made."""
    copy = tmp_path_factory.mktemp("mistaken") / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("site"))
    edits = json.dumps([mistake[:3] for mistake in MISTAKES.values()])
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run([sys.executable, "-c", PROBE, edits], cwd=copy, env=environment, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(zip(MISTAKES, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line_and_breaks_its_page_alone(
    mistaken: dict[str, tuple[list[list[str]], list[str]]], name: str
) -> None:
    ((path, error),), pages = mistaken[name]
    assert path == "reports/tr123.md"
    assert "\n" not in error
    assert re.match(MISTAKES[name][3], error), error
    assert {"index.md", "reports/tr108.md", "hardware.md"} <= set(pages)
    assert path not in pages


def test_a_report_without_its_module_says_which_file_to_write(project: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(project, tmp_path / "project", ignore=shutil.ignore_patterns("site", ".cache")))
    (copy / MODULE).unlink()
    done = reports(copy, "build", "--out", "site")
    line = "reports: tr123.md:5: front matter, datasets: hooks/reports/tr123.py is not there; write it with compute(draft)\n"
    assert (done.returncode, done.stderr) == (2, line)


def test_another_data_root_shows_it_where_all_datasets_are(project: Path, tmp_path: Path) -> None:
    make_dataset(tmp_path / "local", runs=1, requests=1)
    done = subprocess.run(
        [sys.executable, "-c", PROBE.replace('Path("."))', 'Path("."), Path(sys.argv[2]))'), '[["mkdocs.yml", "", ""]]', str(tmp_path / "local")],
        cwd=project, env={**os.environ, "PYTHONPATH": str(project)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (((broken, pages),)) = json.loads(done.stdout)
    assert broken == []
    assert "reports/tr123.md" in pages
    assert "editions/tr117-v1.md" not in pages
