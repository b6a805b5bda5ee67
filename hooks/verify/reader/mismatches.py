"""What verification found: every mismatch, by the check that found it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .visible_text import printable


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that a check looked at: a file of the site, and what is wrong there (null: nothing)."""

    place: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something that the site says and that is not so."""

    check: str
    place: str
    problem: str


@dataclass(slots=True)
class Report:
    """What a site was found to be. ``examined`` counts what each check looked at: nothing looked at proves nothing.

    ``notes`` say what the site was compared with and what was not looked at.
    """

    mismatches: list[Mismatch] = field(default_factory=list)
    examined: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.mismatches

    def add(self, check: str, found: Iterable[Examined]) -> None:
        """Counts all that one check looked at, and keeps what is wrong."""
        self.examined[check] += 0
        for item in found:
            self.examined[check] += 1
            if item.problem is not None:
                self.mismatches.append(Mismatch(check, item.place, item.problem))

    @classmethod
    def of(cls, check: str, examined: int, wrong: Iterable[tuple[str, str]]) -> Report:
        """What one check looked at: how much, and each place with what is wrong there."""
        return cls([Mismatch(check, place, problem) for place, problem in wrong], Counter({check: examined}))

    def join(self, other: Report) -> None:
        """Takes what another report says of other checks."""
        self.mismatches += other.mismatches
        self.examined.update(other.examined)

    def lines(self) -> Iterator[str]:
        """For people: the notes, each class of mismatch with all of its cases, then how much was examined.

        A line of what a site says stays one line of characters that can be seen.
        """
        yield from map(printable, self.notes)
        by_check = Counter(found.check for found in self.mismatches)
        for check, count in by_check.items():
            yield f"{check}: {count} mismatch{'' if count == 1 else 'es'}"
            for found in self.mismatches:
                if found.check == check:
                    yield f"  {printable(found.place)}: {printable(found.problem)}"
        for check, count in self.examined.items():
            yield f"{check}: {count} examined, {by_check[check] or 'none'} wrong"
