"""How a server counts a prompt, found by asking: what stands beside the words, and what a word costs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from ..texts.words import WORDS

ASKED = tuple(dict.fromkeys(WORDS))[:64]
"""The words of the first request."""
REPEATED = 8
"""Times that a group of words is sent where the cost of one is no whole number."""

Count = Callable[[Sequence[str]], Awaitable[int | None]]
"""How many tokens a server counts of the prompt that is made of words; ``None`` where it tells nothing."""


@dataclass(frozen=True, slots=True)
class PromptCount:
    """``beside`` is what a template, a prefix and a begin cost, ``per_word`` what each of ``among`` does, in tokens.

    ``told`` says whether the server counts prompts, and ``constant`` whether it says the same of all; where it tells no
    lengths, a word is taken for a token.
    """

    beside: float = 0.0
    per_word: float = 1.0
    among: tuple[str, ...] = ASKED
    told: bool = False
    constant: bool = False

    def words(self, tokens: int) -> int:
        """The number of words that makes a prompt nearest to ``tokens``; at least one."""
        return max(1, round((tokens - self.beside) / self.per_word))

    def line(self) -> str:
        """For people."""
        if self.constant:
            return "counts the same tokens for any prompt: one word is taken for one token"
        if not self.told:
            return "does not count the tokens of prompts: one word is taken for one token"
        return f"counts the tokens of prompts: {self.per_word:.3g} a word, {self.beside:.3g} beside the words"


async def learn(count: Count, whole: int | None) -> PromptCount:
    """``whole`` is what the server counted of all words that were ``ASKED``.

    A word costs one token at least. So where one word and all of them differ by the number of the others, each costs
    exactly one, and a prompt of any of them has the length that is asked for. Otherwise words of one length show
    whether they do; where none do, the cheapest serve, for their steps are the smallest.
    """
    one = await count(ASKED[:1]) if whole is not None else None
    if whole is None or one is None or whole <= one:
        return PromptCount(constant=whole is not None and whole == one)
    if whole - one == len(ASKED) - 1:
        return PromptCount(one - 1, told=True)
    groups = [tuple(group) for _, group in groupby(sorted(ASKED, key=len), len)]
    counted = [number for group in groups if (number := await count(group)) is not None]
    if len(counted) < len(groups):
        return _line(ASKED, (1, one), (len(ASKED), whole))
    beside = (sum(counted) - whole) / (len(groups) - 1)
    single = [group for group, number in zip(groups, counted, strict=True) if number - beside == len(group)]
    if single:
        return PromptCount(beside, 1.0, tuple(chain(*single)), told=True)
    words, few = min(zip(groups, counted, strict=True), key=lambda pair: (pair[1] - beside) / len(pair[0]))
    many = await count(words * REPEATED)
    last = (len(ASKED), whole) if many is None else (REPEATED * len(words), many)
    return _line(words if many else ASKED, (len(words), few) if many else (1, one), last)


def _line(among: tuple[str, ...], first: tuple[int, int], last: tuple[int, int]) -> PromptCount:
    """From two numbers of words with their tokens. A count that does not grow with its words tells nothing."""
    per_word = (last[1] - first[1]) / (last[0] - first[0])
    return PromptCount(first[1] - first[0] * per_word, per_word, among, told=True) if per_word > 0 else PromptCount()
