"""Words beside a value that would change what it says: a sign, a scale, a bound.

A value has its sign, its unit and its interval. ``− 30 ms``, ``30 ms k``, ``never more than 30 ms`` and ``30 million``
are other statements than the value that the data give, and nothing would test them.
"""

from __future__ import annotations

import re

from harness.errors import UsageError

_BEFORE = re.compile(
    r"(?:[-−–+±~≈<>≤≥=×*/^]|[$€£]|\b(?:minus|plus|under|over|above|below|beyond|up to|at most|at least|no more than"
    r"|no less than|never more than|never less than|more than|less than|fewer than|as much as|as little as|only|almost"
    r"|nearly|about|around|roughly|some|half|double|twice|times))[\s*_(“\"]*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^[*_)”\"]*(?:[\w%×^]|[-−–](?=\w)|\s*(?:%|‰|×|\^|\*{2}\d|e\d)|\s*(?:hundred|thousand|million|billion|trillion|dozen"
    r"|k|K|M|G|T|percent|per cent|times|fold|or more|or less|at most|at least|squared)\b)"
)
_BULLET = re.compile(r"(?:^|\n)[ >]*[-*+] +$")
"""The mark of a list, which is no sign."""


def demand_plain(before: str, after: str) -> None:
    """Raises ``UsageError`` where the text right before a value or right after it changes what the value says."""
    found = _BEFORE.search(_BULLET.sub("", before)) or _AFTER.search(after)
    if found:
        raise UsageError(
            f"{found[0].strip()!r} stands beside a value and changes what it says; bind a value that says it, or "
            "state a claim"
        )
