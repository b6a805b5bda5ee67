"""What each row of the three pages says, of a synthetic dataset."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import markdown
import pytest
from lxml import html

from hooks.build.builder import Builder
from hooks.postprocess.number_scan import scan_html
from hooks.postprocess.raw_blocks import RawBlocks
from hooks.project import Project
from hooks.rendering.page import Page, Rendered
from tests.support.datasets import make_dataset
from tests.support.projects import copy_project

FEW: dict[str, Any] = {"runs": 6, "requests": 2, "tokens": 8}


def table(page: Page, name: str) -> list[dict[str, str]]:
    """The rows of a table, by its headings."""
    start = page.markdown.index(f'id="{name}"')
    tree = html.fromstring("<table " + page.markdown[start : page.markdown.index("</table>", start)] + "</table>")
    heads = [cell.text_content() for cell in tree.xpath("./thead/tr/th")]
    rows = [row.xpath("./th | ./td") for row in tree.xpath("./tbody/tr")]
    return [
        {head: " ".join(cell.text_content().split()) for head, cell in zip(heads, row, strict=True)} for row in rows
    ]


def as_html(page: Page) -> str:
    blocks = RawBlocks()
    made = markdown.markdown(blocks.take(page.markdown), extensions=["tables", "attr_list", "md_in_html", "toc"])
    return blocks.put_back(made)


def test_a_result_says_what_it_was_measured_of(rendered: Rendered) -> None:
    page = rendered.pages["compare/decode-tps.md"]
    speeds = [row for row in table(page, "table-results") if row["levels"].startswith("threads 2")]
    assert {row["model"] for row in speeds} == {"Gemma 3 270M", "SmolLM2 135M"}
    for row in speeds:
        assert row["report"] == "TR108"
        assert row["levels"] == "threads 2; pooled over layers for a GPU"
        assert (row["engine"], row["workload"]) == ("llama.cpp", "one request at a time, balanced")
        assert re.fullmatch(r"[\d.]+ tok/s \([\d.]+–[\d.]+\)", row["value"])
    (machine,) = table(page, "table-measured")
    assert (machine["report"], machine["machine"]) == ("TR108", speeds[0]["machine"])
    assert machine["hardware"] == "Synthetic CPU, 2 logical cores, 8 GiB, no GPU"
    assert machine["audit"].startswith("Audit ")


def test_every_result_that_the_report_states_has_one_row(rendered: Rendered) -> None:
    """Numbers of cold requests, of single prompts and over both models are none."""
    rows = table(rendered.pages["compare.md"], "table-metrics")
    metrics = [row["metric"] for row in rows]
    assert {"time to first token", "time per output token", "decode rate"} <= set(metrics)
    assert "load time" not in metrics
    assert metrics[0] == "time to first token"
    for row in rows:
        (path,) = (path for path, page in rendered.pages.items() if page.title == f"Compare {row['metric']}")
        results = table(rendered.pages[path], "table-results")
        assert len(results) == int(row["results"])
        assert len({(one["model"], one["levels"]) for one in results}) == len(results)


def test_advice_has_a_command_that_records_it(rendered: Rendered) -> None:
    rows = table(rendered.pages["advisor.md"], "table-advice")
    better = [row for row in rows if row["better than"] == "threads 1"]
    assert len(better) == 2
    names = {"Gemma 3 270M": "gemma-3-270m-q4_k_m", "SmolLM2 135M": "smollm2-135m-q4_1"}
    for row in better:
        assert row["what matters"] == "decode rate"
        assert row["recommended"].startswith("threads 2; pooled over layers for a GPU")
        words = shlex.split(row["command that records it"])
        assert words[:5] == ["harness", "run", "tr108", "--profile", "quick"]
        assert {"threads=2", f"model={names[row['model']]}"} <= set(words)
        assert "supported" in row["what the data say"]
    assert [row["recommended"] == "no recommendation" for row in rows] == sorted(
        row["recommended"] == "no recommendation" for row in rows
    )


def test_no_number_is_loose_and_every_value_has_its_row(rendered: Rendered) -> None:
    for path in ("compare", "compare/ttft", "advisor", "history"):
        page, apart = rendered.pages[f"{path}.md"], rendered.pages.get(f"{path}/numbers.md")
        for one in filter(None, (page, apart)):
            assert scan_html(as_html(one), rendered.identifiers).loose == (), one.path
        linked = set(re.findall(r'<a href="(?:[a-z0-9-]+/numbers.html)?#n-([^"]+)"', page.markdown))
        assert linked
        assert linked <= set(re.findall(r'<tr id="n-([^"]+)"', (apart or page).markdown))


def test_without_a_report_the_pages_say_so(tmp_path: Path, store: Path) -> None:
    pages = Builder(Project.at(copy_project(tmp_path / "project"), tmp_path / "none", store)).render().pages
    assert "Nothing to compare" in pages["compare.md"].markdown
    assert "Nothing to advise" in pages["advisor.md"].markdown
    assert "No history" in pages["history.md"].markdown


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory, store: Path) -> Mapping[str, Page]:
    """Five sessions on one machine, the last twice as fast; and one on another."""
    data = tmp_path_factory.mktemp("sessions")
    for seed in range(4):
        make_dataset(data, seed=seed, session={}, **FEW)
    make_dataset(data, seed=4, session={}, effect={"threads=1": 2.0}, **FEW)
    make_dataset(data, seed=5, session={}, environment={"host_id": "feed"}, **FEW)
    make_dataset(data, seed=6, **FEW)
    root = copy_project(tmp_path_factory.mktemp("followed") / "project")
    return Builder(Project.at(root, data, store)).render().pages


def test_every_session_is_listed_with_its_machine(followed: Mapping[str, Page]) -> None:
    page = followed["history/tr108.md"]
    rows = table(page, "table-sessions-tr108")
    assert [row["session"] for row in rows] == ["r0001", "r0002", "r0003", "r0004", "r0005", "r0006", "v1"]
    assert [row["machine"] for row in rows] == [f"host {letter}" for letter in "AAAAABA"]
    assert "Followed: model Gemma 3 270M, layers for a GPU 0, threads 1" in re.sub("<[^>]+>", "", page.markdown)


def test_a_change_is_marked_and_told_first(followed: Mapping[str, Page]) -> None:
    text = re.sub(r"<[^>]+>", "", followed["history.md"].markdown)
    assert "What moved." in text
    line = next(line for line in text.splitlines() if "decode rate](history/tr108.md#figure-tr108-decode-tps)" in line)
    assert "higher in r0005, 2026-01-02, host A" in line.replace("&#45;", "-")
    assert "host B" not in line, "one session on another machine says nothing"
    (row,) = table(followed["history.md"], "table-studies")
    assert (row["study"], row["what its sessions say"], row["sessions"]) == ("TR108", "changed", "7")
    assert "**Changed.**" in followed["history/tr108.md"].markdown


def test_a_change_stands_beside_the_session_before_it_on_its_machine(followed: Mapping[str, Page]) -> None:
    page = followed["history.md"]
    rows = {row["metric"]: row for row in table(page, "table-moves")}
    row = rows["decode rate"]
    assert row["session"] == "r0005, 2026-01-02, host A"
    charted = html.fromstring(as_html(followed["history/tr108.md"])).xpath("//figure[@id='figure-tr108-decode-tps']")[0]
    shown = {cells[0].text_content().partition(",")[0]: cells[-1].text_content() for cells in charted.iter("tr")}
    assert (shown["r0004"].split()[0], shown["r0005"].split()[0]) == (row["before"].split()[0], row["then"].split()[0])
    ratios = [abs(math.log(float(one["ratio"].removesuffix("×")))) for one in rows.values()]
    assert ratios == sorted(ratios, reverse=True)
