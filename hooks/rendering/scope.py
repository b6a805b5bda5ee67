"""What one page shows: every value that is rendered passes through its ``Scope``, which keeps the account."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import NoReturn

from markupsafe import Markup

from harness.errors import UsageError

from ..claims.claim import AnyClaim, claim_html
from ..claims.lexicon import stated
from ..content.blocks import Cell, Content, Form, Lit
from ..text import placeholders
from ..text.escaping import escape_markdown, literal
from ..text.placeholders import Literal
from ..values.html import number_html, value_html
from ..values.value import Value

_FEWEST_WORDS = 3
"""A reason has so many."""
_MOST_WORDS = 4
"""A word that compares has no more of them: a sentence is a claim."""
_TO_ROW = re.compile(r'<a [^<>]*?href="(?=#(?:n|claim)-)')


class Scope:
    """The values shown on one page, in order of their first appearance.

    ``rows_at`` is the address of the page that has the rows of its numbers and claims; empty where it has them itself.
    """

    def __init__(self, content: Content, rows_at: str = "") -> None:
        self.content = content
        self.rows_at = rows_at
        self.shown: dict[str, Value] = {}
        self.literals: Counter[str] = Counter()
        self.figures: list[str] = []
        self.claims: dict[str, AnyClaim] = {}

    def show(self, value: Value, form: Form = "text") -> Markup:
        """A value in prose or in a cell."""
        return self._show(value, value.text if form == "text" else value.figure, bounds=form == "interval")

    def interval(self, value: Value) -> Markup:
        """A value with its unit, and its interval in brackets."""
        return self._show(value, value.text, bounds=True)

    def _show(self, value: Value, text: str, *, bounds: bool) -> Markup:
        self.shown.setdefault(value.id, value)
        return self.leading(value_html(value, text, bounds=bounds))

    def leading(self, shown: str) -> Markup:
        """HTML of ours, its links to rows leading to where the rows are."""
        return Markup(_TO_ROW.sub(lambda found: found[0] + self.rows_at, shown))  # noqa: S704

    def claim(self, claim: AnyClaim, note: str = "", *, anchor: bool = True) -> Markup:
        """A claim with its state; ``note`` is HTML already. Only one mention of it on a page is its ``anchor``."""
        self.claims[claim.id] = claim
        for value in claim.values.values():
            self.shown.setdefault(value.id, value)
        return self.leading(claim_html(claim, note, anchor=anchor))

    def sentence(self, claim: AnyClaim) -> Markup:
        """The sentence of a claim that another page states."""
        for value in claim.values.values():
            self.shown.setdefault(value.id, value)
        return self.leading(claim.html)

    def n(self, value: Value) -> Markup:
        """How many runs stand behind a value."""
        self.shown.setdefault(value.id, value)
        return number_html(value, str(value.n or 0), part="n", named=True)

    def lit(self, text: object, kind: str) -> Markup:
        """A number that is not a measurement, declared as what it is."""
        self.literals[kind] += 1
        return literal(text, kind)

    def word(self, text: str, reason: str) -> Markup:
        """A word that compares and that no claim tests, with the reason why it needs none."""
        if len(reason.split()) < _FEWEST_WORDS:
            raise UsageError(f"word({text!r}) gives no reason; say in some words why no claim needs to test it")
        if len(text.split()) > _MOST_WORDS:
            raise UsageError(f"word({text!r}) is a sentence; state it as a claim")
        for said in stated(text):
            raise UsageError(f"word({text!r}) states {said!r}, which no reason makes true; state it as a claim")
        return Markup('<span class="b-word" data-reason="{}">{}</span>').format(
            escape_markdown(reason), escape_markdown(text)
        )

    def words(self, text: str) -> Markup:
        """Words of a dated entry of a front matter; a number among them is declared, as in ``{12 ms|published}``."""
        return Markup("").join(
            self.lit(part.text, part.kind) if isinstance(part, Literal) else escape_markdown(part.text)
            for part in placeholders.parts(text, _no_more, "a value here", dated=True)
        )

    def cell(self, cell: Cell, form: Form) -> Markup:
        """One cell of a table."""
        if isinstance(cell, Value):
            return self.show(cell, form)
        if isinstance(cell, Lit):
            return self.lit(cell.text, cell.kind)
        return escape_markdown(cell)

    def output(self, item: object) -> Markup:
        """What ``{{ item }}`` writes: a value is shown, a string is escaped, a bare number is refused."""
        if isinstance(item, Markup):
            return item
        if isinstance(item, Value):
            return self.show(item)
        if isinstance(item, Lit):
            return self.lit(item.text, item.kind)
        if isinstance(item, bool | int | float):
            _refuse(item)
        return escape_markdown(item)


def _no_more(_: str) -> Literal | None:
    return None


def _refuse(number: float) -> NoReturn:
    raise UsageError(
        f"the bare number {number!r} cannot be shown; make it a value, or declare it: lit({number!r}, KIND)"
    )


class Findings(Mapping[str, Value]):
    """The findings of a page by name, as ``v.NAME``. An unknown name says which there are."""

    def __init__(self, findings: Mapping[str, Value], report: str) -> None:
        self._findings = findings
        self._report = report

    def __getitem__(self, name: str) -> Value:
        return self._findings[name]

    def __getattr__(self, name: str) -> Value:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self._findings[name]
        except KeyError:
            close = ", ".join(sorted(self._findings))
            raise UsageError(f"{self._report} computes no finding {name!r}; it has: {close}") from None

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._findings)

    def __len__(self) -> int:
        return len(self._findings)
