"""What a report module writes into: findings, claims, tables and figures, each under a name of its own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Self, TypeVar

from harness.design import Study
from harness.errors import UsageError

from ..analysis.declared_inputs import NO_INPUTS, Inputs
from ..analysis.estimates import Across
from ..analysis.filters import Where
from ..analysis.fits import fitted
from ..analysis.laws import correlation, slope
from ..analysis.measurements import MEASURED, Measurements
from ..claims.claim import AnyClaim, Claim
from ..claims.lexicon import loaded
from ..claims.lint import lint
from ..claims.ranking import ranked
from ..claims.subjects import Words, demand_alike
from ..content.blocks import Content, Figure, Table
from ..content.facts import Flag
from ..text.escaping import escape_csv
from ..values.questions import Axis
from ..values.questions.fits import LawName, Told
from ..values.value import Value, by_id
from .declared_facts import DeclaredFacts
from .known_levels import demand_known
from .row_labels import demand_labels, demand_literals
from .sentence_names import Names, declared, without_absent
from .sources import Source, Sources

T = TypeVar("T")


@dataclass
class Added:
    """What was added to a draft so far, by name; ``words`` are what the studies of all its datasets call levels."""

    findings: dict[str, Value] = field(default_factory=dict)
    claims: dict[str, AnyClaim] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    facts: DeclaredFacts = field(default_factory=DeclaredFacts)
    words: Words = field(default_factory=dict)


class Draft:
    """The content of one report while its module computes it. A name is used once (``UsageError``).

    A report over several datasets asks each by its name, or all of one study: ``datasets``. What recipes make of one
    of them enters the report through ``asking``.
    """

    def __init__(
        self,
        data: Measurements,
        study: Study,
        inputs: Inputs = NO_INPUTS,
        *,
        sources: Sources | None = None,
        added: Added | None = None,
    ) -> None:
        self._inputs = inputs
        self._sources = sources or Sources({"": Source(data, study)})
        self._added = added or Added(
            tables={table.name: table for table in self._sources.tables()}, words=self._sources.words
        )

    @classmethod
    def over(cls, datasets: Mapping[str, Source], inputs: Inputs = NO_INPUTS) -> Self:
        """The draft of a report over several datasets, by the names that its front matter gives them."""
        first = next(iter(datasets.values()))
        return cls(first.data, first.study, inputs, sources=Sources(datasets))

    @property
    def data(self) -> Measurements:
        """The report's dataset. Raises ``UsageError`` where it has several."""
        return self._sources.only.data

    @property
    def study(self) -> Study:
        """The study of that dataset."""
        return self._sources.only.study

    def dataset(self, name: str) -> Measurements:
        """One of several datasets, by its name. Raises ``UnknownName``."""
        return self._sources.named(name).data

    def datasets(self, study: str) -> Mapping[str, Measurements]:
        """The datasets of one study by name, in the order of the front matter. Raises ``UnknownName``."""
        return self._sources.of(study)

    @property
    def studies(self) -> tuple[str, ...]:
        """The studies of its datasets, in the order of the front matter."""
        return self._sources.studies

    def asking(self, name: str) -> Self:
        """This draft with one of its datasets as the only one: what is added to it is added here."""
        one = self._sources.named(name)
        return type(self)(one.data, one.study, self._inputs, added=self._added)

    @property
    def claims(self) -> Mapping[str, AnyClaim]:
        """The claims made so far, by id, in order."""
        return MappingProxyType(self._added.claims)

    def ask(
        self,
        metric_id: str,
        where: Where | None = None,
        *,
        phase: str = MEASURED,
        divided_by: str | None = None,
        within: str | None = None,
        across: Across = "median",
        prompt: str | None = None,
    ) -> Value:
        """``Measurements.value`` of known levels (see ``demand_known``); one that was not recorded gives a value that
        is missing."""
        self.demand_known(where)
        how: dict[str, Any] = {"phase": phase, "divided_by": divided_by, "within": within, "across": across}
        return self.data.value(metric_id, where, **how, prompt=prompt)

    def slope(self, metric_id: str, over: Axis, where: Where | None = None, *, within: str | None = None) -> Value:
        """The exponent of the power law of a metric over the sizes on an axis (see ``analysis/laws.py``)."""
        self.demand_known(where)
        return slope(self.data, metric_id, over, where, within=within)

    def correlation(
        self, metric_id: str, over: Axis, where: Where | None = None, *, within: str | None = None
    ) -> Value:
        """The rank correlation of a metric with what stands on an axis (see ``analysis/laws.py``)."""
        self.demand_known(where)
        return correlation(self.data, metric_id, over, where, within=within)

    def fit(
        self,
        metric_id: str,
        over: Axis,
        law: LawName,
        told: Told,
        where: Where | None = None,
        *,
        at: float | None = None,
    ) -> Value:
        """What a law says that is fitted to a metric over the sizes on an axis (see ``analysis/fits.py``)."""
        self.demand_known(where)
        return fitted(self.data, metric_id, over, law, told, where, at=at)

    def input(self, name: str) -> Value:
        """A number that nobody measured here, such as a price, declared in ``data/inputs``. Raises ``UnknownName``."""
        return self._inputs.value(name)

    def is_given(self, name: str) -> bool:
        """Whether an input of this name is declared."""
        return name in self._inputs.declared

    def demand_known(self, where: Where | None) -> None:
        """Raises ``UnknownName`` for a factor or level that neither the study nor the dataset declares."""
        demand_known(self._sources.only.declared, where)

    def finding(self, name: str, value: Value, definition: str = "") -> Value:
        """Adds a value that prose cites as ``v.name``; a combined value takes the name into its id."""
        kept = value.named(name.replace("_", "-"), definition) if value.parents and not value.name else value
        return _put(self._added.findings, name, kept, "finding")

    def claim(
        self, claim_id: str, sentence: str, values: Mapping[str, Value], predicate: str, names: Names | None = None
    ) -> AnyClaim:
        """Adds a sentence whose truth the data decide (see ``claims/claim.py``). ``{arm}`` in it is the name ``arm``,
        such as one of a row, declared as what it is."""
        sentence = without_absent(declared(sentence, names or {}), values)
        alone = self._sources.one_session(values.values())
        made = lint(Claim(claim_id, sentence, values, predicate, in_session=alone), self._added.words)
        return _put(self._added.claims, claim_id, made, "claim")

    def ranking(self, claim_id: str, what: str, values: Mapping[str, Value], *, higher_is_better: bool) -> AnyClaim:
        """Adds a claim about which cell is optimal for ``what``, or which tie (see ``claims/ranking.py``)."""
        made = ranked(claim_id, what, values, higher_is_better=higher_is_better)
        alone = self._sources.one_session(values.values())
        return _put(self._added.claims, claim_id, replace(made, in_session=alone), "claim")

    def table(self, table: Table) -> Table:
        """Adds a table."""
        return _put(self._added.tables, table.name, demand_literals(table), "table")

    def figure(self, figure: Figure) -> Figure:
        """Adds a figure."""
        return _put(self._added.figures, figure.name, figure, "figure")

    def headline(self, *claim_ids: str) -> None:
        """The first of ``claim_ids`` that is made stands for the report. ``content`` raises where none is."""
        self._added.facts.headline(claim_ids)

    def no_effect(self, factor: str) -> None:
        """The engine ran all levels of ``factor`` as one configuration. Raises ``UnknownName``."""
        self.demand_known({factor: ()})
        self._added.facts.no_effect(factor)

    def flag(self, name: str, said: Flag) -> None:
        """What prose branches on as ``facts.name``: a truth or words. Raises ``UsageError`` for anything else."""
        for word in loaded(said) if isinstance(said, str) else ():
            raise UsageError(f"flag {name!r} says {word!r}, which no data test; state it as a claim")
        self._added.facts.flag(name, said)

    def content(self) -> Content:
        """Everything added so far. Raises ``UsageError`` for a fact that names a claim which was not made."""
        levels = self._sources.only.levels if len(self._sources) == 1 else {}
        made = Content(
            self._added.findings,
            self._added.claims,
            self._added.tables,
            self._added.figures,
            self._added.facts.made(self._added.claims),
            levels,
        )
        for value in made.values():
            demand_alike(value)
        demand_labels(made, self._added.words)
        return replace(made, samples=samples(made.values()))


def _put(items: dict[str, T], name: str, item: T, kind: str) -> T:
    if name in items:
        raise UsageError(f"two {kind}s are called {name!r}; rename one")
    items[name] = item
    return item


def samples(values: Iterable[Value]) -> str:
    """The runs behind each value as CSV: value id, run, cell and the run's number (empty where it has none)."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("value", "run", "cell", "number"))
    for key, value in sorted(by_id(values).items()):
        if value.sample:
            for run, cell, number in zip(value.sample.runs, value.sample.cells, value.sample.numbers, strict=True):
                writer.writerow((key, escape_csv(run), escape_csv(cell), "" if number is None else repr(number)))
    return stream.getvalue()
