"""Escaping for each sink, and the HTML of a value and of a declared literal.

Every string that a model, a server, a file or a study wrote is hostile until it went through one of these.
Nothing of the kind is ever a Jinja template: templates come from ``templates/`` and ``docs/`` only.
"""

from __future__ import annotations

import html
import json
import re
from enum import StrEnum
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from harness.errors import UsageError

_MARKDOWN = re.compile(r"[\\`*_{}\[\]#|~^$&<>\"'@!]|^[-+:=]|(?<=^\d)[.)]|^\s+|(?<=\d)[.)](?=\s)")
_PLANES = range(0x10000, 0x110000, 0x10000)
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffc"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff" + "".join(f"{chr(n + 0xFFFE)}{chr(n + 0xFFFF)}" for n in _PLANES) + "]"
)
_SCHEMES = frozenset({"", "http", "https", "mailto"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class LiteralKind(StrEnum):
    """What a number that is not a measurement may be."""

    SETTING = "setting"
    IDENTIFIER = "identifier"
    DATE = "date"
    DEFINITION = "definition"
    THRESHOLD = "threshold"
    PUBLISHED = "published"
    """What a page showed at the date of the entry that says so: in changelogs and errata only."""


_UNITS = (
    r"(?:tok|tokens?|req|requests?|chunks?|answers?)\s*(?:/|per)\s*s|[kmM]?W\b|[kmM]?J\b|[kM]?Wh\b|J/|times\b|USD|€|°C"
)
_MEASURED = re.compile(rf"\d\s*(?:{_UNITS}|×(?!\s*\d))")
_MEASURED_AFTER = re.compile(rf"\d[*_]*(?:×(?!\s*\d)|[\s-]*(?:{_UNITS}))")
_DATE = re.compile(r"(?:\d{4}(?:-\d{2}(?:-\d{2})?)?|\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{4})(?:T[\d:.+Z-]+)?")


def refuse_measurement(text: str, kind: LiteralKind, after: str = "", *, dated: bool = False) -> None:
    """Raises ``UsageError`` for a literal in a unit that is only ever measured, and for a date that is none.

    The unit may stand in the literal or begin what comes ``after`` it. A threshold may have such a unit: it says what a
    measurement is held against. So may what a page showed once, in a text that is ``dated``.
    """
    if kind is LiteralKind.PUBLISHED and not dated:
        raise UsageError(
            f"{text!r} is declared {kind}, which only a dated entry of the changelog or the errata is; bind a value"
        )
    if kind is LiteralKind.DATE and not _DATE.fullmatch(text):
        raise UsageError(f"{text!r} is no date; write such as 2026-11-25")
    if kind in (LiteralKind.THRESHOLD, LiteralKind.PUBLISHED):
        return
    found = _MEASURED.search(text) or _MEASURED_AFTER.match(text[-1:] + after)
    if found:
        raise UsageError(
            f"{text!r} is declared a {kind} and measured in {found[0].lstrip('0123456789*_- ')!r}; bind a value"
        )


def visible(text: object) -> str:
    """``text`` with control characters, invisible direction marks and non-characters shown as ``U+XXXX``."""
    return _CONTROL.sub(lambda found: f"\u27e8U+{ord(found[0]):04X}\u27e9", str(text))


def one_line(text: object) -> str:
    """``visible`` text on a single line: for labels and titles of charts, which no sink escapes."""
    return visible(text).replace("\n", " ").replace("\t", " ")


def escape_html(text: object) -> Markup:
    """For HTML text and quoted attributes that are not inside Markdown."""
    return Markup(html.escape(visible(text), quote=True))  # noqa: S704 escaped here


def escape_markdown(text: object) -> Markup:
    """For running Markdown and for HTML inside Markdown: every special character becomes a character reference."""
    escaped = _MARKDOWN.sub(lambda found: "".join(f"&#{ord(character)};" for character in found[0]), one_line(text))
    return Markup(escaped)  # noqa: S704 escaped here


def escape_code(text: object) -> str:
    """For one line inside a Markdown code span or fence, where character references would show as typed."""
    return visible(text).replace("\n", " ").replace("`", "\u02cb")


def escape_json(data: object) -> str:
    """Canonical JSON that is safe inside a script or an attribute as well."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def escape_url(address: str) -> str:
    """An address for ``href``; one with a scheme other than http, https or mailto becomes ``#``."""
    try:
        scheme = urlsplit(address.strip()).scheme.lower()
    except ValueError:
        return "#"
    if scheme not in _SCHEMES:
        return "#"
    return html.escape(quote(address.strip(), safe="/:?#[]@!$&'()*+,;=%~-._"), quote=True)


def escape_csv(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: such a text gets a leading apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def literal(text: object, kind: str) -> Markup:
    """A number that is not a measurement, declared as what it is.

    Raises ``ValueError`` for an unknown kind. What an author declares goes through ``refuse_measurement`` first.
    """
    return Markup('<span data-lit="{}">{}</span>').format(str(LiteralKind(kind)), escape_markdown(text))
