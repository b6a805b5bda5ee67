"""The pages about all reports: complete, bound, escaped, and alike wherever a figure is shown."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import markdown
import pytest
from lxml import etree
from lxml import html as parser

from harness.errors import UnknownName
from harness.units import MS
from hooks.build.series_pages import series_pages
from hooks.cited.bounds import Bounds
from hooks.cited.figure import Statistic
from hooks.claims.claim import Claim
from hooks.content.blocks import Content
from hooks.pages.earlier_results import earlier_section
from hooks.pages.home import CARDS, render_home
from hooks.postprocess.number_scan import scan_html
from hooks.rendering.corpus_writer import Writer, anchor
from hooks.rendering.environment import environment
from hooks.rendering.page import Page
from hooks.rendering.scope import Scope
from hooks.rendering.series_graph import HEIGHT, WIDTH, graph_svg, layout
from hooks.replication.corpus import AllReports
from hooks.replication.findings import Audited, Published
from hooks.replication.statement import Statement, Subject
from hooks.values.evidence import Interval, Strength
from hooks.values.value import Value
from tests.support.questions import of_metric

ROOT = Path(__file__).resolve().parents[4]
HOSTILE = "<script>alert(1)</script> **bold** {{ 7*7 }} | [x](javascript:alert(1))"


def slower() -> Claim:
    question = of_metric("ttft", "tr108/v1", where=(("model", ("m",)),), phase="measured", within="median")
    interval = Interval(12.0, 14.0, 0.95, "order statistics")
    value = Value(13.0, MS, Strength.MEASURED, interval, 12, question=question)
    return Claim("cold-slower", "A cold request waits {wait} for its first token.", {"wait": value}, "wait.low > 0 ms")


def published(**changes: str) -> Published:
    claim = slower()
    fields = {"dataset": "tr108/v1", "date": "2026-01-02", "profile": "quick", "hardware": "CPU", "status": "published"}
    return Published("tr108", **(fields | changes), findings={}, claims={claim.id: claim})  # type: ignore[arg-type]


def rendered(*reports: Published) -> tuple[AllReports, Mapping[str, Page]]:
    everything = AllReports.load(ROOT / "data" / "cited", ROOT / "docs" / "series", reports)
    return everything, {page.path: page for page in series_pages(everything, environment(ROOT / "templates"))}


@pytest.fixture(scope="module")
def site() -> tuple[AllReports, Mapping[str, Page]]:
    return rendered()


def as_html(page: Page) -> str:
    return markdown.markdown(page.markdown, extensions=["tables", "attr_list", "md_in_html", "toc", "admonition"])


def words(text: str) -> str:
    return " ".join(parser.fromstring(f"<div>{text}</div>").text_content().replace("\u00a0", " ").split())


@pytest.mark.parametrize("path", ["index.md", "reports/index.md"])
def test_a_published_report_is_listed_with_the_title_and_the_question_of_its_page(path: str) -> None:
    asked = "Is a cold request *slower*?"
    assert asked in words(as_html(rendered(published(question=asked))[1][path]))
    called = "Settings of one request"
    assert called in words(as_html(rendered(published(title=called))[1][path]))
    assert "Which settings matter for one request?" in words(as_html(rendered(published())[1][path]))


def test_the_pages(site: tuple[AllReports, Mapping[str, Page]]) -> None:
    first = [
        "index.md",
        "reports/index.md",
        "series.md",
        "series/numbers.md",
        "trust.md",
        "replication.md",
        "contradictions.md",
        "coverage.md",
    ]
    planned = [f"reports/{entry.id}.md" for entry in site[0].series]
    assert list(site[1]) == [*first, *planned]


@pytest.mark.parametrize("path", ["series.md", "replication.md", "contradictions.md", "coverage.md"])
def test_no_number_is_loose_and_every_value_has_its_row(site: tuple[AllReports, Mapping[str, Page]], path: str) -> None:
    everything, pages = site
    page = as_html(pages[path])
    scan = scan_html(page, everything.series.identifiers)
    assert scan.loose == ()
    assert scan.bound > 50
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    linked = set(re.findall(r'<a href="(?:[a-z]+/numbers.html)?#n-([^"]+)"', page))
    numbers = pages.get(f"{path.removesuffix('.md')}/numbers.md")
    assert len(linked) > 20
    rows = as_html(numbers) if numbers else page
    assert linked <= set(re.findall(r'<tr id="n-([^"]+)"', rows))


def test_the_index_has_all_that_was_published_earlier(site: tuple[AllReports, Mapping[str, Page]]) -> None:
    everything, pages = site
    text = words(as_html(pages["series.md"]))
    for entry in everything.series:
        assert f"{entry.label}: " in text
        assert entry.earlier.name in text
    for sentence in (
        "Peak efficiency: 99.25 % disputed (1.985× speedup) with homogeneous Chimera",
        "TTFT (cold): Rust 58 % faster (603 ms vs 1,437 ms)",
        "Hypothesis Dual Ollama architecture would recover 15–18 pp efficiency.",
        "Use standard Tokio (#[tokio::main]) - no custom configuration needed",
        "Best Prefill: TensorRT-fp16 (2.48 ms, −87.08 % vs baseline transformers-gpu-compile).",
        "Python: 99.2 tok/s disputed (TR109)",
        (
            "Dual Ollama mandatory for Rust (−17.3 pp disputed without it). "
            "Runtime optimization provides marginal gains (+0.6 pp)"
        ),
        "Planned (Target: Week of 2026-01-13)",
        "Start with TR108 (single-inference baseline)",
    ):
        assert sentence in text


def test_a_figure_reads_the_same_wherever_it_stands(site: tuple[AllReports, Mapping[str, Page]]) -> None:
    seen: dict[str, set[str]] = {}
    for page in site[1].values():
        for element in parser.fromstring(f"<div>{as_html(page)}</div>").xpath("//a/data[not(@data-part)]"):
            number = re.sub(r"[^\d.,−]+", "", element.text_content())
            seen.setdefault(element.getparent().get("href").partition("#")[2], set()).add(number)
    assert len(seen) > 300
    assert {key: numbers for key, numbers in seen.items() if len(numbers) > 1} == {}


def test_disputed_figures_lead_to_their_contradiction(site: tuple[AllReports, Mapping[str, Page]]) -> None:
    everything, pages = site
    targets = set(re.findall(r"contradictions\.md#([\w-]+)", pages["series.md"].markdown))
    anchors = set(re.findall(r'id="(figure-[\w-]+)"', pages["contradictions.md"].markdown))
    assert anchor("tr110.peak_efficiency") in targets
    assert targets <= anchors
    assert {anchor(name) for name in everything.disputed} == anchors


def test_a_planned_report_shows_its_plan_and_a_published_one_its_claims() -> None:
    _, before = rendered()
    everything, after = rendered(published())
    planned, index = words(as_html(before["series.md"])), words(as_html(after["series.md"]))
    sentence = slower().text.replace("\u00a0", " ")
    assert "short banter prompts" in planned
    assert sentence not in planned
    assert sentence in index
    assert "short banter prompts" not in index
    assert "(reports/tr108.md)" in after["series.md"].markdown
    assert everything.status("tr108") == "published"
    assert "Optimal configuration: GPU=80" in index


def test_an_unknown_report_is_refused() -> None:
    with pytest.raises(UnknownName):
        AllReports.load(
            ROOT / "data" / "cited", ROOT / "docs" / "series", [Published("tr999", "", "", "", "", "published", {})]
        )


def test_hostile_strings_stay_text() -> None:
    _, pages = rendered(published(hardware=HOSTILE, profile=HOSTILE, dataset=HOSTILE, status=HOSTILE))
    for page in pages.values():
        shown = as_html(page)
        tree = parser.fromstring(f"<div>{shown}</div>")
        assert tree.xpath("//script") == []
        assert not [link for link in tree.xpath("//a/@href") if "javascript" in link]
        assert "49" not in words(shown).split()
    assert HOSTILE in words(as_html(pages["series.md"]))


def test_the_section_of_a_report_shows_what_was_published_earlier(site: tuple[AllReports, Mapping[str, Page]]) -> None:
    everything, _ = site
    scope = Scope(Content())
    section = str(earlier_section(everything, environment(ROOT / "templates"), scope, "tr113"))
    text = words(markdown.markdown(section, extensions=["tables"]))
    assert "82.2 %" in text
    assert "92.7 %" in text
    assert "98.281" not in text
    assert "(../replication.md)" in section
    assert len(scope.shown) >= 6


@pytest.mark.parametrize(("page", "shown"), [("tr108", "13"), ("tr109", "in [TR108](../reports/tr108.md)")])
def test_a_value_stands_on_the_page_of_its_dataset_and_others_link_to_it(page: str, shown: str) -> None:
    scope, everything = Scope(Content()), rendered(published())[0]
    (value,) = slower().values.values()
    found = Statement(
        "tr108.wait", Subject("ttft", "amount"), Statistic.P50, {}, (Bounds(12.0, 14.0),), "tr108/v1", value=value
    )
    assert shown in words(str(Writer(everything, scope, up="../").ours(found, page)))


def test_the_graph_has_a_box_for_each_report_and_none_overlap(site: tuple[AllReports, Mapping[str, Page]]) -> None:
    series = site[0].series
    nodes = list(layout(series).values())
    for one, other in combinations(nodes, 2):
        assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
    for edge in series.together.relations:
        assert layout(series)[edge.target].y < layout(series)[edge.source].y


def test_the_graph_is_an_accessible_picture(site: tuple[AllReports, Mapping[str, Page]]) -> None:
    series = site[0].series
    drawn = graph_svg(series, {"tr108"})
    svg = etree.fromstring(drawn)
    names = {text.text for text in svg.iter("text")}
    assert {entry.label for entry in series} <= names
    assert svg.get("role") == "img"
    assert {svg.find(f".//*[@id='{name}']") is not None for name in svg.get("aria-labelledby").split()} == {True}
    assert len(svg.findall(".//path/title")) == len(series.together.relations)
    assert drawn.count('stroke-width="2.5"') == 1
    assert graph_svg(series, {"tr108"}) == drawn
    assert not re.search(r"https?:|style=|#[0-9a-f]{3,6}\b", html.unescape(drawn))


def test_the_audits_of_many_datasets_are_counted() -> None:
    verdicts = ("failed", "passed", "failed", "passed with warnings")
    audits = tuple(Audited(f"tr108/v{place}", verdict, ("x",)) for place, verdict in enumerate(verdicts))
    several, few = (replace(published(), audits=some) for some in (audits, audits[:2]))
    everything, _ = rendered(several)
    writer = Writer(everything, Scope(Content()))
    lines = re.sub("<[^<>]*>", "", writer.audit(several).replace("<br>", "; "))
    assert lines.split("; ") == [
        "Audit failed in 2 of 4 datasets",
        "Audit passed with warnings in 1 of 4 datasets",
        "Audit passed in 1 of 4 datasets",
    ]
    assert str(writer.audit(few)).count("b-audit") == 2


def test_home_has_a_card_of_few_reports_and_leads_to_all() -> None:
    def of(name: str, verdict: str, date: str) -> Published:
        audits = (Audited(f"{name}/v1", verdict),)
        return replace(published(), report=name, dataset=f"{name}/v1", audits=audits, date=date)

    days = {"tr108": "2026-01-02", "tr110": "2026-01-03", "tr111": "2026-01-02", "tr112": "2026-01-02"}
    several = [of(name, "failed" if name == "tr112" else "passed", day) for name, day in days.items()]
    home = parser.fromstring(f"<div>{as_html(rendered(*several)[1]['index.md'])}</div>")
    cards = home.xpath("//div[@class='b-card']/h3/a/@href")
    assert cards == [f"reports/{name}.md" for name in ("tr110", "tr111", "tr108")]
    assert len(cards) == CARDS
    assert "reports/index.md" in home.xpath("//p[@class='b-note']//a/@href")


def test_reports_that_changed_alike_share_a_line() -> None:
    def report(name: str, text: str) -> Any:
        front = SimpleNamespace(changelog=[SimpleNamespace(date="2026-01-02", text=text)])
        return SimpleNamespace(id=name, prose=SimpleNamespace(front=front))

    made = render_home(
        AllReports.load(ROOT / "data" / "cited", ROOT / "docs" / "series", []),
        environment(ROOT / "templates"),
        [report("tr108", "Alike."), report("tr109", "Other."), report("tr110", "Alike.")],
        [],
    )
    lines = [line for line in made.markdown.splitlines() if "2026-01-02" in line]
    assert [("TR108" in line, "TR110" in line) for line in lines] == [(True, True), (False, False)]
