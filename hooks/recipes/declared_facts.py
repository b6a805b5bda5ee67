"""The facts that a report module declares, checked when its content is made."""

from __future__ import annotations

from collections.abc import Collection

from harness.errors import UsageError

from ..content.facts import Facts, Flag
from .module_errors import NotMade, calling_line

_HEADLINE = "the headline"


class DeclaredFacts:
    """What was declared so far. Each fact is declared once (``UsageError``)."""

    def __init__(self) -> None:
        self._headline: tuple[str, ...] | None = None
        self._restates: dict[str, str] = {}
        self._no_effect: dict[str, None] = {}
        self._flags: dict[str, Flag] = {}
        self._lines: dict[str, int] = {}

    def headline(self, claim_ids: tuple[str, ...]) -> None:
        """The first of ``claim_ids`` that is made will stand for the report."""
        if self._headline is not None:
            raise UsageError("a report has one headline; name all claims that may be it in one call")
        self._headline = claim_ids
        self._lines[_HEADLINE] = calling_line()

    def restates(self, quantity: str, claim_id: str) -> None:
        """``claim_id`` tests what was published earlier of ``quantity``."""
        if quantity in self._restates:
            raise UsageError(f"two claims restate {quantity!r}; keep one")
        self._restates[quantity] = claim_id
        self._lines[quantity] = calling_line()

    def no_effect(self, factor: str) -> None:
        """The levels of ``factor`` were one configuration."""
        self._no_effect[factor] = None

    def flag(self, name: str, said: Flag) -> None:
        """A truth or words, by name."""
        if not isinstance(said, bool | str):
            raise UsageError(f"flag {name!r} is {type(said).__name__}; prose branches on true, false or words")
        if name in self._flags:
            raise UsageError(f"two flags are called {name!r}; rename one")
        self._flags[name] = said

    def made(self, claims: Collection[str]) -> Facts:
        """The facts of a report that makes ``claims``. Raises ``NotMade`` for one that names no claim of them."""
        there = f"the report makes: {', '.join(claims) or 'no claim'}"
        for quantity, claim in self._restates.items():
            if claim not in claims:
                said = f"{quantity!r} is restated by the claim {claim!r}, which is not made; {there}"
                raise NotMade(said, self._lines[quantity])
        found = next((claim for claim in self._headline or () if claim in claims), "")
        if self._headline is not None and not found:
            named = " or ".join(map(repr, self._headline)) or "none"
            raise NotMade(f"the headline is a claim that is not made: {named}; {there}", self._lines[_HEADLINE])
        return Facts(found, dict(self._restates), tuple(self._no_effect), dict(self._flags))
