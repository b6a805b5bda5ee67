"""Text of a given number of words, drawn from frequent short English ones, which tokenizers keep whole."""

from __future__ import annotations

import random
from collections.abc import Sequence

WORDS = """
    the of and to in is that it was for on are with as they be at one have this from or had by hot word but what
    some we can out other were all there when up use your how said an each she which do their time if will way
    about many then them write would like so these her long make thing see him two has look more day could go
    come did number sound no most people my over know water than call first who may down side been now find any
    new work part take get place made live where after back little only round man year came show every good me
    give our under
""".split()  # noqa: SIM905 - a literal would take a line for each


def words(number: int, drawn_by: random.Random | int, among: Sequence[str] = WORDS) -> str:
    """``number`` words, by a generator or by a seed."""
    generator = random.Random(drawn_by) if isinstance(drawn_by, int) else drawn_by  # noqa: S311 words, not a secret
    return " ".join(generator.choices(among, k=number))
