"""Names in sentences: what a sentence calls ``{arm}`` is the level that its claim is about, declared as a literal."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..content.blocks import Lit

Names = Mapping[str, Lit | str]
"""Cells that name a row, by name."""
_NAME = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


def declared(sentence: str, names: Names) -> str:
    """``sentence`` with its ``names`` in place, levels as declared literals; other placeholders stay.

    What a name stands for is never read as a placeholder again.
    """

    def one(found: re.Match[str]) -> str:
        named = names.get(found[1])
        if named is None:
            return found[0]
        return f"{{{named.text}|{named.kind}}}" if isinstance(named, Lit) else named

    return _NAME.sub(one, sentence)
