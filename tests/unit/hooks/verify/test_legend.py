"""The names of a legend, which cuts long ones off."""

from __future__ import annotations

import lxml.html

from hooks.verify.reader.legend import Ink, has_labels, legend

ENTRY = (
    '<g class="mark-symbol role-legend-symbol"><path fill="{colour}" d="M1,1"/></g>'
    '<g class="mark-text role-legend-label"><text>{name}</text></g>'
)


def drawing(*names: str) -> lxml.html.HtmlElement:
    entries = "".join(f"<g>{ENTRY.format(colour=f'c{k}', name=name)}</g>" for k, name in enumerate(names))
    return lxml.html.fromstring(f"<svg>{entries}</svg>")


def test_a_name_that_is_cut_is_that_of_the_series_that_begins_so() -> None:
    found = legend(drawing("long na…", "other one"), {"longname", "otherone"})
    assert {name: ink.colour for name, ink in found.items()} == {"longname": "c0", "otherone": "c1"}


def test_names_that_are_alike_when_cut_tell_nothing() -> None:
    svg = drawing("long na…", "long na…")
    assert legend(svg, {"longname1", "longname2"}) == {}
    assert has_labels(svg)
    assert not has_labels(drawing())


def test_a_label_of_no_series_is_kept() -> None:
    assert legend(drawing("stranger"), {"series"}) == {"stranger": Ink("c0", "M,")}
