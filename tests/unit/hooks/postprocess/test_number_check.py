import json
from pathlib import Path

import pytest

from hooks.build.prose_check import demand_words
from hooks.editions.prose import read_prose
from hooks.postprocess.number_check import PLACE, TOTALS, Binder, fill_totals
from hooks.postprocess.number_scan import scan_html
from hooks.postprocess.unbound_numbers import Source, UnboundNumber

VALUE = '<data value="21.34" data-v="x">21.3 ms</data>'
LITERAL = '<span data-lit="setting">512</span>'
PAGE = f"<html><body><article><p>{VALUE} {LITERAL} TR900, SHA-256</p>{PLACE}</article></body></html>"


def no_sources() -> list[Source]:
    raise AssertionError("sources are read only where a number is loose")


def sources() -> list[Source]:
    return [Source("docs/reports/tr900.md", ("It takes 21 ms.",))]


def test_a_page_states_its_coverage() -> None:
    binder = Binder(["TR900"])
    html = binder.page("reports/tr900.html", PAGE, no_sources)
    assert 'data-bound="1" data-numbers="1" data-declared="1" data-literals="' in html
    assert ">1 of 1 numbers bound to data; 1 more are declared" in html
    assert scan_html(html, ["TR900", "SHA-256"]).loose == ()
    binder.demand()


def test_loose_numbers_of_all_pages_are_reported_together() -> None:
    binder = Binder(["TR900"])
    binder.page("reports/a.html", PAGE.replace("SHA-256", "takes 21 ms"), sources)
    binder.page("reports/b.html", "<p>33</p>", sources)
    with pytest.raises(UnboundNumber) as raised:
        binder.demand()
    first, second = str(raised.value).splitlines()
    assert first.startswith("docs/reports/tr900.md:1: ")
    assert second.startswith("reports/b.html: “33”")


def test_a_live_page_shows_them_in_place() -> None:
    binder = Binder([])
    html = binder.page("reports/a.html", "<article><p>33 <b>x</b></p></article>", sources, live=True)
    assert html.index("no value stands behind 33 in prose") < html.index("<article>")
    binder.demand()


def test_the_totals_count_every_page(tmp_path: Path) -> None:
    binder = Binder(["TR900"])
    binder.page("reports/a.html", PAGE, no_sources)
    binder.page("reports/b.html", f"<p>{VALUE}{VALUE}</p>", no_sources)
    binder.page("plain.html", "<p>words</p>", no_sources)
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "coverage.html").write_text(f"<article>{TOTALS}</article>")
    (tmp_path / "other.html").write_text("<p>words</p>")
    fill_totals(tmp_path, ["guides/coverage.html", "other.html"], binder.totals())
    html = (tmp_path / "guides" / "coverage.html").read_text()
    assert '<a href="../reports/a.html">reports/a.html</a></th><td>1</td><td>1</td><td>1</td>' in html
    assert "all pages</th><td>3</td><td>3</td><td>1</td>" in html
    assert "plain.html" not in html
    assert scan_html(html).loose == ()
    assert (tmp_path / "other.html").read_text() == "<p>words</p>"


def test_the_titles_of_charts_are_scanned_too() -> None:
    spec = {
        "description": "512 takes longest",
        "data": {"name": "data-1"},
        "datasets": {"data-1": [{"label": "512", "number": 21.34}]},
        "encoding": {"x": {"title": "time of 5 runs"}},
    }
    script = json.dumps(spec).encode()
    binder = Binder([])
    page = '<figure data-spec="tr900/charts/a.0123.vl.json"></figure>'
    binder.page("reports/tr900.html", page, sources, {"reports/tr900/charts/a.0123.vl.json": script})
    with pytest.raises(UnboundNumber, match="“time of 5 runs”: no value stands behind 5 in chart title"):
        binder.demand()


def test_a_number_typed_in_the_front_matter_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "docs" / "tr900.md"
    path.parent.mkdir()
    path.write_text("---\ntitle: TR900 in words\ndescription: about 42 ms\n---\n")
    with pytest.raises(
        UnboundNumber, match=r"^docs/tr900\.md:3: “about 42 ms”: no value stands behind 42 in front matter"
    ):
        demand_words(read_prose(path), tmp_path, ["TR900"])
    path.write_text("---\ntitle: TR900 in words\n---\n")
    demand_words(read_prose(path), tmp_path, ["TR900"])
