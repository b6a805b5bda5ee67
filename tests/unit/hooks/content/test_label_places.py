"""Labels of a chart stand apart, beside their points, and inside of it."""

from __future__ import annotations

import math
import random
from itertools import combinations

import pytest

from hooks.content.label_places import Box, places

ROOM = Box(0, 0, 600, 320)


def test_a_label_alone_stands_to_the_right_of_its_point() -> None:
    (box,) = places([(100.0, 100.0)], [("name", "12 ms")], ROOM, [])
    assert box.left > 100
    assert box.top < 100 < box.bottom


def test_a_label_at_the_edge_stays_inside() -> None:
    (box,) = places([(595.0, 5.0)], [("a longer name", "12 ms")], ROOM, [])
    assert box.left >= 0
    assert box.right <= 600
    assert box.top >= 0


def test_a_label_that_stands_in_the_way_of_another_moves() -> None:
    """The first takes the place at its right; the second, at the edge, has no other one."""
    room = Box(0, 0, 160, 60)
    one, other = places([(20.0, 30.0), (150.0, 30.0)], [("a first label",), ("one more",)], room, [])
    assert one.shared(other) == 0
    for box in (one, other):
        assert (box.left >= 0, box.top >= 0, box.right <= 160, box.bottom <= 60) == (True,) * 4


@pytest.mark.parametrize("seed", range(20))
def test_no_two_labels_overlap(seed: int) -> None:
    draw = random.Random(seed)
    points = [(draw.uniform(0, 600), draw.uniform(0, 320)) for _ in range(8)]
    found = places(points, [("engine fp32", "123 ms")] * 8, ROOM, [])
    assert sum(one.shared(other) > 0 for one, other in combinations(found, 2)) == 0
    for (x, y), box in zip(points, found, strict=True):
        assert math.dist((x, y), (min(max(x, box.left), box.right), min(max(y, box.top), box.bottom))) < 120
