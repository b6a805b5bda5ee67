"""Writes cited figures, texts of the registry and references on one page, so that every number is bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from markupsafe import Markup

from ..cited import Figure
from ..cited.figure import Comparison, Level, Place, Statistic
from ..cited.quotation import Piece, quotation, statement
from ..claims.claim import AnyClaim, scope_html
from ..claims.ranking import Ranking
from ..replication.corpus import AllReports
from ..replication.findings import Audited, Published
from ..replication.statement import Statement
from ..series.markup import Code, Part, Quote, parse
from ..series.markup import Report as Reference
from ..text.escaping import LiteralKind, escape_markdown
from ..text.numbers import has_number
from ..text.placeholders import Literal, Words
from ..values.value import counted_value
from .scope import Scope

_STATISTICS = {
    Statistic.UNSTATED: "not stated",
    Statistic.BEST_CONFIG_MEAN: "mean of the best configuration",
    Statistic.PEAK_RUN: "best single run",
    Statistic.MIN: "minimum",
    Statistic.MAX: "maximum",
    Statistic.P50: "median",
    Statistic.P99: "p99",
    Statistic.SD: "standard deviation",
    Statistic.CV: "coefficient of variation",
}

MOST_TIED = 2
"""Cells of a tie that another page than the report's own names one by one."""
MOST_AUDITS = 3
"""Datasets of a report whose audits other pages than its own name one by one."""


class Writer:
    """Writes figures, texts and references on one page. Everything returned is safe inside Markdown."""

    def __init__(self, reports: AllReports, scope: Scope, up: str = "") -> None:
        self.reports = reports
        self.scope = scope
        self._up = up

    def text(self, line: str) -> Markup:
        """A text of the registry."""
        return Markup("").join(self._part(part) for part in parse(line))

    def link_text(self, line: str) -> Markup:
        """The same inside a link or a button, where no link can be: a report is named."""
        return Markup("").join(
            self._label(part.report) if isinstance(part, Reference) else self._part(part) for part in parse(line)
        )

    def _label(self, report: str) -> Markup:
        return self.scope.lit(self.reports.series.entry(report).label, LiteralKind.IDENTIFIER)

    def _part(self, part: Part) -> Markup:
        if isinstance(part, Words):
            return _safe(part.text)
        if isinstance(part, Literal):
            return self.scope.lit(part.text, part.kind)
        if isinstance(part, Code):
            return self.code(part.text)
        if isinstance(part, Quote):
            return self.figure(part.figure)
        return self.report(part.report)

    def figure(self, figure_id: str) -> Markup:
        """A cited figure in running text, with a link to its contradictions where it has some."""
        figure = self.reports.cited.figure(figure_id)
        shown = self._pieces(quotation(figure, self.reports.cited.quantity(figure)))
        if figure_id not in self.reports.disputed:
            return shown
        target = f"{self._up}contradictions.md#{anchor(figure_id)}"
        return shown + Markup(f' [disputed]({target} "another figure contradicts this one"){{: .b-disputed}}')  # noqa: S704

    def stated(self, figure: Figure) -> Markup:
        """A cited figure in a table, with its limit as a sign."""
        return self._pieces(statement(figure, self.reports.cited.quantity(figure)))

    def _pieces(self, pieces: Iterable[Piece]) -> Markup:
        return Markup("").join(
            _safe(piece) if isinstance(piece, str) else self.scope.show(piece.value, piece.form) for piece in pieces
        )

    def report(self, report: str) -> Markup:
        """A link to the page of a report."""
        return Markup("[{}]({}reports/{}.md)").format(self._label(report), self._up, report)

    def source(self, report: str | None) -> Markup:
        """The study that a figure is attributed to."""
        return self.report(report) if report else Markup("no single report")

    def code(self, text: str) -> Markup:
        """Words of the source, verbatim."""
        return Markup("<code>{}</code>").format(escape_markdown(text))

    def conditions(self, conditions: Mapping[str, Level]) -> Markup:
        """Conditions as words; a level with digits is declared."""
        named = [_safe(name.replace("_", " ") + " ") + self._level(level) for name, level in conditions.items()]
        return Markup(", ").join(named) if named else Markup("none stated")

    def _level(self, level: Level) -> Markup:
        text = str(level)
        if isinstance(level, int):
            return self.scope.lit(text, LiteralKind.SETTING)
        return self.named(text if has_number(text) else text.replace("_", "-"))

    def quantity(self, figure: Figure) -> Markup:
        """The name of a figure's quantity, with a link to what it means."""
        quantity = self.reports.cited.quantity(figure)
        return Markup("[{}]({}replication.md#quantity-{})").format(self.named(quantity.name), self._up, quantity.id)

    def about(self, figure: Figure) -> Markup:
        """What a figure compares, and under which conditions."""
        return self.heading(figure.comparison, figure.qualifiers.stated())

    def circumstances(self, found: Statement, shared: Mapping[str, Level]) -> Markup:
        """The statistic of a statement, and its conditions other than ``shared``."""
        own = {name: level for name, level in found.conditions.items() if name not in shared}
        statistic = self.statistic(found.statistic)
        return Markup("{}; {}").format(statistic, self.conditions(own)) if own else statistic

    def heading(self, comparison: Comparison | None, conditions: Mapping[str, Level]) -> Markup:
        """A comparison, where there is one, and the conditions that its sides share."""
        stated = self.conditions(conditions)
        if comparison is None:
            return stated
        if comparison.against is None:
            return Markup("spread over {}; {}").format(_safe(comparison.by or ""), stated)
        sides = (self.conditions(side.stated()) for side in (comparison.of, comparison.against))
        return Markup("{} against {}; {}").format(*sides, stated)

    def claim(self, found: AnyClaim) -> Markup:
        """A claim of a published report with its state; its anchor stays on the report's own page.

        Many cells that tie are left to that page.
        """
        if isinstance(found, Ranking) and len(found.best) > MOST_TIED:
            text = self._tie(found)
        else:
            text = self.scope.sentence(found)
        return Markup('<span class="bc" data-state="{}">{} <span class="bc-state">{}</span>{}</span>').format(
            found.verdict, text, found.verdict, scope_html(found)
        )

    def _tie(self, found: Ranking) -> Markup:
        report = next(name for name, one in self.reports.published.items() if one.claims.get(found.id) == found)
        target = f"{self._up}reports/{report}.html#recommendation"
        return Markup('None is shown to be the best for {}: <a href="{}">these cannot be told apart</a>.').format(
            _safe(found.what), target
        )

    def audit(self, published: Published) -> Markup:
        """The audit of each dataset of a report; of many, one line for each verdict, with how many datasets have it."""
        if len(published.audits) <= MOST_AUDITS:
            return Markup("<br>").join(self.audit_of(one, published.report) for one in published.audits)
        found = Counter(one.verdict for one in published.audits)
        lines = (
            Markup("{} in {} of {} datasets").format(
                self.audit_of(Audited("", verdict), published.report),
                self.scope.lit(found[verdict], LiteralKind.SETTING),
                self.scope.lit(len(published.audits), LiteralKind.SETTING),
            )
            for verdict in ("failed", "passed with warnings", "passed")
            if found[verdict]
        )
        return Markup("<br>").join(lines)

    def audit_of(self, audited: Audited, report: str) -> Markup:
        """The audit of one dataset, leading to its rules on the report's page."""
        reasons = self.named(": " + "; ".join(audited.errors)) if audited.errors else Markup()
        return Markup('<a class="b-audit" data-audit="{}" href="{}reports/{}.html#audit">Audit {}{}</a>').format(
            audited.verdict, self._up, report, audited.verdict, reasons
        )

    def named(self, text: str) -> Markup:
        """Words; where they hold a digit, they are declared a name."""
        return self.scope.lit(text, LiteralKind.IDENTIFIER) if has_number(text) else _safe(text)

    def statistic(self, statistic: Statistic) -> Markup:
        """The name of a statistic."""
        return self.named(_STATISTICS.get(statistic, str(statistic)))

    def count(self, number: int, name: str, meaning: str) -> Markup:
        """A number that this page counted."""
        return self.scope.show(counted_value(number, name, meaning))

    def of(self, found: Statement) -> Markup:
        """A statement in a table: the cited figure, or our value with its interval."""
        if found.figure is not None:
            return self.stated(found.figure)
        return self.scope.interval(found.value) if found.value else Markup("")

    def ours(self, found: Statement, report: str) -> Markup:
        """What we found, on the page of ``report``: the value, or where it rests on other datasets the report that has
        it."""
        page = self.reports.published.get(report)
        own = set(page.machines or (page.dataset,)) if page else set()
        asked = set((found.study or "").split(", "))
        if asked <= own:
            return self.of(found)
        others = sorted({label.partition("/")[0] for label in asked - own})
        return Markup("in ") + Markup(", ").join(map(self.report, others))

    def origin(self, found: Statement) -> Markup:
        """The study behind a statement: an earlier report, or the dataset that we published."""
        if found.figure is not None:
            return self.source(found.study)
        return Markup("dataset {}").format(self.scope.lit(found.study, LiteralKind.IDENTIFIER))

    def sources(self, found: Statement) -> Markup:
        """Where a statement stands and in which words; each pair once."""
        if found.figure is None:
            return self.report(found.id.partition(".")[0])
        lines = (Markup("{}: {}").format(self.place(place), self.code(place.text)) for place in found.figure.places)
        return Markup("<br>").join(dict.fromkeys(lines))

    def place(self, place: Place) -> Markup:
        """Where a figure stands: the report's entry in the index, or a part about all reports."""
        words = (
            self.scope.lit(place.heading, LiteralKind.IDENTIFIER) if has_number(place.heading) else _safe(place.heading)
        )
        return Markup("{}: {}").format(self.report(place.report), words) if place.report else words


def anchor(figure_id: str) -> str:
    """The anchor of a figure on the page of contradictions."""
    return f"figure-{figure_id.replace('.', '-').replace('_', '-')}"


def _safe(text: str) -> Markup:
    return escape_markdown(text)
