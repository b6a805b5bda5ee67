"""The site of this project: its datasets, its prose and its reviewed claims build, and nothing shown is wrong."""

from __future__ import annotations

from pathlib import Path

from hooks.verify import verify

MOST_BYTES = 260_000  # before compression; TR122, the heaviest, has 251 kB: some 680 numbers in tables


def test_nothing_shown_is_wrong(published_site: Path) -> None:
    report = verify(published_site)
    assert report.passed, "\n".join(report.lines())


def test_a_report_is_light(published_site: Path) -> None:
    sizes = {page.name: page.stat().st_size for page in (published_site / "reports").glob("*.html")}
    assert len(sizes) >= 3
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
