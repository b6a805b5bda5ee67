"""The theme's indentation goes; what stands in an article stays to the byte."""

from __future__ import annotations

from hooks.postprocess.indentation import without_indentation

ARTICLE = "<article>\n  <pre>a\n\n    <b>b</b></pre>\n</article>"


def test_tags_around_the_article_begin_their_lines() -> None:
    page = f"<html>\n  \n\n  <head>\n    <title>a  b</title>\n  </head>\n  {ARTICLE}\n  <p>c\n     d</p>\n</html>"
    expected = f"<html>\n<head>\n<title>a  b</title>\n</head>\n  {ARTICLE}\n<p>c\n     d</p>\n</html>"
    assert without_indentation(page) == expected


def test_a_page_without_an_article_stays_as_it_is() -> None:
    assert without_indentation("<p>\n  <b>a</b></p>") == "<p>\n  <b>a</b></p>"
