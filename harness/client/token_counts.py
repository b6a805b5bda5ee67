"""How many tokens each chunk of a stream holds, decided when the whole stream is known.

A chunk is one token unless the engine says otherwise. What it says may be a running count with each chunk, one count at
the end, or a placeholder that means neither; gateways write all three into the same field.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..outcomes import OK, Code, Outcome, degraded
from ..validity.bursts import AT_ONCE_NS

_OPEN = re.compile(r"\s*(?:<((?:\w+:)?(?:think|thinking|thought|reason|reasoning))>|\[THINK\])")
_TAG = re.compile(_OPEN.pattern.removeprefix(r"\s*"))
_CLOSE = re.compile(r"</((?:\w+:)?(?:think|thinking|thought|reason|reasoning))>|\[/THINK\]")


class Chunk(NamedTuple):
    """A record with content: its stamp, the engine's running count with it, and whether it is reasoning."""

    at_ns: int
    total: int | None
    reasoning: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """Tokens of each chunk, and the same without chunks that add none; ``impossible``: the engine's count is none."""

    per_chunk: list[int]
    arrivals_ns: list[int]
    tokens: list[int]
    outcome: Outcome
    impossible: bool = False


def count_tokens(
    chunks: Sequence[Chunk], predicted: int | None, reasoning: int | None, *, trusted: bool, sent_bytes: int
) -> Counted:
    """``predicted`` is the engine's own count at the end, ``reasoning`` how many of those were no answer.

    ``trusted`` counts are the engine's own; others are believed where they grow with the content. ``sent_bytes`` are
    those of the text: a token that was sent takes one at least.
    """
    totals = [chunk.total for chunk in chunks if chunk.total is not None]
    running = len(totals) == len(chunks) > 0 and (trusted or _credible(totals, predicted))
    impossible = predicted == 0 and bool(chunks) and not trusted
    per_chunk, outcome = (
        _running(totals, predicted)
        if running
        else _whole(chunks, None if impossible else predicted, reasoning, sent_bytes if not trusted else None)
    )
    if impossible and outcome is OK:
        outcome = degraded(Code.BAD_COUNTER, f"{len(chunks)} chunks came, and the engine counted no tokens")
    kept = [(chunk.at_ns, tokens) for chunk, tokens in zip(chunks, per_chunk, strict=True) if tokens > 0]
    return Counted(per_chunk, [at for at, _ in kept], [tokens for _, tokens in kept], outcome, impossible)


def _credible(totals: Sequence[int], predicted: int | None) -> bool:
    """Whether counts that come with content are running ones: never zero, never falling, never the same throughout."""
    if totals[0] < 1 or any(later < earlier for earlier, later in itertools.pairwise(totals)):
        return False
    same = len(totals) > 1 and totals[0] == totals[-1]
    return not same or (totals[0] == 1 and predicted in (None, 1))


def _running(totals: Sequence[int], predicted: int | None) -> tuple[list[int], Outcome]:
    per_chunk = [later - earlier for earlier, later in itertools.pairwise((0, *totals))]
    if predicted is None or predicted >= totals[-1]:
        return per_chunk, OK
    return per_chunk, degraded(Code.TOKEN_COUNT, f"{totals[-1]} tokens arrived, the engine counted {predicted}")


def _whole(
    chunks: Sequence[Chunk], predicted: int | None, reasoning: int | None, sent_bytes: int | None
) -> tuple[list[int], Outcome]:
    """One token a chunk, as far as the count at the end bears it out: an end-of-sequence token has no content.

    Otherwise the tokens are spread evenly over the chunks, so that rates are those of tokens; where within a chunk each
    came is not known. A count of more tokens than the text has bytes is of tokens that were not sent.
    """
    n = len(chunks)
    if predicted is None or n in (predicted, predicted - 1) or not n:
        return [1] * n, OK
    sent = predicted - (reasoning or 0)
    if reasoning and not any(chunk.reasoning for chunk in chunks) and n in (sent, sent - 1):
        detail = f"{reasoning} reasoning tokens were not sent; the first token that was sent is not the first"
        return [1] * n, degraded(Code.HIDDEN_TOKENS, detail)
    if sent_bytes is not None and predicted > sent_bytes:
        detail = f"the engine counted {predicted} tokens, more than the text has bytes: some were not sent"
        return [1] * n, degraded(Code.HIDDEN_TOKENS, detail)
    ends = [-(-predicted * k // n) for k in range(n + 1)]
    detail = f"{n} chunks arrived, the engine counted {predicted} tokens; they are spread evenly over the chunks"
    return [later - earlier for earlier, later in itertools.pairwise(ends)], degraded(Code.TOKEN_COUNT, detail)


def at_once(arrivals_ns: Sequence[int], tokens: int) -> bool:
    """Whether four ``tokens`` or more arrived together: in one chunk, or in chunks that were held back."""
    gaps = len(arrivals_ns) - 1
    if not gaps:
        return tokens > 3
    return gaps > 2 and arrivals_ns[-1] - arrivals_ns[0] < AT_ONCE_NS * gaps


def tagged_reasoning(contents: Sequence[str]) -> int:
    """How many chunks the reasoning takes that tags in the text mark, as ``<think> … </think>``; 0 without one.

    The opening tag may stand in the prompt, where nobody sees it: then the closing one alone tells.
    """
    said = "".join(contents)
    opened, closed = _OPEN.match(said), _CLOSE.search(said)
    if closed is None:
        return len(contents) if opened else 0
    if not opened and _TAG.search(said, 0, closed.start()):
        return 0
    end = 0
    for number, content in enumerate(contents, start=1):
        end += len(content)
        if end >= closed.end():
            return number - bool(said[closed.end() : end].strip())
    return len(contents)
