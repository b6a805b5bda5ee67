"""A claim: a sentence, the values that it shows, and a predicate over their intervals.

    Claim("cold-slower", "A cold request takes {ratio} as long.", {"ratio": cold / warm}, "ratio.low > 1")

Its state is computed from the data at every build. The state that a person read the sentence for is kept in
``docs/reports/<report>.claims.yml`` (see ``review.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from harness.errors import UsageError

from . import sentences
from .markup import escape_html
from .predicates import Predicate, names, parse
from .records import Record
from .values import Value
from .verdicts import State, bounds_of, decide

_ID = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Claim:
    """A sentence bound to values. Raises ``UsageError`` where a name, a unit or the grammar does not fit."""

    id: str
    sentence: str
    values: Mapping[str, Value]
    predicate: str

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise UsageError(f"claim id {self.id!r} must be lower-case words joined by hyphens")
        unknown = (names(self._parsed) | sentences.names(self.parts)) - set(self.values)
        if unknown:
            raise UsageError(f"claim {self.id!r} mentions {', '.join(sorted(unknown))}, which it does not bind")
        if not names(self._parsed):
            raise UsageError(f"claim {self.id!r} has a predicate that asks no value; it could never fail")
        decide(self._parsed, {name: bounds_of(value) for name, value in self.values.items()})

    @cached_property
    def _parsed(self) -> Predicate:
        return parse(self.predicate)

    @cached_property
    def parts(self) -> tuple[sentences.Piece, ...]:
        """The sentence, taken apart."""
        return sentences.pieces(self.sentence)

    @property
    def state(self) -> State:
        """What the data say."""
        return decide(self._parsed, {name: bounds_of(value) for name, value in self.values.items()})

    @property
    def text(self) -> str:
        """The sentence with its numbers, as plain text."""
        return sentences.plain_text(self.parts, self.values)


def claim_html(claim: Claim, note: str = "") -> str:
    """A claim for use inside Markdown: its sentence, its state and, where it is not the published one, a note.

    ``note`` is HTML already (see ``review.note_html``).
    """
    aside = f'<span class="bc-note">{note}</span>' if note else ""
    return (
        f'<span class="bc" id="c-{claim.id}" data-claim="{claim.id}" data-state="{claim.state}">'
        f'<span class="bc-text">{sentences.html(claim.parts, claim.values)}</span> '
        f'<span class="bc-state">{escape_html(claim.state)}</span>{aside}</span>'
    )


def claims_record(claims: Iterable[Claim]) -> Record:
    """Claims by id, with the ids of their values: enough to rebuild them, and to ask every predicate again."""
    return {
        claim.id: {
            "sentence": claim.sentence,
            "text": claim.text,
            "predicate": claim.predicate,
            "values": {name: value.id for name, value in claim.values.items()},
            "state": str(claim.state),
        }
        for claim in by_id(claims).values()
    }


def claims_of(record: Mapping[str, Record], values: Mapping[str, Value]) -> dict[str, Claim]:
    """The claims that ``claims_record`` described."""
    return {
        key: Claim(
            key,
            item["sentence"],
            {name: values[value_id] for name, value_id in item["values"].items()},
            item["predicate"],
        )
        for key, item in record.items()
    }


def by_id(claims: Iterable[Claim]) -> dict[str, Claim]:
    """Claims by id. Raises ``UsageError`` where two have the same."""
    found: dict[str, Claim] = {}
    for claim in claims:
        if claim.id in found:
            raise UsageError(f"two claims have the id {claim.id!r}; rename one")
        found[claim.id] = claim
    return found
