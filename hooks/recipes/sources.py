"""The datasets that a report module may ask, by the names that the report's front matter gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from harness.design import Study
from harness.errors import UnknownName, UsageError

from ..analysis.measurements import Measurements
from ..claims.subjects import Words
from ..content.blocks import Table
from ..text.naming import level_text
from ..values.evidence import Level
from ..values.questions import OfDataset
from ..values.value import Value
from .known_levels import Declared, declared_levels
from .side_by_side import MANY, side_by_side
from .standard_tables import skeleton


@dataclass(frozen=True)
class Source:
    """A dataset and the study that declares it."""

    data: Measurements
    study: Study

    @cached_property
    def declared(self) -> Declared:
        """The levels that the study or the dataset declares."""
        return declared_levels(self.data.dataset.manifest, self.study)

    @cached_property
    def words(self) -> Words:
        """What the study calls the levels of its factors."""
        return {
            factor.name: {level_text(level): frozenset({factor.called(level)}) for level in factor.levels}
            for factor in self.study.factors
        }

    @property
    def levels(self) -> dict[str, tuple[Level, ...]]:
        """The recorded levels of each factor, in the study's order."""
        design: Any = self.data.dataset.manifest.design
        return {factor["name"]: self.data.levels(factor["name"]) for factor in design["factors"]}


class Sources:
    """The datasets of one report; one that is alone may be called ``""``."""

    def __init__(self, named: Mapping[str, Source]) -> None:
        self._named = dict(named)

    def __len__(self) -> int:
        return len(self._named)

    @property
    def only(self) -> Source:
        """The report's one dataset. Raises ``UsageError`` where it has several."""
        if len(self._named) > 1:
            raise UsageError(f"this report asks several datasets; choose one by its name: {', '.join(self._named)}")
        return next(iter(self._named.values()))

    @property
    def studies(self) -> tuple[str, ...]:
        """The studies of all datasets, each once."""
        return tuple(dict.fromkeys(one.data.dataset.manifest.study for one in self._named.values()))

    @cached_property
    def words(self) -> Words:
        """What the studies of all datasets call their levels."""
        found: dict[str, dict[str, frozenset[str]]] = {}
        for one in self._named.values():
            for factor, levels in one.words.items():
                known = found.setdefault(factor, {})
                for level, words in levels.items():
                    known[level] = known.get(level, frozenset()) | words
        return found

    def one_session(self, values: Iterable[Value]) -> bool:
        """Whether all that ``values`` were computed from was recorded in one session."""
        asked = {
            one.question.digest for value in values for one in value.lineage() if isinstance(one.question, OfDataset)
        }
        alone = {one.data.dataset.digest for one in self._named.values() if not one.data.several_sessions}
        return len(asked) == 1 and asked <= alone

    def named(self, name: str) -> Source:
        """The dataset of that name. Raises ``UnknownName``."""
        if name not in self._named:
            raise UnknownName(
                "dataset of this report", name, [one or "(its only one has no name)" for one in self._named]
            )
        return self._named[name]

    def of(self, study: str) -> dict[str, Measurements]:
        """The datasets of one study by name, in the order of the front matter. Raises ``UnknownName``."""
        found = {name: one.data for name, one in self._named.items() if one.data.dataset.manifest.study == study}
        if not found:
            studies = dict.fromkeys(one.data.dataset.manifest.study for one in self._named.values())
            raise UnknownName("study of this report", study, studies)
        return found

    def tables(self) -> Iterator[Table]:
        """The tables that the report template places itself: their names end in that of their dataset, or say that
        they are of all."""
        standard = {name: skeleton(one.data, one.study) for name, one in self._named.items()}
        for name, tables in standard.items():
            for table in tables.values():
                yield replace(table, name=f"{table.name}-{name}") if name else table
        if len(standard) > MANY:
            yield from side_by_side(standard)
