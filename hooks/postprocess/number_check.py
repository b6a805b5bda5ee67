"""Holds every built page to its numbers: scans it, states its coverage on it, and reports all loose numbers at once.

<p class="bv-coverage"></p>      where a page shows its own coverage
<div class="bv-totals"></div>    where a page shows that of all pages; filled when all are known
"""

from __future__ import annotations

import hashlib
import html
import json
import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ..text.escaping import escape_html
from .number_scan import Scan, scan_html, scan_spec
from .unbound_numbers import GENERATED, Source, UnboundNumber, messages

PLACE = '<p class="bv-coverage"></p>'
TOTALS = '<div class="bv-totals"></div>'
NAMES = frozenset({"SHA-256"})
"""Names with digits in them that may stand anywhere."""

Sources = Callable[[], Sequence[Source]]
Assets = Mapping[str, bytes | Path]
_SPEC = re.compile(r'\bdata-spec="([^"]+)"')


class Binder:
    """The pages of one build. ``identifiers`` are names, such as report ids, that may stand anywhere."""

    def __init__(self, identifiers: Iterable[str]) -> None:
        self._identifiers = frozenset(identifiers) | NAMES
        self._scans: dict[str, Scan] = {}
        self._problems: list[str] = []

    def page(
        self,
        name: str,
        built: str,
        sources: Sources,
        assets: Assets | None = None,
        *,
        live: bool = False,
        remedy: str = GENERATED,
    ) -> str:
        """``built`` with its coverage. ``live`` shows loose numbers on the page itself instead of keeping them.

        ``remedy`` says what to do about one. ``sources`` gives the files in which a loose number may have been typed;
        it is asked only where there is one.
        ``assets`` holds the chart specs that the page names, by their paths in the site.
        """
        specs = map(json.loads, specs_on(name, built, assets or {}))
        charts = (scan_spec(spec, _shown(spec), self._identifiers) for spec in specs)
        scan = self._scans[name] = scan_html(built, self._identifiers) + sum(charts, Scan())
        found = list(messages(name, scan, sources(), remedy)) if scan.loose else []
        if not live:
            self._problems += found
            found = []
        return _with_errors(built.replace(PLACE, coverage_html(scan), 1), found)

    def scan(self, name: str) -> Scan:
        """The numbers of a page."""
        return self._scans[name]

    def known(self, name: str, scan: Scan) -> None:
        """The numbers of a page that was scanned before."""
        self._scans[name] = scan

    def demand(self) -> None:
        """Raises ``UnboundNumber`` with the loose numbers of all pages, one a line."""
        if self._problems:
            raise UnboundNumber("\n".join(self._problems))

    def totals(self) -> str:
        """The coverage of every page that shows numbers, as an HTML table."""
        return totals_html({name: scan for name, scan in self._scans.items() if scan.numbers or scan.declared})


def coverage_html(scan: Scan) -> str:
    """The sentence with which a page states its own coverage; the verifier counts again."""
    declared = "\n".join(f"{literal.kind} {literal.text}" for literal in scan.declared)
    sentence = Markup(
        '<p class="bv-coverage" data-bound="{bound}" data-numbers="{numbers}" data-declared="{more}"'
        ' data-literals="{digest}">{bound} of {numbers} numbers bound to data;'
        " {more} more are declared settings, names, dates, definitions or thresholds.</p>"
    )
    digest = hashlib.sha256(declared.encode()).hexdigest()
    return str(sentence.format(bound=scan.bound, numbers=scan.numbers, more=len(scan.declared), digest=digest))


def totals_html(scans: Mapping[str, Scan]) -> str:
    """One row a page and one for the site. Links are relative to the site's root."""
    rows = [(Markup('<a href="{0}">{0}</a>').format(escape_html(name)), scan) for name, scan in sorted(scans.items())]
    rows.append((Markup("all pages"), sum(scans.values(), Scan())))
    row = Markup("<tr><th scope='row'>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>")
    body = Markup("").join(row.format(name, scan.bound, scan.numbers, len(scan.declared)) for name, scan in rows)
    titles = ("page", "bound", "numbers", "declared")
    head = Markup("").join(Markup("<th scope='col'>{}</th>").format(title) for title in titles)
    table = Markup(
        '<div class="b-table bv-totals bv-coverage" tabindex="0" role="region" aria-label="Numbers of each page">'
        "<table class='b-grid'><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    )
    return str(table.format(head, body))


def fill_totals(site: Path, pages: Collection[str], totals: str) -> None:
    """Puts the totals into the built ``pages`` that have a place for them."""
    for name in pages:
        path = site / name
        built = path.read_text(encoding="utf-8")
        if TOTALS in built:
            here = totals.replace('href="', f'href="{"../" * name.count("/")}')
            path.write_text(built.replace(TOTALS, here), encoding="utf-8")


def specs_on(name: str, page: str, assets: Assets) -> Iterator[bytes]:
    """The specs of the charts on a page, as JSON."""
    for address in _SPEC.findall(page):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), html.unescape(address)))
        script = assets.get(path)
        if isinstance(script, bytes):
            yield script


def _shown(spec: Mapping[str, Any]) -> list[str]:
    """What a chart's description may repeat: the texts in its data."""
    data = spec.get("data", {})
    rows = data.get("values") or spec.get("datasets", {}).get(data.get("name"), ())
    return [text for row in rows for text in row.values() if isinstance(text, str)]


def _with_errors(built: str, found: Sequence[str]) -> str:
    if not found:
        return built
    lines = Markup("").join(Markup("<li>{}</li>").format(escape_html(line)) for line in found)
    title = Markup('<p class="admonition-title">Numbers that nothing stands behind</p>')
    block = str(Markup('<div class="admonition failure">{}<ul>{}</ul></div>').format(title, lines))
    return built.replace("<article", block + "<article", 1) if "<article" in built else block + built
