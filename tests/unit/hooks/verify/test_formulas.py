"""The referee computes every formula of a calculator again, and reads nothing that is no formula."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from lxml import html

from hooks.verify.meaning.formulas import check

PAGE = """<article><div class="b-calculator">
<table><thead><tr><th>inputs of</th><th data-formula="hour">price</th><th data-formula="used">use</th></tr></thead>
<tbody><tr><th>this page</th><td><data value="0.5">0.5</data></td>
<td><span data-lit="setting">1,000</span></td></tr></tbody></table>
<table><thead><tr><th>engine</th><th data-formula="decode">rate</th>
<th data-formula="((hour / decode) * used)">cost</th></tr></thead>
<tbody><tr><th>one</th><td><data value="10.0">10</data></td>
<td><data value="50.0">50</data> (<data value="40.0" data-part="low">40</data>)</td></tr>
<tr><th>two</th><td><data class="bv-none">—</data></td><td><data class="bv-none">—</data></td></tr></tbody></table>
</div></article>"""


def problems(page: str) -> list[str | None]:
    found = SimpleNamespace(pages=[SimpleNamespace(name="page", body=html.fromstring(page))])
    return [one.problem for one in check(found)]  # type: ignore[arg-type]


def test_a_formula_that_gives_its_numbers_is_right() -> None:
    assert problems(PAGE) == [None, None]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(hour / decode)", "(hour * decode)"),
        (" * used)", ")"),
        ('value="50.0"', 'value="50.001"'),
        ('value="10.0"', 'value="11.0"'),
        ("1,000", "1,001"),
        ('data-formula="decode"', 'data-formula="prefill"'),
    ],
)
def test_another_formula_or_another_number_is_found(old: str, new: str) -> None:
    assert PAGE.count(old) == 1
    try:
        found = problems(PAGE.replace(old, new))
    except ValueError as error:
        found = [str(error)]
    assert [problem for problem in found if problem]


@pytest.mark.parametrize(
    "formula",
    ["__import__('os').getcwd()", "hour ** 9", "(" * 2000 + "hour" + ")" * 2000, "hour if used else 1", "'a' + 'b'"],
)
def test_what_is_no_formula_is_not_computed(formula: str) -> None:
    with pytest.raises((ValueError, SyntaxError)):
        problems(PAGE.replace("((hour / decode) * used)", formula))
