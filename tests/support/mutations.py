"""Seeded damage to a built site: one changed digit or byte at a time, by the kind of thing that it changes."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DIGITS = b"0123456789"
LETTERS = b"abcdefghijklmnopqrstuvwxyz"
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_BLANK = re.compile(rb"&#(?:9|10|12|13|32);")
Spans = Callable[[bytes], Iterator[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Mutation:
    """The byte at ``offset`` of the file ``name`` becomes ``byte``."""

    kind: str
    name: str
    offset: int
    byte: int

    def __str__(self) -> str:
        return f"{self.kind}: {self.name} at {self.offset} becomes {chr(self.byte)!r}"


@contextmanager
def applied(site: Path, mutation: Mutation) -> Iterator[None]:
    """The site with one mutation, which is taken back afterwards."""
    path = site / mutation.name
    original = path.read_bytes()
    damaged = bytearray(original)
    damaged[mutation.offset] = mutation.byte
    path.write_bytes(damaged)
    try:
        yield
    finally:
        path.write_bytes(original)


def digits(kind: str, site: Path, name: str, spans: Spans, count: int, rng: random.Random) -> Iterator[Mutation]:
    """``count`` digits within the spans of a file, each replaced by another digit.

    The digits of a reference to a blank are no number: another blank may be what it becomes.
    """
    data = (site / name).read_bytes()
    blanks = {place for found in _BLANK.finditer(data) for place in range(*found.span())}
    places = [place for start, end in spans(data) for place in range(start, end) if data[place] in DIGITS]
    places = [place for place in places if place not in blanks]
    for place in rng.sample(places, min(count, len(places))):
        yield Mutation(kind, name, place, rng.choice(DIGITS.replace(data[place : place + 1], b"")))


def bytes_of(kind: str, site: Path, name: str, count: int, rng: random.Random) -> Iterator[Mutation]:
    """``count`` bytes of a file, each replaced by another one."""
    data = (site / name).read_bytes()
    for place in rng.sample(range(len(data)), min(count, len(data))):
        yield Mutation(kind, name, place, (data[place] + rng.randrange(1, 256)) % 256)


def letters(kind: str, site: Path, name: str, spans: Spans, count: int, rng: random.Random) -> Iterator[Mutation]:
    """``count`` letters within the spans of a file, each replaced by another letter."""
    data = (site / name).read_bytes()
    places = [place for start, end in spans(data) for place in range(start, end) if data[place] in LETTERS]
    for place in rng.sample(places, min(count, len(places))):
        yield Mutation(kind, name, place, rng.choice(LETTERS.replace(data[place : place + 1], b"")))


def whole(data: bytes) -> Iterator[tuple[int, int]]:
    """All of a file."""
    yield 0, len(data)


def _groups(pattern: bytes) -> Spans:
    found = re.compile(pattern, re.DOTALL)

    def spans(data: bytes) -> Iterator[tuple[int, int]]:
        for match in found.finditer(data):
            yield from (match.span(group) for group in range(1, found.groups + 1))

    return spans


shown_numbers = _groups(rb"<data [^>]*>([^<]*)</data>")
full_precision = _groups(rb'<data [^>]*\bvalue="([^"]*)"')
value_ids = _groups(rb'(?:<a href="[^"#]*#n-|<data [^>]*\bdata-v=")([^"]*)"')
row_ids = _groups(rb'<tr id="n-([^"]*)"')
literals = _groups(rb'<(?:(?:span|td) data-lit="[a-z]+"|td|th)>([^<]*)</')
svg_text = _groups(rb"<text [^>]*>([^<]*)</text>")
coverage = _groups(rb'<p class="bv-coverage"([^>]*)>([^<]*)</p>')
claims = _groups(rb'<span class="bc-text">(.*?)</span>\s*<a class="bc-state"')
chart_rows = _groups(rb'"shown":(\[\{.*?\}\])\}')
chart_titles = _groups(rb'"title":"([^"]*)"')


def json_numbers(data: bytes) -> Iterator[tuple[int, int]]:
    """The digits of every value's number, texts, n, question, parents and id, and ten digits of each bound."""
    for match in re.finditer(rb'"(?:low|high)":([^,}]*)', data):
        yield match.start(1), min(match.end(1), match.start(1) + 10)
    keys = b"number|text|figure|level|n|scale|decimals|dims|digest|dataset|metric|where|parents|version"
    keys += b"|reference|key|of|date|source"
    for match in re.finditer(rb'"(?:' + keys + rb')":("(?:[^"\\]|\\.)*"|\[[^\]]*\]|\{[^}]*\}|[^,}]*)', data):
        yield match.span(1)
    for match in re.finditer(rb'"([a-z0-9-]+-[0-9a-f]{8})":\{"caution"', data):
        yield match.span(1)


def significant(data: bytes) -> Iterator[tuple[int, int]]:
    """The first ten digits of every last column of a CSV file, and the other columns: no digit below 1e-10."""
    for line in re.finditer(rb"^(.*,)([^,\n]*)$", data, re.MULTILINE):
        yield line.span(1)
        yield line.start(2), min(line.end(2), line.start(2) + 10)


cited_numbers = _groups(rb"(?:value|range|values): ([^\n]*)")
conclusions = _groups(rb"<tr [^>]*data-(?:claim-pair|finding|circumstance)=[^>]*>.*?<td[^>]*>([^<]*)</td></tr>")
recorded_on = _groups(rb'data-relation="[^"]*">([^<]*)')
in_all_recordings = _groups(rb'data-in-all-recordings="[^"]*">([^<]*)')
differing = _groups(
    rb'data-differs="[^"]*"><a[^>]*><span[^>]*>[^<]*</span></a>(: [a-z ]+ in )<span[^>]*>[^<]*</span>(, [a-z ]+ in )<'
)
recordings = _groups(rb'data-(?:claim-pair|finding|circumstance|pairs|findings|relation)="([^"]*)"')
pairs_stated = _groups(rb'"recordings":(\[.*?\}\}\])')
states_of_recordings = _groups(rb'"recordings":\[\{"claims":(\{[^}]*\})')
states_of_all = _groups(rb"<tr [^>]*data-claim-of=[^>]*>.*?</th><td>([^<]*)</td><td>([^<]*)</td><td>([^<]*)</td></tr>")
claims_said = _groups(rb'"text":"((?:[^"\\]|\\.)*)"')
feed_lines = _groups(rb"<summary>(.*?)</summary>")


def charts(site: Path) -> list[str]:
    """The chart specs of a site."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("charts/*.vl.json"))


def listed(site: Path) -> list[str]:
    """Every file that the site's own list names."""
    return sorted(json.loads((site / "files.json").read_bytes())["files"])
