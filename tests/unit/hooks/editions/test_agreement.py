"""What is said of two numbers, and of two machines, together."""

from __future__ import annotations

from typing import Any

import pytest

from harness.units import MS, ONE, RATIO, S, Unit
from hooks.analysis.recording_conditions import Facts, relation
from hooks.claims.claim import Claim
from hooks.content.blocks import Content, Lit
from hooks.editions.agreement import Compared, claim_pairs, compare, no_difference
from hooks.values.evidence import Interval, Level, Strength
from hooks.values.questions import Contrasted, OfMetric
from hooks.values.value import Value, absent, constant

PUBLISHED: Facts = {"host_id": "a", "cpu_model": "X", "cores_logical": 2, "cores_allowed": 2}


def value(low: float, high: float, unit: Unit = MS, *, contrast: bool = False) -> Value:
    of: dict[str, Any] = {"dataset": "tr900/v1", "digest": "0" * 64, "metric": "ttft", "version": 1}
    sides: dict[str, Any] = {"factor": "threads", "level": 2, "reference": 1}
    question = Contrasted(**of, **sides) if contrast else OfMetric(**of)
    interval = Interval(low, high, 0.95, "order statistics")
    return Value((low + high) / 2, unit, Strength.MEASURED, interval, 7, question=question)


@pytest.mark.parametrize(
    ("published", "other", "expected"),
    [
        (value(1, 2), value(2, 3), Compared.OVERLAP),
        (value(1, 2), value(3, 4), Compared.HIGHER),
        (value(3, 4), value(1, 2), Compared.LOWER),
        (value(1, 2, S), value(1000, 2000), Compared.OVERLAP),
        (value(0.8, 0.9, RATIO, contrast=True), value(1.1, 1.2, RATIO, contrast=True), Compared.FLIPPED),
        (value(0.5, 0.6, RATIO, contrast=True), value(0.8, 0.9, RATIO, contrast=True), Compared.HIGHER),
        (value(1, 2) / value(4, 5), value(4, 5) / value(1, 2), Compared.NO_INTERVAL),
        (constant(3), constant(3), Compared.EQUAL),
        (constant(3), constant(4), Compared.DIFFERENT),
        (value(1, 2), absent("no_sensor", MS), Compared.PUBLISHED_ONLY),
        (None, value(1, 2), Compared.OTHER_ONLY),
        (None, None, Compared.NEITHER),
    ],
)
def test_what_two_numbers_say_together(published: Value | None, other: Value | None, expected: Compared) -> None:
    assert compare(published, other) is expected


def test_the_levels_that_a_recording_lacks_are_known_by_their_values_and_not_by_their_text() -> None:
    where = (("arm", ("a, b",)), ("threads", (1,)))
    question = OfMetric(dataset="tr900/v1", digest="0" * 64, metric="ttft", version=1, where=where)
    asked = Value(1.5, MS, Strength.MEASURED, Interval(1, 2, 0.95, "order statistics"), 7, question=question)
    published = Content(claims={"fast": Claim("fast", "It takes {t}.", {"t": asked}, "t.high < 3 ms")})

    def lacking(**levels: tuple[Level, ...]) -> tuple[tuple[str, str], ...]:
        (pair,) = claim_pairs(published, Content(levels=levels), "v2")
        return pair.lacking

    assert lacking(arm=("a, b", "c"), threads=(1, 2)) == ()
    assert lacking(arm=("a", "b"), threads=("1",)) == (("arm", "a, b"), ("threads", "1"))
    assert lacking() == (("arm", "a, b"), ("threads", "1"))


def test_only_a_comparison_of_one_metric_has_a_line_to_cross() -> None:
    other = value(1, 2)
    assert no_difference(value(1, 2) / other) == 1.0
    assert no_difference(value(1, 2) - other) == 0.0
    assert no_difference(value(1, 2)) is None
    assert no_difference(value(1, 2) * constant(2)) is None
    assert no_difference(constant(2, ONE)) is None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "the same machine"),
        ({"cores_allowed": 1}, "the same machine, limited to 1 of its 2 processors"),
        ({"host_id": "b"}, "another machine of the same kind"),
        ({"host_id": "b", "cores_allowed": 1}, "another machine of the same kind, limited to 1 of its 2 processors"),
        ({"host_id": "b", "gpu_name": "G"}, "another kind of machine"),
        ({"host_id": "b", "cpu_model": "Y"}, "another kind of machine"),
        ({"host_id": None}, "a machine of the same kind, perhaps the same one"),
        ({"host_id": None, "cpu_model": "Y"}, "a machine that does not tell its host"),
        (
            {"host_id": "b", "cores_logical": 8, "cores_allowed": 8},
            "another kind of machine, with all of its 8 processors",
        ),
    ],
)
def test_machines_are_named_by_recorded_facts(changed: Facts, expected: str) -> None:
    words = relation(PUBLISHED, {**PUBLISHED, **changed})
    assert "".join(piece.text if isinstance(piece, Lit) else piece for piece in words) == expected


def test_every_number_in_the_name_of_a_machine_is_declared() -> None:
    words = relation(PUBLISHED, {**PUBLISHED, "cores_allowed": 1})
    assert [piece.text for piece in words if isinstance(piece, Lit)] == ["1", "2"]
