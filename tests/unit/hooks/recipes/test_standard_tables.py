"""What a report says of its design, whatever its subject."""

from __future__ import annotations

from typing import Any

import pytest

from hooks.recipes.standard_tables import loop


@pytest.mark.parametrize(
    ("design", "by_level", "kind"),
    [
        ({"fixed": {"num_ctx": 512}, "factors": [{"name": "threads"}]}, {}, "closed"),
        ({"factors": []}, {}, "closed"),
        ({"fixed": {"rate_per_s": 4.0}, "factors": []}, {}, "open"),
        ({"fixed": {}, "factors": [{"name": "trace"}]}, {}, "open"),
        ({"fixed": {}, "factors": []}, {"rate_per_s": "set by the level of load"}, "open"),
    ],
)
def test_the_kind_of_loop_follows_the_settings(design: dict[str, Any], by_level: dict[str, str], kind: str) -> None:
    assert loop(design, by_level).startswith(f"{kind} loop")
