"""The renderer: what it writes, what it keeps, and how it fails."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.errors import DatasetCorrupt
from hooks.analysis.recompute import Recomputed, recompute
from hooks.build.assembly import Assembly
from hooks.build.builder import Builder
from hooks.caching.ahead import Ahead
from hooks.caching.job import Job
from hooks.commands.value import find
from hooks.project import Project
from hooks.rendering.page import Rendered
from tests.support.projects import ROOT, copy_project, record

REPORT, ROWS = "reports/tr108.md", "reports/tr108/numbers.md"
HEAVY = ("pandas", "numpy", "pyarrow", "scipy", "vl_convert", "pydantic")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_section_is_on_the_page(rendered: Rendered) -> None:
    markdown = rendered.pages[REPORT].markdown
    headings = (
        "Recommendation", "Results", "What made no difference", "Limitations", "Published earlier", "Method",
        "Environment", "Run outcomes", "Provenance", "Claims and numbers on this page",
    )  # fmt: skip
    places = [markdown.index(f"\n## {heading}") for heading in headings]
    assert places == sorted(places)
    assert "A recording made on this machine" in markdown
    assert "num&#95;gpu" in markdown


def test_every_value_on_the_page_is_in_its_json_and_on_the_page_of_its_numbers(rendered: Rendered) -> None:
    page, rows = rendered.pages[REPORT], rendered.pages[ROWS]
    stated = json.loads(page.assets["reports/tr108/values.json"])["values"]
    of_rows = {key.rpartition("-")[2] for key in stated}
    shown = set(re.findall(r'<a href="tr108/numbers\.html#n-([^"]+)"', page.markdown))
    assert shown
    assert shown <= of_rows
    assert set(re.findall(r'data-v="([^"]+)"', page.markdown)) <= stated.keys()
    assert set(re.findall('<tr id="n-([^"]+)"', rows.markdown)) == of_rows
    assert "#n-" not in page.markdown.replace("tr108/numbers.html#n-", "")
    assert '<tr id="n-' not in page.markdown
    assert (rows.searched, rows.wide, dict(rows.assets)) == (False, True, {})
    assert all(parent in stated for value in stated.values() for parent in value["parents"])


def test_every_value_can_be_computed_again(rendered: Rendered, recorded: Path) -> None:
    stated = json.loads(rendered.pages[REPORT].assets["reports/tr108/values.json"])["values"]
    measured = [key for key, value in stated.items() if value["status"] != "cited"]
    assert len(measured) > 30
    for key in measured:
        page, published = find([rendered.pages[REPORT]], key)
        found = Recomputed(page, published, recompute(published, recorded, recorded / "inputs"))
        assert found.agrees, key


def test_nothing_changed_is_read_from_one_file(project: Project) -> None:
    first = Builder(project).render()
    again = Builder(project)
    second = again.render()
    assert again.store.misses == []
    assert second.documents() == first.documents()
    assert second.assets.keys() == first.assets.keys()


def test_a_warm_build_imports_no_heavy_library(project: Project) -> None:
    Builder(project).render()
    code = f"""
import sys
from pathlib import Path
from hooks.build.builder import Builder
from hooks.project import Project
Builder(Project(Path({str(project.root)!r}), Path({str(project.data)!r}), Path({str(project.cache)!r}))).render()
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == "[]"


def test_editing_a_sentence_computes_nothing_again(project: Project) -> None:
    Builder(project).render()
    edit(project.docs / REPORT, "One machine, one engine build", "A single machine, one engine build")
    builder = Builder(project)
    assert "A single machine" in builder.render().pages[REPORT].markdown
    assert "content" not in builder.store.misses


def test_a_damaged_store_entry_is_made_again(project: Project) -> None:
    expected = Builder(project).render().documents()
    for path in (project.cache / "site").glob("*.json"):
        path.write_bytes(path.read_bytes()[:100])
    assert Builder(project).render().documents() == expected


def test_a_build_that_was_stopped_leaves_nothing_undone(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pages are kept, and the next build makes the cards and the tables that they lead to, and nothing else."""

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    Builder(project).render().finish()
    for kind in ("card", "csv", "site"):
        shutil.rmtree(project.cache / kind)
    with monkeypatch.context() as one:
        one.setattr(Ahead, "begin", lambda *_: None)
        one.setattr(Job, "make", stopped)
        with pytest.raises(KeyboardInterrupt):
            Builder(project).render().finish()
        one.setattr(Assembly, "render", stopped)
        again = Builder(project).render()
    absent = {path for path, data in again.assets.items() if isinstance(data, Path) and not data.exists()}
    assert absent == again.jobs.keys()
    assert {Path(path).suffix for path in absent} == {".csv", ".png"}
    again.finish()
    assert all(data.stat().st_size for data in again.assets.values() if isinstance(data, Path))


def test_two_renderings_are_byte_identical(project: Project, tmp_path: Path) -> None:
    one = Builder(project).render()
    other = Builder(Project(project.root, project.data, tmp_path / "other")).render()
    one.finish()
    other.finish()
    assert one.documents() == other.documents()
    for path, data in one.assets.items():
        theirs = other.assets[path]
        read = [item.read_bytes() if isinstance(item, Path) else item for item in (data, theirs)]
        assert read[0] == read[1], path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{{ show(\"arms\") }}", "{{ v.no_such_finding }}", r"tr108\.md:\d+: .*no finding 'no_such_finding'; it has: "),
        ("{{ show(\"arms\") }}", "{{ no_such_name }}", r"tr108\.md:\d+: 'no_such_name' is undefined"),
        ("{{ show(\"arms\") }}", "{{ 12.5 }}", r"tr108\.md:\d+: the bare number 12\.5 cannot be shown"),
        ("{{ show(\"arms\") }}", "{{ chart(\"gone\") }}", r"tr108\.md:\d+: tr108 computes no figure 'gone'"),
        ("{{ show(\"arms\") }}", "{% if %}", r"tr108\.md:\d+: Expected an expression"),
        ("{% block limitations %}", "{% block other %}", r"tr108\.md.*[Rr]equired block 'limitations' not found"),
        ("edition: third\nst", "editionn: third\nst", r"tr108\.md:3: front matter, editionn: there is no such field"),
        ("edition: third\nst", "beside: [v2]\nst", r"tr108\.md:3: front matter, beside: it is called recordings"),
        ("---\n", "", r"tr108\.md: no front matter"),
    ],
)  # fmt: skip
def test_errors_name_file_and_line_and_spare_other_pages(project: Project, old: str, new: str, message: str) -> None:
    edit(project.docs / REPORT, old, new)
    rendered = Builder(project).render()
    (broken,) = rendered.broken
    assert "\n" not in str(broken.error)
    with pytest.raises(type(broken.error), match=message):
        raise broken.error
    assert REPORT not in rendered.documents()
    assert "This page has an error" in rendered.documents(live=True)[REPORT]
    assert "index.md" in rendered.pages


def test_the_line_is_the_one_in_the_file(project: Project) -> None:
    edit(project.docs / REPORT, '{{ show("arms") }}', "{{ v.nothing }}")
    lines = (project.docs / REPORT).read_text(encoding="utf-8").splitlines()
    (broken,) = Builder(project).render().broken
    assert f"tr108.md:{lines.index('{{ v.nothing }}') + 1}:" in str(broken.error)


def test_without_a_dataset_the_page_says_how_to_record_one(tmp_path: Path, store: Path) -> None:
    project = Project.at(copy_project(tmp_path / "project"), tmp_path / "empty", store)
    markdown = Builder(project).render().pages[REPORT].markdown
    assert "not recorded yet" in markdown
    assert "harness run tr108" in markdown


def _pin(root: Path, version: str) -> None:
    """Makes the report publish ``version``, whichever it published before."""
    path = root / "docs" / REPORT
    front, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in rest if not line.startswith("dataset:")]
    path.write_text("".join([front, f"dataset: {version}\n", *kept]), encoding="utf-8")


def test_a_pinned_version_that_is_gone_is_an_error(tmp_path: Path, store: Path) -> None:
    root = copy_project(tmp_path / "project")
    _pin(root, "v7")
    (broken,) = Builder(Project.at(root, None, store)).render().broken
    assert str(broken.error) == (
        "tr108.md:2: front matter, dataset: there is no version 'v7' of tr108; none is sealed yet: "
        "harness run tr108 --seal"
    )


def test_a_pinned_version_is_shown_although_a_newer_one_exists(tmp_path: Path, store: Path) -> None:
    root = copy_project(tmp_path / "project")
    record(root / "data")
    record(root / "data", seed=1)
    _pin(root, "v1")
    rendered = Builder(Project.at(root, None, store)).render()
    text = "".join(str(broken.error) for broken in rendered.broken) or rendered.pages[REPORT].markdown
    assert "tr108/v2" not in text
    assert "A recording made on this machine" not in text


def test_a_local_root_shows_its_newest_version(tmp_path: Path, store: Path) -> None:
    root = copy_project(tmp_path / "project")
    record(tmp_path / "local")
    record(tmp_path / "local", seed=1, supersedes_reason="a second recording")
    page = Builder(Project.at(root, tmp_path / "local", store)).render().pages[REPORT]
    assert "tr108/v2" in page.markdown


def changed_byte(tmp_path: Path, store: Path, name: str) -> Builder:
    """A builder whose dataset has another byte in a file since it was built."""
    root = copy_project(tmp_path / "project")
    path = record(tmp_path / "local", seed=3) / name
    Builder(Project.at(root, tmp_path / "local", store)).render()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(1, 1))
    return Builder(Project.at(root, tmp_path / "local", store))


def test_a_changed_byte_in_a_dataset_stops_the_page(tmp_path: Path, store: Path) -> None:
    broken = {page.path: page.error for page in changed_byte(tmp_path, store, "runs.parquet").render().broken}
    assert REPORT in broken
    assert broken.keys() <= {REPORT, "hardware.md", "label-audit.md"}
    assert all(isinstance(error, DatasetCorrupt) for error in broken.values())


def test_a_changed_byte_in_a_manifest_stops_the_build(tmp_path: Path, store: Path) -> None:
    builder = changed_byte(tmp_path, store, "manifest.json")
    with pytest.raises(DatasetCorrupt, match=r"manifest\.json|SEALED"):
        builder.render()
