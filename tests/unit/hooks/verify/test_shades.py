"""The referee finds a cell of a heat map whose shade is not that of its number."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from lxml import html

from hooks.verify.looks.shades import check

NUMBERS = {"a": 10.0, "b": 20.0, "c": 30.0, "d": None}
CELLS = "".join(
    f'<td class="b-num b-heat-{shade}"><data data-v="{key}">{key}</data></td>'
    for key, shade in (("a", 0), ("b", 2), ("c", 4), ("d", 0))
)
PAGE = f'<article><table id="table-rates"><tbody><tr><th>one</th>{CELLS}</tr></tbody></table></article>'
ALIKE = PAGE.replace('data-v="b"', 'data-v="a"').replace('data-v="c"', 'data-v="a"')


def problems(text: str) -> list[str | None]:
    values = {key: SimpleNamespace(number=number) for key, number in NUMBERS.items()}
    page = SimpleNamespace(
        name="page",
        body=html.fromstring(text),
        stated=SimpleNamespace(values=values),
        shown=lambda element: element.get("data-v"),
    )
    return [one.problem for one in check(SimpleNamespace(pages=[page]))]  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [PAGE, ALIKE.replace("b-heat-2", "b-heat-0").replace("b-heat-4", "b-heat-0")])
def test_shades_that_are_those_of_their_numbers_are_right(text: str) -> None:
    assert problems(text) == [None]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("b-heat-2", "b-heat-3", "20.0 has the shade 3 of 4, not 2"),
        ("b-heat-4", "b-heat-0", "30.0 has the shade 0 of 4, not 4"),
        ('b-heat-0"><data data-v="a"', 'b-heat-4"><data data-v="a"', "10.0 has the shade 4 of 4, not 0"),
        ('b-heat-0"><data data-v="d"', 'b-heat-1"><data data-v="d"', "None has the shade 1 of 4, not 0"),
        ("b-heat-2", "b-heat-2x", "20.0 has the shade -1 of 4, not 2"),
        ('data-v="c"', 'data-v="b"', "20.0 has the shade 2 of 4, not 4"),
    ],
    ids=["one darker", "the largest plain", "the least darkest", "nothing shaded", "no shade", "another number"],
)
def test_another_shade_is_found(old: str, new: str, said: str) -> None:
    assert PAGE.count(old) == 1
    (problem,) = problems(PAGE.replace(old, new))
    assert problem == f"table-rates: {said}"
