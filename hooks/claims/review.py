"""What a person read: the state and the numbers of every claim when its sentence was last reviewed.

``docs/reports/<report>.claims.yml`` is written by ``reports review <report>`` and committed with the prose.
At every build of the published data the claims are computed again and compared with it:

    decision error   the state is another one: the sentence no longer says what the data say
    inconsistency    the state stands, but a number that the sentence rests on is another one
    rewritten        the sentence or its predicate is another one than was read
    unreviewed       nobody has read this sentence with these data yet

Data that are not the published ones (a recording made on this machine) never fail: their pages show the state
computed from them, and say for which dataset the sentence was written.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from harness.errors import UsageError

from ..text.escaping import escape_markdown, literal
from ..text.strict_yaml import read_declaration
from ..values.value import Value
from .claim import AnyClaim
from .evaluate import State
from .ranking import Ranking

TOLERANCE = 1e-9
_HEADER = (
    "# What every claim of {report} said when a person last read it.\n"
    "# Written by `reports review {report}`; read the sentences, then commit this file with the prose.\n"
)


class ClaimChanged(UsageError):
    """The data no longer say what a reviewed claim says."""


class Kind(StrEnum):
    """How a claim differs from its review."""

    DECISION = "decision error"
    FIGURE = "inconsistency"
    WORDS = "rewritten"
    UNREVIEWED = "unreviewed"
    GONE = "gone"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Number(_Strict):
    """A bound value as it was: full precision, and as the reader saw it."""

    shown: str
    number: float | None
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, value: Value) -> Number:
        interval = value.interval
        shown = f"{value.text} [{value.low}, {value.high}]" if interval else value.text
        return cls(shown=shown, number=value.number, low=interval and interval.low, high=interval and interval.high)

    def agrees(self, other: Number) -> bool:
        """Whether both are the same number, up to the last bits that differ between machines."""
        pairs = ((self.number, other.number), (self.low, other.low), (self.high, other.high))
        return all(_same(mine, theirs) for mine, theirs in pairs)


class Reading(_Strict):
    """One claim as it was read."""

    state: State
    sentence: str
    predicate: str = ""
    numbers: dict[str, Number]
    best: list[str] = Field(default_factory=list)

    @classmethod
    def of(cls, claim: AnyClaim) -> Reading:
        numbers = {name: Number.of(value) for name, value in sorted(claim.values.items())}
        best = list(claim.best) if isinstance(claim, Ranking) else []
        predicate = "" if isinstance(claim, Ranking) else claim.predicate
        return cls(state=claim.state, sentence=claim.text, predicate=predicate, numbers=numbers, best=best)


class Review(_Strict):
    """All claims of a report as they were read, and from which dataset."""

    dataset: str
    digest: str
    claims: dict[str, Reading]


@dataclass(frozen=True, slots=True)
class Change:
    """A claim that differs from its review; ``then`` is null where it was never reviewed, ``now`` where it is gone."""

    claim_id: str
    kind: Kind
    then: Reading | None
    now: Reading | None

    def lines(self, report: str) -> Iterator[str]:
        """What a person needs: the sentence, the old and the new numbers, and what to do."""
        yield f"claim {self.claim_id}: {self.kind}{self._flip()}"
        if self.then:
            yield f"  was  {self.then.sentence}{_where(self.then)}"
        if self.now:
            yield f"  now  {self.now.sentence}{_where(self.now)}"
        yield from (f"  {line}" for line in self._numbers())
        yield f"  {_ADVICE[self.kind].format(report=report)}"

    def _flip(self) -> str:
        if self.kind is Kind.DECISION and self.then and self.now:
            if self.then.state is self.now.state:
                return ", other cells are best"
            return f", the verdict was “{self.then.state}” and is “{self.now.state}”"
        return f", the verdict is still “{self.now.state}”" if self.kind is Kind.FIGURE and self.now else ""

    def _numbers(self) -> Iterator[str]:
        then = self.then.numbers if self.then else {}
        now = self.now.numbers if self.now else {}
        for name in sorted(then.keys() | now.keys()):
            old, new = then.get(name), now.get(name)
            if old and new and old.agrees(new):
                continue
            yield f"{name}: {_shown(old, new)} → {_shown(new, old)}"


def _where(reading: Reading) -> str:
    return f" (where {reading.predicate})" if reading.predicate else ""


_ADVICE = {
    Kind.DECISION: "rewrite the sentence or its predicate to say what the data say, then: reports review {report}",
    Kind.FIGURE: "read the sentence with its new numbers; if it still says what you mean: reports review {report}",
    Kind.WORDS: "read the sentence as it is now; if it says what you mean: reports review {report}",
    Kind.UNREVIEWED: "read the sentence; if it says what you mean: reports review {report}",
    Kind.GONE: "the report no longer makes this claim; forget it with: reports review {report}",
}


def review_path(docs: Path, report: str) -> Path:
    """Where the review of a report is kept."""
    return docs / "reports" / f"{report}.claims.yml"


def read_review(path: Path) -> Review | None:
    """The review at ``path``, or ``None`` where there is none yet. Raises ``UsageError`` naming line and field."""
    return read_declaration(path, Review) if path.exists() else None


def review_of(claims: Iterable[AnyClaim], dataset: str, digest: str) -> Review:
    """What a person reads now."""
    return Review(dataset=dataset, digest=digest, claims={claim.id: Reading.of(claim) for claim in claims})


def review_text(report: str, review: Review) -> str:
    """The review as a YAML file."""
    data = review.model_dump(mode="json", exclude_defaults=True)
    body = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120)
    return _HEADER.format(report=report) + body


def changes(now: Review, then: Review | None) -> tuple[Change, ...]:
    """How the claims differ from what was read."""
    old = then.claims if then else {}
    return tuple(filter(None, (_change(key, old.get(key), now.claims.get(key)) for key in {**now.claims, **old})))


def _change(claim_id: str, then: Reading | None, now: Reading | None) -> Change | None:
    if then is None:
        return Change(claim_id, Kind.UNREVIEWED, then, now)
    if now is None:
        return Change(claim_id, Kind.GONE, then, now)
    if then.state is not now.state or set(then.best) != set(now.best):
        return Change(claim_id, Kind.DECISION, then, now)
    same = then.numbers.keys() == now.numbers.keys() and all(
        number.agrees(now.numbers[name]) for name, number in then.numbers.items()
    )
    if not same:
        return Change(claim_id, Kind.FIGURE, then, now)
    words = (then.sentence, then.predicate) == (now.sentence, now.predicate)
    return None if words else Change(claim_id, Kind.WORDS, then, now)


def demand_reviewed(report: str, now: Review, then: Review | None) -> None:
    """Raises ``ClaimChanged`` that lists every claim whose reviewed sentence the data no longer bear."""
    found = changes(now, then)
    if found:
        raise ClaimChanged("\n".join(line for change in found for line in change.lines(report)))


def judge(
    report: str, claims: Iterable[AnyClaim], docs: Path, *, dataset: str, digest: str, local: bool
) -> dict[str, Markup]:
    """The note beside each claim, by id: none for published data, which must bear their review instead.

    Raises ``ClaimChanged`` where published data do not say what was reviewed.
    """
    made = list(claims)
    then = read_review(review_path(docs, report))
    if local:
        return {claim.id: note_html(claim, then, digest) for claim in made}
    demand_reviewed(report, review_of(made, dataset, digest), then)
    return {}


def note_html(claim: AnyClaim, then: Review | None, digest: str) -> Markup:
    """What a page of other data than the reviewed says beside a claim; empty where the data are the reviewed ones."""
    if then is None or then.digest == digest:
        return Markup("")
    written = literal(then.dataset, "identifier")
    reading = then.claims.get(claim.id)
    state = f", where it {_PAST[reading.state]}" if reading else ""
    return Markup("re-evaluated on this recording; written for {}{}").format(written, escape_markdown(state))


_PAST = {State.HOLDS: "held", State.FAILS: "did not hold", State.INCONCLUSIVE: "was inconclusive"}


def _same(mine: float | None, theirs: float | None) -> bool:
    if mine is None or theirs is None:
        return mine is theirs
    return math.isclose(mine, theirs, rel_tol=TOLERANCE, abs_tol=0.0)


def _shown(number: Number | None, other: Number | None) -> str:
    """The number as a reader saw it; in full where both look alike."""
    if number is None:
        return "(not shown)"
    if other is not None and number.shown == other.shown:
        return f"{number.shown} ({_full(number)})"
    return number.shown


def _full(number: Number) -> str:
    parts = [number.number, number.low, number.high]
    return ", ".join(repr(part) for part in parts if part is not None)
