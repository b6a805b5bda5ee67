"""The code on paper is the page's own address, drawn in the page; without an address there is none."""

from __future__ import annotations

import re

import pytest
import segno

from hooks.postprocess.article_check import demand_article
from hooks.postprocess.paper_address import with_code

ADDRESS = "https://example.org/reports/tr108.html?a=1&b=2"
PLACE = '<div class="b-paper" data-address="{}" data-search-exclude><p>This page</p></div>'


def modules(drawn: str) -> list[list[int]]:
    """The dark modules of a code by row and column, read from its path: relative moves and strokes of one module."""
    width = int(re.findall(r'viewBox="0 0 (\d+)', drawn)[0])
    found = [[0] * width for _ in range(width)]
    x, y = 0.0, 0.0
    for kind, numbers in re.findall(r"([Mmh])([-0-9. ]+)", re.findall(r' d="([^"]+)"', drawn)[0]):
        values = [float(number) for number in numbers.split()]
        if kind == "h":
            found[int(y)][int(x) : int(x + values[0])] = [1] * int(values[0])
            x += values[0]
        else:
            x, y = (values[0], values[1]) if kind == "M" else (x + values[0], y + values[1])
    return found


def test_the_code_is_the_address_and_may_stand_in_an_article() -> None:
    page = with_code(f"<html><body><article>{PLACE.format(ADDRESS.replace('&', '&amp;'))}</article></body></html>")
    demand_article(page, "the page")
    expected = segno.make(ADDRESS, micro=False)
    quiet = expected.default_border_size
    inner = [row[quiet:-quiet] for row in modules(page)[quiet:-quiet]]
    assert inner == [list(row) for row in expected.matrix]
    assert page.index("<svg") < page.index("This page")


@pytest.mark.parametrize("address", ["", "reports/tr108.html"])
def test_a_site_without_an_address_has_no_code(address: str) -> None:
    assert with_code(PLACE.format(address)) == PLACE.format(address)
