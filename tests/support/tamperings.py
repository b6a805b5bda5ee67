"""Makes tamperings of a built site by kinds: what somebody would change who wants readers to believe something else."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

Edit = Callable[[re.Match[bytes], random.Random], bytes]
WORDS = (b"never", b"always", b"faster", b"slower", b"not", b"every", b"equivalent", b"replicated", b"optimal")
"""What stands for another word after tampering."""


@dataclass(frozen=True, slots=True)
class Tampering:
    """One file of a site with other content: ``before`` became ``after`` in it."""

    kind: str
    name: str
    before: bytes
    after: bytes
    content: bytes

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}: {self.before[:60]!r} → {self.after[:60]!r}"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is changed: the first group of ``pattern``, or all of it, in the files that ``files`` fit."""

    name: str
    files: str
    pattern: bytes
    edit: Edit

    def tamperings(self, site: Path, names: Sequence[str], number: int, rng: random.Random) -> Iterator[Tampering]:
        """At most ``number`` distinct ones, each file in its turn."""
        fitting = [name for name in names if fnmatch(name, self.files)]
        rng.shuffle(fitting)
        found = {name: list(re.finditer(self.pattern, (site / name).read_bytes(), re.DOTALL)) for name in fitting}
        turns = [name for _ in range(number) for name in fitting if found[name]]
        made: set[tuple[str, bytes]] = set()
        for name in turns:
            one = self._tampering(name, rng.choice(found[name]), rng)
            if len(made) < number and one.before != one.after and (name, one.content) not in made:
                made.add((name, one.content))
                yield one

    def _tampering(self, name: str, match: re.Match[bytes], rng: random.Random) -> Tampering:
        group = 1 if match.re.groups == 1 else 0
        start, end = match.span(group)
        after = self.edit(match, rng)
        return Tampering(self.name, name, match[group], after, match.string[:start] + after + match.string[end:])


def another_word(match: re.Match[bytes], rng: random.Random) -> bytes:
    text = match[match.re.groups]
    words = list(re.finditer(rb"[A-Za-z]{3,}", text))
    if not words:
        return text
    word = rng.choice(words)
    other = rng.choice([new for new in WORDS if new != word[0].lower()])
    return text[: word.start()] + other + text[word.end() :]


def another_digit(match: re.Match[bytes], rng: random.Random) -> bytes:
    text = match[match.re.groups]
    places = [one.start() for one in re.finditer(rb"[0-9]", text)]
    if not places:
        return text
    place = rng.choice(places)
    other = rng.choice([digit for digit in b"0123456789" if digit != text[place]])
    return text[:place] + bytes([other]) + text[place + 1 :]


def another_byte(match: re.Match[bytes], rng: random.Random) -> bytes:
    text = match[match.re.groups]
    place = rng.randrange(len(text))
    return text[:place] + bytes([text[place] ^ (1 << rng.randrange(8))]) + text[place + 1 :]


def nothing(match: re.Match[bytes], _: random.Random) -> bytes:
    return b""


def twice(match: re.Match[bytes], _: random.Random) -> bytes:
    return match[match.re.groups] * 2


def exchanged(match: re.Match[bytes], _: random.Random) -> bytes:
    """Two things that follow each other, in the other order."""
    return match[3] + match[2] + match[1]


def instead(other: bytes) -> Edit:
    return lambda _, __: other


def with_more(more: bytes) -> Edit:
    return lambda match, _: match[match.re.groups] + more


ROW, HEAD, CELL = (rb"<%s(?: [^>]*)?>(?:(?!<%s[ >]).)*?</%s>" % (tag, tag, tag) for tag in (b"tr", b"th", b"td"))

POLICY = rb'<meta http-equiv="Content-Security-Policy" content="([^"]+)'

KINDS = (
    Kind("words", "*.html", rb"<(?:p|li|td|h2|h3|span)(?: [^>]*)?>([^<>]{12,})<", another_word),
    Kind("claims", "*.html", rb'<span class="bc-text">([^<]{8,})', another_word),
    Kind("states", "*.html", rb'data-state="([a-z ]+)"', another_word),
    Kind("numbers", "*.html", rb"<data [^>]*>([^<]*[0-9][^<]*)</data>", another_digit),
    Kind("rows removed", "*.html", b"(" + ROW + b")", nothing),
    Kind("rows doubled", "*.html", b"(" + ROW + b")", twice),
    Kind("rows exchanged", "*.html", rb"(%s)(\s*)(%s)" % (ROW, ROW), exchanged),
    Kind("headers exchanged", "*.html", rb"(%s)(\s*)(%s)" % (HEAD, HEAD), exchanged),
    Kind("headers renamed", "*.html", rb"<th[^>]*>([^<]{3,})", another_word),
    Kind("cells exchanged", "*.html", rb"(%s)(\s*)(%s)" % (CELL, CELL), exchanged),
    Kind(
        "results relabelled",
        "compare/*.html",
        rb"<td(?: data-lit[^>]*)?>([A-Za-z][^<]{3,})",
        another_word,
    ),
    Kind(
        "advice changed",
        "advisor.html",
        rb'<td data-label="[a-z ]+">(?:<[a-z]+[^>]*>)*([A-Za-z][^<]{3,})',
        another_word,
    ),
    Kind("changes of history", "history/*.html", rb'<p class="b-finding">([^<]{8,})', another_word),
    Kind("rows of numbers removed", "*/numbers.html", rb'(<tr id="n-.*?</tr>)', nothing),
    Kind("rows of other numbers", "*/numbers.html", rb'<tr id="n-([^"]*[0-9][^"]*)"', another_digit),
    Kind("links to rows", "*.html", rb'href="[^"#]*/numbers\.html#n-([^"]*[0-9][^"]*)"', another_digit),
    Kind("codes on paper", "*.html", rb'<div class="b-paper".*?<path[^>]* d="([^"]+)"', another_digit),
    Kind("units", "*.html", rb"<data [^>]*>[0-9.,]+\xc2\xa0([^<]+)</data>", with_more(b"h")),
    Kind("drawings moved", "*.html", rb'<(?:path|line|circle)[^>]* transform="translate\(([0-9.]+)', another_digit),
    Kind("drawings coloured", "*.html", rb' (?:fill|stroke|class|opacity)="([a-z -]{4,})"', another_word),
    Kind("drawings labelled", "*.html", rb"<text [^>]*>([^<]{3,})</text>", another_word),
    Kind("chart specs", "*/charts/*.vl.json", rb'"(?:title|type|field|label|text)":"([^"]{3,})"', another_word),
    Kind("chart numbers", "*/charts/*.vl.json", rb'"(?:number|low|high)":([0-9][0-9.]*)', another_digit),
    Kind("scripts in pages", "*.html", rb"<script(?: [^>]*)?>([^<]{10,})</script>", with_more(b";alert(1)")),
    Kind("scripts added", "*.html", rb"(</article>)", with_more(b"<script>document.title='x'</script>")),
    Kind("script files", "*.js", rb"(function\b)", with_more(b" /* */")),
    Kind(
        "policies",
        "*.html",
        POLICY,
        with_more(b" *"),
    ),
    Kind("styles", "*.css", rb"\{([^{}]{8,})\}", with_more(b";display:none")),
    Kind("styles in pages", "*.html", rb'class="(bc-[a-z-]+)"', with_more(b'" style="display:none')),
    Kind("titles", "*.html", rb"<title>([^<]+)</title>", another_word),
    Kind("descriptions", "*.html", rb'<meta [^>]*name="?description"?[^>]* content="([^"]+)"', another_word),
    Kind("social metadata", "*.html", rb'<meta property="?og:[a-z:]+"? content="([^"]+)"', another_word),
    Kind("canonical links", "*.html", rb'<link rel="?canonical"? href="https?://([^"]+)', another_word),
    Kind("links", "*.html", rb' href="([^"#]{5,})"', another_word),
    Kind("cards", "cards/*.png", rb"IDAT(.{64,}?)IEND", another_byte),
    Kind("images", "assets/*.png", rb"^(.{64,})$", another_byte),
    Kind("feeds", "feed.xml", rb">([^<>]{6,})<", another_word),
    Kind("feed dates", "feed.xml", rb"<updated>([^<]+)<", another_digit),
    Kind("summary", "summary.json", rb'"[a-z]+":"([^"]{8,})"', another_word),
    Kind("tables to download", "*.csv", rb"\n([^\n]*[0-9][^\n]*)\n", another_digit),
    Kind("lines to download", "*.csv", rb"(\n[^\n]+)(?=\n)", nothing),
    Kind("sealed tables", "data/*.parquet", rb"^(.+)$", another_byte),
    Kind("cited figures", "data/cited/*.yml", rb"(?:value|range|values): ([^\n]*[0-9][^\n]*)", another_digit),
    Kind("manifests", "data/*/manifest.json", rb'"(?:cpu_model|created|profile|title)":"([^"]+)"', another_byte),
    Kind("digests of files", "files.json", rb'":"([0-9a-f]{64})"', another_digit),
    Kind("digests of datasets", "*.html", rb"([0-9a-f]{64})", another_digit),
    Kind("list of what is sealed", "data/SEALED", rb"([0-9a-f]{64} [0-9-]+)", another_digit),
    Kind("values", "*/values.json", rb'"(?:definition|text|name|caution|operation)":"([^"]{4,})"', another_word),
    Kind("search index", "search/search_index.js*", rb'"(?:text|title)":"([^"]{8,})"', another_word),
    Kind("sitemap", "sitemap.xml", rb"<(?:loc|lastmod)>([^<]+)<", another_byte),
    Kind("packed sitemap", "sitemap.xml.gz", rb"^(.+)$", another_byte),
    Kind("notes for readers with a screen reader", "*.html", rb'aria-label="([^"]{6,})"', another_word),
)


def tamperings(site: Path, kinds: Sequence[Kind] = KINDS, number: int = 10, seed: int = 199) -> Iterator[Tampering]:
    """At most ``number`` of each kind."""
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    for kind in kinds:
        yield from kind.tamperings(site, names, number, random.Random(f"{seed} {kind.name}"))
