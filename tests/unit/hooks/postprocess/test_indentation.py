"""What the theme writes and nobody sees goes; what stands in an article stays to the byte."""

from __future__ import annotations

from hooks.postprocess.indentation import without_hidden_contents, without_indentation

ARTICLE = "<article>\n  <pre>a\n\n    <b>b</b></pre>\n</article>"
COLUMN = (
    '<div class="md-sidebar md-sidebar--secondary" data-md-type="toc"{}>\n<div class="w">\n<div class="i">\n{}</div>\n'
    "</div>\n</div>"
)
CONTENTS = '<nav aria-label="Table of contents"><ul><li><a href="#a">A</a><nav><ul></ul></nav></li></ul></nav>\n'


def test_lines_around_the_article_begin_without_space() -> None:
    page = f"<html>\n  \n\n  <head>\n    <title>a  b</title>\n  </head>\n  {ARTICLE}\n  <p>c\n     d</p>\n</html>"
    expected = f"<html>\n<head>\n<title>a  b</title>\n</head>\n{ARTICLE}\n<p>c\nd</p>\n</html>"
    assert without_indentation(page) == expected


def test_a_page_without_an_article_stays_as_it_is() -> None:
    assert without_indentation("<p>\n  <b>a</b></p>") == "<p>\n  <b>a</b></p>"


def test_contents_in_a_hidden_column_go_and_the_column_stays() -> None:
    """The theme's script measures the column."""
    after = '<div class="md-content"><nav>b</nav></div>'
    assert without_hidden_contents(COLUMN.format(" hidden", CONTENTS) + after) == COLUMN.format(" hidden", "") + after
    shown = COLUMN.format("", CONTENTS) + after
    assert without_hidden_contents(shown) == shown
