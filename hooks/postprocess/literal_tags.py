"""Declared literals of handwritten pages: ``<lit threshold>95 %</lit>`` in plain Markdown.

A reader of the Markdown sees the number alone, for renderers leave out a tag that they do not know.
"""

from __future__ import annotations

import re
from html import unescape

from harness.errors import UsageError

from ..text.escaping import LiteralKind, refuse_measurement
from .unbound_numbers import Source

_LITERAL = re.compile(r"<lit\b([^<>]*)>(.*?)</lit>(?=(.{0,80}))", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>?")


def declare(html: str, source: Source) -> str:
    """The page with its literals marked as such. Raises ``UsageError`` with file and line of an unknown kind."""
    return _LITERAL.sub(lambda found: _marked(found[1].strip(), found[2], found[3], source), html)


def _marked(kind: str, inside: str, after: str, source: Source) -> str:
    if kind not in set(LiteralKind):
        line = next((number for number, text in enumerate(source.lines, 1) if f"<lit {kind}" in text), 1)
        kinds = ", ".join(LiteralKind)
        raise UsageError(f"{source.name}:{line}: a literal of the kind {kind!r}; choose one of: {kinds}")
    try:
        refuse_measurement(unescape(inside), LiteralKind(kind), unescape(_TAG.sub("", after)))
    except UsageError as error:
        line = next((number for number, text in enumerate(source.lines, 1) if inside in text), 1)
        raise UsageError(f"{source.name}:{line}: {error}") from None
    return f'<span data-lit="{kind}">{inside}</span>'
