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

from markupsafe import Markup
from pydantic import TypeAdapter

from harness.errors import UsageError

from ..values.serialize import Bound, Record
from ..values.value import Value
from . import sentence as sentences
from .evaluate import State, bounds_of, decide
from .predicate import Predicate, names, parse
from .ranking import Ranking
from .verdict import Verdict, verdict

_ID = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Claim:
    """A sentence bound to values. Raises ``UsageError`` where a name, a unit or the grammar does not fit.

    What rests on one session is claimed ``in_session``: no other session has shown it yet.
    """

    id: str
    sentence: str
    values: Mapping[str, Bound]
    predicate: str
    in_session: bool = False

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
    def verdict(self) -> Verdict:
        """What the data say of the sentence that is printed."""
        return verdict(self._parsed, self.parts, {name: bounds_of(value) for name, value in self.values.items()})

    @property
    def text(self) -> str:
        """The sentence with its numbers, as plain text."""
        return sentences.plain_text(self.parts, self.values)

    @property
    def html(self) -> Markup:
        """The sentence as HTML for use inside Markdown."""
        return sentences.html(self.parts, self.values)


AnyClaim = Claim | Ranking
"""What a page may claim: a sentence with a predicate, or a ranking."""

_ADAPTER: TypeAdapter[AnyClaim] = TypeAdapter(AnyClaim)


def claim_html(claim: AnyClaim, note: str = "", *, anchor: bool = True) -> Markup:
    """A claim for use inside Markdown: its sentence, the verdict on it and, where it is not the published one, a note.

    ``note`` is HTML already (see ``review.note_html``). Only one mention of a claim on a page is its ``anchor``.
    """
    aside = Markup('<span class="bc-note">{}</span>').format(note) if note else ""
    place = Markup(' id="c-{}"').format(claim.id) if anchor else ""
    return Markup(
        '<span class="bc"{} data-claim="{}" data-state="{}"><span class="bc-text">{}</span> '
        '<a class="bc-state" href="#claim-{}">{}</a>{}{}</span>'
    ).format(place, claim.id, claim.verdict, claim.html, claim.id, claim.verdict, scope_html(claim), aside)


def scope_html(claim: AnyClaim) -> Markup:
    """How far a claim reaches, after its state; nothing where several sessions stand behind it."""
    return Markup(' <span class="bc-scope">in this session</span>') if claim.in_session else Markup()


def claims_record(claims: Iterable[AnyClaim]) -> Record:
    """Claims by id, with the ids of their values: enough to rebuild them, and to ask every one again."""
    return {
        key: {
            **_ADAPTER.dump_python(claim, mode="json", exclude={"id"}),
            "text": claim.text,
            "state": str(claim.state),
            "verdict": str(claim.verdict),
        }
        for key, claim in by_id(claims).items()
    }


def claims_of(record: Mapping[str, Record], values: Mapping[str, Value]) -> dict[str, AnyClaim]:
    """The claims that ``claims_record`` described."""
    return {key: _ADAPTER.validate_python({**item, "id": key}, context=values) for key, item in record.items()}


def by_id(claims: Iterable[AnyClaim]) -> dict[str, AnyClaim]:
    """Claims by id. Raises ``UsageError`` where two have the same."""
    found: dict[str, AnyClaim] = {}
    for claim in claims:
        if claim.id in found:
            raise UsageError(f"two claims have the id {claim.id!r}; rename one")
        found[claim.id] = claim
    return found
