"""Names in sentences: what a sentence calls ``{arm}`` is the level that its claim is about, declared as a literal."""

from __future__ import annotations

import re
from collections.abc import Mapping

from harness.errors import UsageError

from ..content.blocks import Lit
from ..values.value import Value

Names = Mapping[str, Lit | str]
"""Cells that name a row, by name."""
_INTERVAL = re.compile(r" \{([a-z_][a-z0-9_]*)\.interval\}")
_GRAMMAR = frozenset("{}~")
_NAME = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


def declared(sentence: str, names: Names) -> str:
    """``sentence`` with its ``names`` in place, levels as declared literals; other placeholders stay.

    Raises ``UsageError`` for a level that a sentence would read as a placeholder of its own.
    """

    def one(found: re.Match[str]) -> str:
        named = names.get(found[1])
        if named is None:
            return found[0]
        if isinstance(named, str):
            return named
        if _GRAMMAR & set(named.text):
            raise UsageError(
                f"{named.text!r} cannot stand in a sentence, for it holds one of {{ }} ~; rename the level"
            )
        return f"{{{named.text}|{named.kind}}}"

    return _NAME.sub(one, sentence)


def without_absent(sentence: str, values: Mapping[str, Value]) -> str:
    """``sentence`` without the intervals that its values do not have, as those of one session do not."""
    return _INTERVAL.sub(lambda found: found[0] if _bears(values.get(found[1])) else "", sentence)


def _bears(value: Value | None) -> bool:
    return value is None or value.interval is not None
