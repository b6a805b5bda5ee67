"""A ``Value`` is the only thing that renders as a number.

    selected from a dataset, counted,  ──► Value ──(+ − × ÷)──► Value: unit checked, weakest strength,
    cited, or declared as an input                               joint interval, parents and operation kept

Ids are slugs of what was asked plus a hash of it. They leave out the dataset's version, so that the same
question keeps its id from one edition to the next; only those of another recording name it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from harness.canonical_json import canonical_json
from harness.errors import UsageError
from harness.outcomes import Missing
from harness.units import ONE, RATIO, Unit

from . import formatting
from .arithmetic import evaluate, result_unit
from .evidence import Interval, Sample, Strength, weakest
from .prediction import ALIKE, DEFINITION, NO_LOGARITHM, PREDICT, predicted
from .propagation import joint_interval
from .questions import Question

_WORDS = {"+": "sum", "-": "difference", "*": "product", "/": "ratio", "convert": "converted", PREDICT: "prediction"}


@dataclass(frozen=True, slots=True)
class Value:
    """An immutable number with everything that a reader may ask of it.

    ``number`` is null exactly when ``missing`` says why. ``decimals`` fixes the digits shown, for counts and
    for figures quoted from a source; otherwise they follow the interval. ``caution`` says what a reader must
    know before using the number (such as why it has no interval). ``ratios`` are those of the blocks of a ratio of
    levels, which has no sample of its own.
    """

    number: int | float | None
    unit: Unit
    strength: Strength
    interval: Interval | None = None
    n: int | None = None
    missing: str | None = None
    question: Question | None = None
    source: str = ""
    parents: tuple[Value, ...] = ()
    operation: str = ""
    definition: str = ""
    caution: str = ""
    decimals: int | None = None
    name: str = ""
    sample: Sample | None = field(default=None, repr=False, compare=False)
    ratios: tuple[float, ...] = field(default=(), repr=False, compare=False)
    _known_id: str = field(default="", init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if (self.number is None) != (self.missing is not None):
            raise ValueError("a value has a number or the reason why it has none, never both")
        formatting.figure(self.number, 0)

    @property
    def id(self) -> str:
        """A slug of the question plus eight hex digits of its SHA-256."""
        if not self._known_id:
            digest = hashlib.sha256(canonical_json(self._identity())).hexdigest()
            object.__setattr__(self, "_known_id", f"{_slug(self)}-{digest[:8]}")
        return self._known_id

    @property
    def row(self) -> str:
        """The end of the id, which names the row of the value among the numbers of a page."""
        return self.id.rpartition("-")[2]

    def _identity(self) -> dict[str, object]:
        return {
            "asked": self.question.identity() if self.question else {},
            "name": self.name,
            "unit": self.unit.symbol,
            "source": self.source,
            "operation": self.operation,
            "parents": [parent.id for parent in self.parents],
            "constant": None if self.question or self.parents else self.number,
        }

    @property
    def place(self) -> int:
        """The power of ten of the last digit shown."""
        if self.decimals is not None or self.number is None:
            return -(self.decimals or 0)
        if self.interval is None:
            return formatting.place(self.number)
        no_difference = 1.0 if self.unit == RATIO else None
        return formatting.place(self.number, self.interval.low, self.interval.high, no_difference)

    @property
    def figure(self) -> str:
        """The number as text, without its unit; ``—`` where it is missing."""
        return formatting.figure(self.number, self.place)

    @property
    def text(self) -> str:
        """The number as text, with its unit."""
        return formatting.with_unit(self.figure, self.unit)

    @property
    def low(self) -> str:
        """The interval's lower end, to the same digit as the number; ``—`` without an interval."""
        return formatting.figure(self.interval.low if self.interval else None, self.place)

    @property
    def high(self) -> str:
        """The interval's upper end, to the same digit as the number; ``—`` without an interval."""
        return formatting.figure(self.interval.high if self.interval else None, self.place)

    def by_block(self) -> tuple[float, ...]:
        """The number of each block (of several sessions, of each session) behind this one, in its unit; none where
        there is but one, or where the number is computed from other numbers."""
        found = tuple(self.sample.by_block()) if self.sample else self.ratios
        return found if len(found) > 1 else ()

    def named(self, name: str, definition: str = "") -> Value:
        """The same value under an author's name, which then begins its id."""
        return replace(self, name=name, definition=definition or self.definition)

    def to(self, unit: Unit) -> Value:
        """The same quantity in another unit. Raises ``UsageError`` where dimensions differ."""
        return self if unit == self.unit else combine("convert", (self,), unit)

    def __add__(self, other: Value | float) -> Value:
        return combine("+", (self, _lift(other, self.unit)))

    def __sub__(self, other: Value | float) -> Value:
        return combine("-", (self, _lift(other, self.unit)))

    def __mul__(self, other: Value | float) -> Value:
        return combine("*", (self, _lift(other, ONE)))

    def __truediv__(self, other: Value | float) -> Value:
        return combine("/", (self, _lift(other, ONE)))

    def lineage(self) -> Iterator[Value]:
        """This value and all that it was computed from, each parent before its child."""
        for parent in self.parents:
            yield from parent.lineage()
        yield self


def combine(operation: str, parents: tuple[Value, ...], target: Unit | None = None) -> Value:
    """The value of ``operation`` over ``parents``, with its interval (see ``propagation.py`` and ``prediction.py``) or
    the reason for none.

    A missing operand makes it missing for the same reason. Raises ``UsageError`` where units do not fit, a divisor is
    zero, or a prediction is an operand of anything but a conversion.
    """
    units = tuple(parent.unit for parent in parents)
    unit = result_unit(operation, units, target)
    if operation != "convert" and any(is_prediction(one) for parent in parents for one in parent.lineage()):
        raise UsageError(f"a prediction for a new host cannot be an operand of {operation}")
    if operation == PREDICT:
        return _prediction(parents, unit)
    strength = weakest(*(parent.strength for parent in parents))
    numbers = tuple(parent.number for parent in parents if parent.number is not None)
    if len(numbers) < len(parents):
        reason = next(parent.missing for parent in parents if parent.missing is not None)
        return Value(None, unit, strength, missing=reason, parents=parents, operation=operation)
    if operation == "/" and numbers[1] == 0:
        raise UsageError(f"cannot divide {parents[0].id} by {parents[1].id}: it is zero")
    number = evaluate(operation, numbers, units, unit)
    n = min((parent.n for parent in parents if parent.n is not None), default=None)
    value = Value(number, unit, strength, n=n, parents=parents, operation=operation)
    if operation == "convert":
        scaled = parents[0].interval and parents[0].interval.scaled(units[0].scale / unit.scale)
        return replace(value, interval=scaled, caution=parents[0].caution)
    found = joint_interval(value)
    return replace(value, caution=found) if isinstance(found, str) else replace(value, interval=found)


def is_prediction(value: Value) -> bool:
    """Whether a value says what a new host would give; it is never known without error."""
    return value.operation == PREDICT


def _prediction(parents: tuple[Value, ...], unit: Unit) -> Value:
    """What a new host would give, from a value of each host, in their order."""
    strength = max((Strength.EXTRAPOLATED, *(parent.strength for parent in parents)), key=list(Strength).index)
    n = min((parent.n for parent in parents if parent.n is not None), default=None)
    value = Value(
        None, unit, strength, n=n, missing=NO_LOGARITHM, parents=parents, operation=PREDICT, definition=DEFINITION
    )
    numbers = [parent.number * parent.unit.scale / unit.scale for parent in parents if parent.number is not None]
    if len(numbers) < len(parents):
        return replace(value, n=None, missing=next(one.missing for one in parents if one.missing is not None))
    if min(numbers) <= 0:
        return replace(value, n=None)
    number, interval = predicted(numbers)
    return replace(value, number=number, missing=None, interval=interval, caution="" if interval else ALIKE)


OF_FORMULA = "a constant of the formula"


def constant(number: float, unit: Unit = ONE, definition: str = OF_FORMULA) -> Value:
    """A number that a formula states, such as the 1 in ``a / b − 1``."""
    return Value(number, unit, Strength.MEASURED, definition=definition, operation="constant")


def cited(number: float, unit: Unit, source: str, decimals: int, *, name: str = "", definition: str = "") -> Value:
    """A figure published elsewhere, shown with the ``decimals`` that its source prints."""
    quoted = Value(number, unit, Strength.CITED, source=source, operation="cited", decimals=decimals)
    return quoted.named(name, definition)


def absent(
    reason: Missing | str,
    unit: Unit,
    question: Question | None = None,
    definition: str = "",
    strength: Strength = Strength.MEASURED,
) -> Value:
    """A value that does not exist, with the reason."""
    return Value(None, unit, strength, missing=str(reason), question=question, definition=definition, n=0)


def by_id(values: Iterable[Value]) -> dict[str, Value]:
    """``values`` and all that they were computed from, by id. Raises ``UsageError`` where one id has two meanings."""
    table: dict[str, Value] = {}
    for value in values:
        for member in value.lineage():
            if table.setdefault(member.id, member) != member:
                raise UsageError(f"two different values share the id {member.id}; name one of them")
    return table


def _lift(other: Value | float, unit: Unit) -> Value:
    return other if isinstance(other, Value) else constant(other, unit)


def _slug(value: Value) -> str:
    words = [value.name] if value.name else [_WORDS.get(value.operation, value.operation)]
    if value.question and not value.name:
        words = list(value.question.id_words())
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words).lower()).strip("-")[:40].strip("-") or "value"


def counted_value(number: int, name: str, meaning: str) -> Value:
    """A count that a page made from its own registries, as a value."""
    return Value(number, ONE, Strength.DERIVED, operation="counted", definition=meaning, decimals=0, name=name)
