"""The form of the registry's files. Every ``Line`` is a text of ``text.py``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ..cited.figure import Qualifiers, label_of
from .markup import Part, parse

ReportId = Annotated[str, Field(pattern=r"^tr\d{3}(-agents)?$")]


def _readable(text: str) -> str:
    parse(text)
    return text


Line = Annotated[str, AfterValidator(_readable)]


class Strict(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Track(StrEnum):
    """The three strands of the series; a column of the graph each."""

    SINGLE = "single"
    MULTI = "multi"
    INFERENCE = "inference"


class Relation(StrEnum):
    """How one report stands to another: ``source`` *extends* ``target``."""

    EXTENDS = "extends"
    PORTS = "ports"
    COMPARES = "compares"
    VALIDATES = "validates"
    GENERALISES = "generalises"
    EXPLAINS = "explains"


class Earlier(Strict):
    """The report in the earlier series: its name there, and its file or the file of its plan."""

    name: str
    file: str | None
    plan: str | None = None


class Section(Strict):
    """One list of a report's entry as it was published earlier."""

    kind: Literal["findings", "methodology", "use_cases", "comparison", "verdict", "scope", "deliverables", "other"]
    title: Line
    items: tuple[Line, ...] = Field(min_length=1)
    ordered: bool = False


class Entry(Strict):
    """One report. ``plan`` is what our study measures, ``conditions`` what it never varies, ``sought`` what people type
    who look for it.

    Everything in ``sections`` was published earlier.
    """

    id: ReportId
    order: int
    title: str
    long_title: Line
    earlier: Earlier
    track: Track
    focus: Line
    key_finding: Line | None
    question: Line
    objective: Line
    sought: tuple[str, ...] = ()
    plan: tuple[Line, ...] = Field(min_length=1)
    conditions: Qualifiers
    sections: tuple[Section, ...]

    @property
    def label(self) -> str:
        """The name for people: ``TR108``, ``TR117 (agents)``."""
        return label_of(self.id)

    def lines(self) -> tuple[str, ...]:
        """Every text of the entry."""
        listed = [line for section in self.sections for line in (section.title, *section.items)]
        heads = (self.long_title, self.focus, self.key_finding or "", self.question, self.objective)
        return (*heads, *self.plan, *listed)


class Edge(Strict):
    """One relation between two reports."""

    source: ReportId
    kind: Relation
    target: ReportId


class Step(Strict):
    """A step of the research progression."""

    report: ReportId
    step: Line


class Item(Strict):
    """A labelled statement across reports, as published earlier."""

    label: str
    text: Line


class Group(Strict):
    """Statements under one title."""

    title: str
    items: tuple[Item, ...] = Field(min_length=1)


class Guide(Strict):
    """A reading guide."""

    title: str
    steps: tuple[Line, ...] = Field(min_length=1)


class Together(Strict):
    """``series.yml``: what is said about the reports together."""

    title: str
    introduction: str
    earlier_folder: str
    relations: tuple[Edge, ...]
    progression: tuple[Step, ...]
    insights: tuple[Group, ...]
    recommendations: tuple[Group, ...]
    guides: tuple[Guide, ...]

    def lines(self) -> tuple[str, ...]:
        """Every text of the file."""
        grouped = [item.text for group in (*self.insights, *self.recommendations) for item in group.items]
        return (*(step.step for step in self.progression), *grouped, *(s for guide in self.guides for s in guide.steps))


def parts_of(lines: tuple[str, ...]) -> tuple[Part, ...]:
    """The parsed parts of many texts."""
    return tuple(part for line in lines for part in parse(line))
