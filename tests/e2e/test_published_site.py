"""The site of this project: its datasets, its prose and its reviewed claims build, and nothing shown is wrong."""

from __future__ import annotations

from pathlib import Path

from lxml import html

from hooks.verify import verify

MOST_BYTES = 250_000
"""Of the HTML of a page before compression."""


def test_nothing_shown_is_wrong(published_site: Path) -> None:
    report = verify(published_site)
    assert report.passed, "\n".join(report.lines())


def test_every_page_is_light(published_site: Path) -> None:
    sizes = {
        page.relative_to(published_site).as_posix(): page.stat().st_size for page in published_site.rglob("*.html")
    }
    assert len(sizes) > 100
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}


def test_charts_of_first_screens_are_titled_by_what_the_page_claims(published_site: Path) -> None:
    charts = 0
    for page in published_site.glob("reports/*.html"):
        tree = html.parse(page)
        claimed = set(tree.xpath("//span[@data-claim][not(ancestor::figure)]/@data-claim"))
        for chart in tree.xpath("//div[@class='b-hero']//figure"):
            titles = chart.xpath("./p[@class='b-finding']//span/@data-claim")
            assert len(titles) == 1, (page.stem, chart.get("id"))
            assert titles[0] in claimed, (page.stem, chart.get("id"))
            charts += 1
    assert charts > 10
