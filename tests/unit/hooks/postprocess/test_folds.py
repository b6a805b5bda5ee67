"""Only sections that ask for it are folded, each up to the next heading of its level."""

from __future__ import annotations

from hooks.postprocess.folds import folded

PAGE = (
    '<h1>Title</h1>\n<p>lead</p>\n<h2 id="a">A</h2>\n<p>open</p>\n'
    '<h2 class="b-fold" id="b">B<a class="headerlink" href="#b">¶</a></h2>\n<p>inside</p>\n'
    "<h3>deeper</h3>\n<p>too</p>\n"
    '<h2 id="c">C</h2>\n<p>after</p>\n'
)


def test_a_section_becomes_a_disclosure_with_its_heading_as_summary() -> None:
    found = folded(PAGE)
    assert found.count("<details") == found.count("</details>") == 1
    inside = found.partition('<details class="b-fold"><summary>')[2].partition("</details>")[0]
    assert inside.startswith('<h2 class="b-fold" id="b">')
    assert "<p>inside</p>" in inside
    assert "<p>too</p>" in inside
    assert "after" not in inside
    assert found.replace("</details>\n", "").replace('<details class="b-fold"><summary>', "").replace(
        "</summary>", ""
    ) == PAGE.replace('<a class="headerlink" href="#b">¶</a>', "")


def test_a_page_without_such_a_heading_stays_as_it_is() -> None:
    assert folded("<h2>A</h2><p>text</p>") == "<h2>A</h2><p>text</p>"
