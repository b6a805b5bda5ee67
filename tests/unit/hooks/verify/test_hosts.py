"""Whether a finding holds on a host follows from the interval there and from what the first host settles."""

from __future__ import annotations

import pytest

from harness.design import Primary
from hooks.verify.meaning.host_rows import Hosts, _states
from hooks.verify.reader.values_json import StatedInterval, StatedValue

PRIMARY = Primary(id="threads", metric="tpot", factor="threads", level=2, reference=1, margin=1.05)
HOSTS = Hosts(("A", "B"), {"1": "A", "2": "B"})


def ratio(low: float, high: float) -> StatedValue:
    interval = StatedInterval(low=low, high=high, level=0.95, method="t")
    return StatedValue(
        number=(low + high) / 2,
        unit="×",
        figure="",
        text="",
        status="derived",
        n=6,
        missing=None,
        interval=interval if high else None,
        question=None,
        source="",
        parents=[],
        operation="",
        definition="",
        caution="",
        decimals=None,
        name="",
        dims=[],
        scale=1.0,
    )


@pytest.mark.parametrize(
    ("first", "second", "states"),
    [
        (ratio(0.7, 0.8), ratio(0.6, 0.9), ("holds", "holds")),
        (ratio(0.7, 0.8), ratio(0.6, 1.1), ("holds", "not settled")),
        (ratio(0.7, 0.8), ratio(1.1, 1.2), ("holds", "fails")),
        (ratio(0.9, 1.2), ratio(1.1, 1.2), ("not settled", "holds")),
        (ratio(0.98, 1.02), ratio(0.9, 0.94), ("holds", "fails")),
        (ratio(0.98, 1.02), ratio(0.9, 0.97), ("holds", "not settled")),
        (ratio(0.9, 1.2), ratio(0.9, 1.2), ("not settled", "not settled")),
        (ratio(0, 0), ratio(0.7, 0.8), ("not settled", "holds")),
        (None, ratio(0.7, 0.8), ("untested", "holds")),
        (None, None, ("untested", "untested")),
    ],
)
def test_what_holds_where(first: StatedValue | None, second: StatedValue | None, states: tuple[str, str]) -> None:
    ratios = {letter: one for letter, one in (("A", first), ("B", second)) if one is not None}
    assert tuple(_states(PRIMARY, HOSTS, ratios).values()) == states
