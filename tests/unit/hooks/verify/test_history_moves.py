"""A change on the overview of *History* is one that its chart marks, with the numbers of the chart."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from hooks.verify.meaning.history_overview import _move

SESSIONS = (("r1", "A"), ("r2", "B"), ("r3", "A"), ("r4", "B"))


def row(name: str, host: str) -> str:
    return f"<tr><th>{name}, 2026-01-02, host {host}</th><td>m</td><td><data>{name}</data></td></tr>"


CHART = f"""<div><figure id="figure-tr108-ttft"><figcaption>wait</figcaption><table><tbody>
{"".join(row(*one) for one in SESSIONS)}</tbody></table>
<p class="b-finding">higher in r3, 2026-01-02, host A</p></figure></div>"""
MOVE = """<table><tr><th>TR108</th><td><a href="history/tr108.html#figure-tr108-ttft">wait</a></td>
<td><data>r1</data></td><td><data>r3</data></td><td><data>ratio</data></td>
<td>r3, 2026-01-02, host A</td></tr></table>"""


def problem(move: str, parents: tuple[str, ...] = ("r3", "r1")) -> str | None:
    def shown(element: Any) -> str:
        return str(element.text)

    stated = SimpleNamespace(values={"ratio": SimpleNamespace(parents=parents)})
    page: Any = SimpleNamespace(shown=shown, stated=stated)
    own: Any = SimpleNamespace(name="history/tr108.html", body=html.fromstring(CHART), shown=shown)
    return _move(page, html.fromstring(move).xpath(".//tr")[0], {"tr108": own})


def test_a_change_that_its_chart_marks_is_right() -> None:
    assert problem(MOVE) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<data>r1", "<data>r2"),
        ("<data>r3", "<data>r4"),
        ("r3, 2026-01-02, host A", "r4, 2026-01-02, host B"),
        (">wait<", ">speed<"),
        ("TR108", "TR109"),
        ("#figure-tr108-ttft", "#figure-tr108-speed"),
    ],
)
def test_another_change_is_found(old: str, new: str) -> None:
    assert MOVE.count(old) == 1
    assert problem(MOVE.replace(old, new)) is not None


def test_a_ratio_of_other_numbers_is_found() -> None:
    assert problem(MOVE, parents=("r1", "r3")) is not None
