"""The facts that a report module declares, checked when its content is made."""

from __future__ import annotations

from collections.abc import Collection

from harness.errors import UsageError

from ..content.facts import Facts, Flag
from .module_errors import NotMade, calling_line


class DeclaredFacts:
    """What was declared so far. Each fact is declared once (``UsageError``)."""

    def __init__(self) -> None:
        self._headline: tuple[str, ...] | None = None
        self._no_effect: dict[str, None] = {}
        self._flags: dict[str, Flag] = {}
        self._line = 0

    def headline(self, claim_ids: tuple[str, ...]) -> None:
        """The first of ``claim_ids`` that is made will stand for the report."""
        if self._headline is not None:
            raise UsageError("a report has one headline; name all claims that may be it in one call")
        self._headline = claim_ids
        self._line = calling_line()

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
        """The facts of a report that makes ``claims``. Raises ``NotMade`` for a headline that is none of them."""
        found = next((claim for claim in self._headline or () if claim in claims), "")
        if self._headline is not None and not found:
            named = " or ".join(map(repr, self._headline)) or "none"
            there = f"the report makes: {', '.join(claims) or 'no claim'}"
            raise NotMade(f"the headline is a claim that is not made: {named}; {there}", self._line)
        return Facts(found, tuple(self._no_effect), dict(self._flags))
