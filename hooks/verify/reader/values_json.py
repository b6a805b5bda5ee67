"""What a page states in its ``values.json``, read strictly: an unknown or missing field is itself a mismatch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .questions_json import StatedOfDataset, StatedQuestion, Strict

Pair = Annotated[list[str | None], Field(min_length=2, max_length=2)]
"""What the published recording has and what another one has; null where one has nothing."""


class StatedInterval(Strict):
    """An interval estimate; ``level`` is 0.95 for 95 %."""

    low: float
    high: float
    level: float
    method: str


class StatedValue(Strict):
    """One value as published. ``number`` is null exactly where ``missing`` says why."""

    number: int | float | None
    unit: str
    figure: str
    text: str
    status: Literal["measured", "derived", "modelled", "extrapolated", "cited"]
    n: int | None
    missing: str | None
    interval: StatedInterval | None
    question: StatedQuestion | None
    source: str
    parents: list[str]
    operation: str
    definition: str
    caution: str
    decimals: int | None
    name: str
    dims: list[list[str | int]]
    scale: float


class StatedClaim(Strict):
    """One claim as published: enough to ask its predicate again. ``in_session``: one session stands behind it."""

    sentence: str
    text: str
    predicate: str
    values: dict[str, str]
    state: Literal["holds", "does not hold", "inconclusive"]
    verdict: Literal["supported", "contradicted", "not settled"]
    in_session: bool


class StatedRanking(Strict):
    """A ranking as published: cells by label, and the ones that tie for first place."""

    what: str
    text: str
    values: dict[str, str]
    higher_is_better: bool
    best: list[str]
    state: Literal["holds", "inconclusive"]
    verdict: Literal["supported", "not settled"]
    in_session: bool


class StatedRecording(Strict):
    """Another recording than the published one: its claims by name as pairs of their ids, its findings of those of
    values.

    Where ``error`` says why it cannot be computed, there are none.
    """

    dataset: str
    digest: str
    error: str
    claims: dict[str, Pair]
    findings: dict[str, Pair]


class StatedDataset(Strict):
    """One of several datasets that a report is over, and what the report calls it."""

    name: str
    dataset: str
    digest: str


class StatedPage(Strict):
    """Everything that a page states. Every parent of a value is on the page, and none is its own ancestor; so is
    everything that is compared with another recording's."""

    schema_: Literal[1] = Field(alias="schema")
    page: str
    values: dict[str, StatedValue]
    claims: dict[str, StatedClaim | StatedRanking] = Field(default_factory=dict)
    recordings: list[StatedRecording] = Field(default_factory=list)
    datasets: list[StatedDataset] = Field(default_factory=list)

    def questions(self, keys: Iterable[str | None]) -> list[StatedOfDataset]:
        """Every question to a dataset that these values of the page rest on."""
        found: list[StatedOfDataset] = []
        waiting = [key for key in keys if key in self.values]
        while waiting:
            value = self.values[waiting.pop()]
            found += [value.question] if isinstance(value.question, StatedOfDataset) else []
            waiting += value.parents
        return found

    @model_validator(mode="after")
    def _paired(self) -> Self:
        for one in self.recordings:
            for known, pairs in ((self.claims.keys(), one.claims), (self.values.keys(), one.findings)):
                unknown = [key for pair in pairs.values() for key in pair if key is not None and key not in known]
                if unknown:
                    raise ValueError(f"{unknown[0]} is paired with another recording's and is not on the page")
        return self

    @model_validator(mode="after")
    def _grounded(self) -> Self:
        grounded: set[str] = set()
        waiting = dict(self.values)
        while waiting:
            ready = [key for key, value in waiting.items() if grounded.issuperset(value.parents)]
            if not ready:
                raise ValueError(f"{next(iter(waiting))} has a parent that is not here, or is its own ancestor")
            grounded.update(ready)
            for key in ready:
                del waiting[key]
        return self
