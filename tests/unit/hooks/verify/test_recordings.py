"""The verifier names machines and compares numbers with code of its own, and comes to the same words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.units import MS, RATIO, S
from hooks.analysis.recording_conditions import relation
from hooks.content.blocks import Lit
from hooks.editions.agreement import compare
from hooks.values.serialize import page_record
from hooks.values.value import Value, absent, by_id, constant
from hooks.verify.reader.dataset import Sealed
from hooks.verify.reader.values_json import StatedPage
from hooks.verify.recompute.recordings import compared
from hooks.verify.recompute.recordings import relation as verified
from tests.unit.hooks.editions.test_agreement import PUBLISHED, value


def sealed(**facts: Any) -> Sealed:
    return Sealed(Path(), "tr900/v1", "0" * 64, (), {"environment": {**PUBLISHED, **facts}})


@pytest.mark.parametrize("host", ["a", "b", None])
@pytest.mark.parametrize("model", ["X", "Y", None])
@pytest.mark.parametrize("allowed", [None, 1, 2])
def test_machines_get_the_same_name(host: str | None, model: str | None, allowed: int | None) -> None:
    facts: dict[str, Any] = {"host_id": host, "cpu_model": model, "cores_allowed": allowed}
    words = "".join(
        piece.text if isinstance(piece, Lit) else piece for piece in relation(PUBLISHED, {**PUBLISHED, **facts})
    )
    assert verified(sealed(), sealed(**facts)) == words


PAIRS = (
    (value(1, 2), value(2, 3)),
    (value(1, 2), value(3, 4)),
    (value(1, 2, S), value(1000, 2000, MS)),
    (value(0.8, 0.9, RATIO, contrast=True), value(1.1, 1.2, RATIO, contrast=True)),
    (constant(3), constant(4)),
    (value(1, 2), absent("no_sensor", MS)),
    (value(1, 2), None),
)


@pytest.mark.parametrize("pair", PAIRS)
def test_numbers_get_the_same_verdict(pair: tuple[Value | None, Value | None]) -> None:
    own, other = (one and one.named(name) for one, name in zip(pair, ("published", "other"), strict=True))
    known = by_id([one for one in (own, other) if one])
    stated = StatedPage.model_validate(page_record("page", known.values()))
    assert compared(own and own.id, other and other.id, stated.values) == compare(own, other)
