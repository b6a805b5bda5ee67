"""Holds what people write to Markdown: raw HTML, attributes and unescaped strings are for generated code.

A page shows claims, badges, values and anchors that the build has tested. They are written by templates and macros. An
author who could write the same elements by hand could make a page look tested, so prose has none of them: no tag (in
handwritten pages only ``<lit kind>``), no attribute list, no filter that leaves a string unescaped, and nothing that
reaches into Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError

from harness.errors import UsageError

from ..editions.prose import Prose
from ..text.beside_value import demand_plain
from .prose_words import place_of

_CODE = re.compile(r"^(?P<fence>```+|~~~+)[^\n]*\n.*?^(?P=fence)[^\n]*$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_TAG = re.compile(r"<(?!https?://[^\s<>]+>)(?!/?lit\b)[a-zA-Z/!?][^\s<>]*")
_ANY_TAG = re.compile(r"<(?!https?://[^\s<>]+>)[a-zA-Z/!?][^\s<>]*")
_TYPED = re.compile(r"(?<![\w./:=#&-])\d[\d.,]*\S*")
_INDENTED = re.compile(r"^(?: {4}|\t).*$", re.MULTILINE)
_AMOUNT = re.compile(r"(?<![\w./:=#&-])\d[\d.,]*\s?(?:[a-zµμ%×]{1,2}\b|[%×]|tok)[^\s)]*")
_ATTRIBUTES = re.compile(r"\{:[^}\n]*|\{ ?[.#][\w-]+|\{ ?[\w-]+=[\"'][^}\n]*")
_UNESCAPED = frozenset({"safe", "autoescape", "include", "import", "from", "macro", "Markup", "attr", "scope", "self"})
_NAMING = frozenset({"set", "with", "filter", "call"})
"""Tags that make text of strings out of sight."""
_JOINING = frozenset("~+%*")
_CONTROLLED = frozenset({"{%-", "-%}", "{{-", "-}}", "{%+", "+%}", "{#-", "-#}"})
"""Tags that join the words on both sides of them."""
_FILTERS = frozenset({"interval", "figure", "n", "indent"})


@dataclass(frozen=True, slots=True)
class _Token:
    line: int
    kind: str
    text: str


def demand_markdown(text: str, name: str) -> None:
    """Raises ``UsageError`` with the line of raw HTML or of an attribute list in a handwritten page."""
    _demand(text, name, 1, _TAG)


def demand_markup(prose: Prose, root: Path) -> None:
    """The same of the prose of a report, whose macros and values stand in Jinja."""
    name = place_of(prose, root)
    try:
        tokens = [_Token(*token) for token in Environment(autoescape=True).lex(prose.body)]
    except TemplateSyntaxError:
        return  # the renderer says where
    for token in tokens:
        if token.kind == "data":
            _demand(token.text, name, token.line, _ANY_TAG)
            _demand_no_number_in_code(token.text, name, token.line)
        if token.text.strip() in _CONTROLLED:
            raise UsageError(f"{name}:{token.line}: {token.text.strip()!r} joins words; write {{%, %}}, {{{{ and }}}}")
        if token.kind == "name" and (token.text in _UNESCAPED | _NAMING or token.text.startswith("_")):
            raise UsageError(
                f"{name}:{token.line}: {token.text!r} has no place in prose; write text, values and macros"
            )
    for token in _made_of_strings(tokens):
        raise UsageError(f"{name}:{token.line}: {token.text!r} makes text of strings; write the text itself")
    for line, before, after in _around_values(tokens):
        try:
            demand_plain(before, after)
        except UsageError as error:
            raise UsageError(f"{name}:{line}: {error}") from None


def _demand(text: str, name: str, first: int, tag: re.Pattern[str]) -> None:
    plain = _CODE.sub(lambda found: "\n" * found[0].count("\n"), text)
    for pattern, what in ((tag, "raw HTML"), (_ATTRIBUTES, "an attribute list")):
        if found := pattern.search(plain):
            line = first + plain.count("\n", 0, found.start())
            raise UsageError(
                f"{name}:{line}: {found[0][:40]!r} is {what}; write Markdown, which generated code completes"
            )


def _demand_no_number_in_code(text: str, name: str, first: int) -> None:
    """In code nobody looks for numbers, so prose has none there but as a part of a name or of a setting."""
    for where, number in ((_CODE, _TYPED), (_INDENTED, _AMOUNT)):
        for code in where.finditer(text):
            for found in number.finditer(code[0]):
                line = first + text.count("\n", 0, code.start() + found.start())
                raise UsageError(f"{name}:{line}: {found[0]!r} is a number in code, which nothing tests; bind a value")


def _made_of_strings(tokens: list[_Token]) -> Iterator[_Token]:
    """Tokens of ``{{ … }}`` that are no value, no macro and no filter of ours: strings by themselves, strings that are
    joined, and methods of strings."""
    shown, depth = False, 0
    spoken = [token for token in tokens if token.kind != "whitespace"]
    for before, token, after in zip(spoken, spoken[1:], [*spoken[2:], None], strict=False):
        if token.kind in ("variable_begin", "variable_end"):
            shown, depth = token.kind == "variable_begin", 0
        elif token.text in ("(", "[") and token.kind == "operator":
            depth += bool(depth) or before.kind == "name"
        elif token.text in (")", "]") and token.kind == "operator":
            depth -= bool(depth)
        joins = token.kind == "operator" and token.text in _JOINING
        alone = token.kind == "string" and (not depth or before.kind == "string")
        filters = before.text == "|" and token.text not in _FILTERS
        calls = before.text == "." and after is not None and after.text == "("
        if shown and (joins or alone or (token.kind == "name" and (filters or calls))):
            yield token


def _around_values(tokens: list[_Token]) -> Iterator[tuple[int, str, str]]:
    """The text on both sides of each ``{{ v.NAME }}``; nothing where another expression or a tag stands there."""
    for start, token in enumerate(tokens):
        if token.kind != "variable_begin":
            continue
        end = next(place for place in range(start, len(tokens)) if tokens[place].kind == "variable_end")
        inside = [one.text for one in tokens[start:end] if one.kind in ("name", "operator")]
        if inside[:2] == ["v", "."]:
            yield token.line, _data(tokens, start - 1), _data(tokens, end + 1)


def _data(tokens: list[_Token], place: int) -> str:
    return tokens[place].text if 0 <= place < len(tokens) and tokens[place].kind == "data" else ""
