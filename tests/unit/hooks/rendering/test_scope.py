"""Where numbers lead: to the page itself, or to the page that has their rows."""

from __future__ import annotations

import json

from harness.units import MS
from hooks.content.blocks import Content
from hooks.content.vega import spec_file
from hooks.rendering.scope import Scope
from hooks.values.value import constant

VALUE = constant(12.5, MS, "x")
DRAWN = '<svg><a href="#n-a"><path d="M0,0"/></a><text>href="#n-b"</text><a id="c" href="#n-c"></a></svg>'


def test_numbers_lead_to_where_their_rows_are() -> None:
    assert f'href="#n-{VALUE.row}"' in Scope(Content()).show(VALUE)
    assert f'href="tr108/numbers.html#n-{VALUE.row}"' in Scope(Content(), "tr108/numbers.html").show(VALUE)


def test_points_of_a_drawing_lead_there_and_its_texts_stay() -> None:
    assert Scope(Content()).leading(DRAWN) == DRAWN
    led = Scope(Content(), "a/numbers.html").leading(DRAWN)
    assert led.count('<a href="a/numbers.html#n-a">') == led.count('<a id="c" href="a/numbers.html#n-c">') == 1
    assert '<text>href="#n-b"</text>' in led


def test_points_of_a_spec_lead_there_and_its_texts_stay() -> None:
    rows = [{"href": "#n-a", "label": '"href":"#n-b'}]
    spec = {"datasets": {"shown": rows}}
    assert json.loads(spec_file(spec)) == spec
    led = json.loads(spec_file(spec, "a/numbers.html"))
    assert led["datasets"]["shown"] == [{**rows[0], "href": "a/numbers.html#n-a"}]
