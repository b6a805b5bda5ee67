"""Vega-Lite without a browser: the SVG of a spec, and the spec as a file."""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..caching.code_digest import code
from ..caching.kept import kept
from ..caching.store import key_of, libraries

WIDTH = 680
INK = {
    "--b-chart-ink": "#1a1d24",
    "--b-chart-soft": "#545a67",
    "--b-chart-grid": "#e3e5ea",
    "--b-chart-1": "#0b62a4",
    "--b-chart-2": "#b84e08",
    "--b-chart-3": "#0f7a5c",
    "--b-chart-4": "#8b17e0",
    "--b-chart-5": "#7d6400",
    "--b-chart-6": "#525a68",
}
"""Style variables and their colours on white; the site's style sheet gives the dark ones. Told apart by people
who are blind to red and green, with at least 4.5 : 1 contrast on the page."""

FONTS = "FONTCONFIG_FILE"
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right")
"""One more than there are colours, so that a series after the last colour has its own mark."""
_VIEW = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"[^>]*>')
_HIDDEN = ' aria-hidden="true" focusable="false"'
"""Of a drawing without links: its name and its table say it all."""
_ROOT = (
    r'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \1 \2" style="max-width:\1px"'
    rf' font-family="sans-serif"{_HIDDEN}>'
)
_ARIA = re.compile(r' (?:aria-[a-z]+|role)="[^"]*"')
_DEFAULTS = re.compile(
    r' (?:pointer-events="none"|opacity="1"|stroke-width="1"|font-family="sans-serif"|transform="translate\(0,0\)"'
    r'|text-anchor="start"|[xy]2="0")'
)
_NOTHING = re.compile(r'<path class="(?:background|foreground)"(?![^<>]* (?:fill|stroke)=)[^<>]*/>')
_GROUP = re.compile(r'(<g class="mark-[^"<>]*")>((?:<(?:line|path|circle)[^<>]*/>|<text[^<>]*>[^<>]*</text>)+)(?=</g>)')
_INHERITED = re.compile(r' (?:fill|stroke|stroke-width|font-size|font-weight|text-anchor)="[^"]*"')
_RULES = re.compile(r"(?:<line[^<>]*/>)+")
_RUN = 3
"""With fewer lines a group is longer."""
_PRECISE = re.compile(r"(?<=\d)\.(\d\d)\d+")
_LINK = re.compile(r'xlink:href="[^"]*#([^"]*)"')
_CIRCLE = re.compile(r'<path([^<>]*?) d="M([\d.]+),0A\2,\2,0,1,1,-\2,0A\2,\2,0,1,1,\2,0"')
_TAG = re.compile(r"<[^<>]+>")
_PLAIN_GROUP = re.compile(r"<g>|<g [^<>]*[^/<>]>|</g>")
_EMPTY_LINES = re.compile(r'<tspan/>((?:<tspan x="0" dy="14"/>)*)<tspan x="0" dy="14">')
"""Lines of a label without a word: a browser goes on at the height of the first one that has some."""


def theme(ink: Mapping[str, str] = INK) -> dict[str, Any]:
    """The Vega-Lite configuration of every chart, in the given colours."""
    fore, soft, grid = ink["--b-chart-ink"], ink["--b-chart-soft"], ink["--b-chart-grid"]
    series = [ink[f"--b-chart-{number}"] for number in range(1, 7)]
    text = {"labelColor": soft, "titleColor": fore, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": 600}
    return {
        "aria": False,
        "background": None,
        "font": "sans-serif",
        "axis": {
            **text,
            "gridColor": grid,
            "domainColor": soft,
            "tickColor": soft,
            "titleLimit": 0,
            "titlePadding": 8,
        },
        "legend": {**text, "orient": "top", "symbolSize": 90, "titleLimit": 0},
        "header": text,
        "view": {"stroke": None},
        "point": {"filled": True, "size": 70, "color": series[0]},
        "rule": {"strokeWidth": 1.8, "color": series[0]},
        "bar": {"color": series[0]},
        "line": {"color": series[0]},
        "text": {"color": fore},
        "range": {"category": series, "symbol": list(SHAPES)},
    }


def static_svg(spec: Mapping[str, Any], prefix: str) -> str:
    """The spec as an SVG for inlining: its ids start with ``prefix``, its colours follow the page's style.

    What draws nothing, or says what holds anyway, is left out.
    """
    drawn: str = kept("drawing", key_of(spec, prefix, code(__name__), libraries()), lambda: _drawing(spec, prefix))
    return drawn


def _drawing(spec: Mapping[str, Any], prefix: str) -> str:
    import vl_convert

    with own_fonts():
        drawn = vl_convert.vegalite_to_svg(json.dumps(_still(spec)), config=theme())
    styled = _TAG.sub(lambda tag: _styled(tag[0], prefix), drawn)
    root = _ROOT.replace(_HIDDEN, "") if "<a " in styled else _ROOT
    styled = _without_plain_groups(styled)
    lowered = _EMPTY_LINES.sub(lambda lines: f'<tspan x="0" dy="{14 * (lines[1].count("/") + 1)}">', styled)
    return _VIEW.sub(root, _GROUP.sub(_said_once, lowered), 1)


@contextmanager
def own_fonts() -> Iterator[None]:
    """Texts are measured and drawn with the fonts that vl-convert brings.

    With those of the machine drawings would differ from one machine to the next, and their files are opened for every
    letter.
    """
    before = os.environ.get(FONTS)
    os.environ[FONTS] = str(Path(__file__).with_name("fonts.conf"))
    try:
        yield
    finally:
        del os.environ[FONTS]
        if before is not None:
            os.environ[FONTS] = before


def _still(spec: Any) -> Any:
    """A spec without the tooltips, which a still drawing cannot show."""
    if isinstance(spec, Mapping):
        return {key: _still(part) for key, part in spec.items() if key != "tooltip"}
    return [_still(part) for part in spec] if isinstance(spec, list) else spec


def _styled(tag: str, prefix: str) -> str:
    """One tag of a drawing; the text between tags is data and stays as it is."""
    if _NOTHING.fullmatch(tag):
        return ""
    for variable, colour in INK.items():
        tag = tag.replace(f'"{colour}"', f'"var({variable})"')
    tag = _LINK.sub(r'href="#\1"', tag)
    tag = _PRECISE.sub(r".\1", _DEFAULTS.sub("", _ARIA.sub("", tag)))
    tag = _CIRCLE.sub(r'<circle\1 r="\2"', tag)
    tag = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', tag)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", tag)


def _without_plain_groups(svg: str) -> str:
    """The drawing without the groups that say nothing, of which Vega nests several around everything."""
    kept: list[bool] = []

    def tag(found: re.Match[str]) -> str:
        if found[0] == "</g>":
            return found[0] if kept.pop() else ""
        kept.append(found[0] != "<g>")
        return found[0] if kept[-1] else ""

    return _PLAIN_GROUP.sub(tag, svg)


def _said_once(group: re.Match[str]) -> str:
    """A group of marks that says itself what all of its marks would say."""
    opening, marks = group.groups()
    said = [_INHERITED.findall(tag) for tag in _TAG.findall(marks) if not tag.startswith("</")]
    shared = [attribute for attribute in said[0] if all(attribute in other for other in said)]
    rest = _TAG.sub(lambda tag: _without(tag[0], shared), marks)
    return f"{opening}{''.join(shared)}>{_in_runs(rest) if _RULES.fullmatch(rest) else rest}"


def _in_runs(lines: str) -> str:
    """Lines of which several one after the other say the same, as those of a series do: a group says it for them."""
    parts = []
    for said, run in itertools.groupby(_TAG.findall(lines), lambda tag: tuple(_INHERITED.findall(tag))):
        tags = list(run)
        if said and len(tags) >= _RUN:
            tags = [f"<g{''.join(said)}>", *(_without(tag, said) for tag in tags), "</g>"]
        parts.extend(tags)
    return "".join(parts)


def _without(tag: str, attributes: Sequence[str]) -> str:
    for attribute in attributes:
        tag = tag.replace(attribute, "", 1)
    return tag


def spec_file(spec: Mapping[str, Any], rows_at: str = "") -> str:
    """A spec as canonical JSON, which any tool that draws Vega-Lite reads.

    Its points lead to rows on the page ``rows_at``, or on the page that shows the chart.
    """
    text = json.dumps(spec, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.replace('"href":"#n-', f'"href":"{rows_at}#n-') + "\n"
