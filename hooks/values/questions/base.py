"""What all questions to a sealed dataset have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from markupsafe import Markup
from pydantic import BeforeValidator, PlainSerializer

from ...text.escaping import escape_markdown
from ..evidence import Level


def _pairs(where: Any) -> Any:
    return tuple((name, tuple(levels)) for name, levels in where.items()) if isinstance(where, Mapping) else where


def _object(where: tuple[tuple[str, tuple[Level, ...]], ...]) -> dict[str, list[Level]]:
    return {name: list(levels) for name, levels in where}


Filters = Annotated[
    tuple[tuple[str, tuple[Level, ...]], ...], BeforeValidator(_pairs), PlainSerializer(_object, dict[str, Any])
]
"""The levels to keep, by factor or other column of the runs; in JSON an object."""


class QuestionKind:
    """What every kind of question has."""

    __slots__ = ()

    @property
    def exact(self) -> bool:
        """Whether its answer is known without error."""
        return False

    @property
    def where(self) -> Filters:
        """The levels that are kept."""
        return ()

    @property
    def subject(self) -> str:
        """What is asked for, whatever is kept: answers of one subject can be compared."""
        raise NotImplementedError

    def asked(self) -> dict[str, object]:
        """What is asked, whichever version of a dataset is asked it."""
        raise NotImplementedError

    def identity(self) -> dict[str, object]:
        """What the id of a value hashes of its question. Ids are links: a kind never changes its form."""
        return self.asked()

    def id_words(self) -> Iterator[str]:
        """What the id of a value without a name begins with."""
        yield self.subject

    def words(self, definition: str) -> Iterator[Markup]:
        """The question in words, for the table of numbers; ``definition`` is that of its value."""
        yield escape_markdown(definition)

    def definitions(self, definition: str) -> dict[str, str]:
        """The definitions of the metrics that it rests on, by id; ``definition`` is that of its value."""
        del definition
        return {}

    def filters(self) -> Iterator[Markup]:
        """What is kept, for the table of numbers."""
        for name, levels in self.where:
            shown = " or ".join(level if isinstance(level, str) else repr(level) for level in levels)
            yield Markup("{}\u00a0{}").format(escape_markdown(name), escape_markdown(shown))


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDataset(QuestionKind):
    """``dataset`` is a label such as ``tr108/v1`` and ``digest`` the SHA-256 of its manifest.

    ``other_recording`` marks a question about another recording than the published one: the ids of its values name
    the version, so that both can stand on one page.
    """

    dataset: str
    digest: str
    other_recording: bool = False

    @property
    def study(self) -> str:
        return self.dataset.partition("/")[0]

    def identity(self) -> dict[str, object]:
        """``beside`` is the mark of another recording that published ids were made of."""
        dataset = self.dataset if self.other_recording else self.study
        return {"dataset": dataset, **self.asked(), **({"beside": True} if self.other_recording else {})}

    @property
    def subject(self) -> str:
        return str(self.asked()["metric"])

    def id_words(self) -> Iterator[str]:
        yield self.subject
        if (phase := self.asked()["phase"]) not in (None, "measured"):
            yield str(phase)
        yield from (str(level) for _, levels in self.where for level in levels)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRuns(OfDataset):
    """``where`` keeps the runs whose column ``level.<name>`` is one of the levels given."""

    where: Filters = ()


def flat(metric: str, version: int = 1, where: Filters = (), **asked: str | None) -> dict[str, object]:
    """A question in the form that ids were made of before questions had kinds: all of these fields, null where not
    asked."""
    unasked: dict[str, object] = dict.fromkeys(("phase", "within", "across", "outcome", "code"))
    return {"metric": metric, "metric_version": version, "where": _object(where), **unasked, **asked}
