"""What llama.cpp's server says about accuracy, asked place by place over the shipped test text.

It takes no text to judge, but tells the log probabilities of the likeliest next tokens, from the softmax over its whole
vocabulary before anything is sampled. Where the given token is not among the first, a wider list is asked for, and the
last list is the whole vocabulary: nothing is estimated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..client.control import Control
from ..client.json_records import Record
from ..outcomes import Code, failed
from ..protocols import EngineFailed, Score
from ..texts import JUDGED_TOKENS, SCORED_TOKENS, test_text

WIDTHS = (512, 8192, 1 << 24)
"""How many of the likeliest tokens are asked for, one after the other; no vocabulary has as many as the last."""

_LEAST = -1e30
"""The engine writes the least number of its float where a probability has underflowed: that is no likelihood."""

_ABOVE_ONE = 1e-3
"""How far the sum of many rounded probabilities lets one of them pass 1, as a logarithm."""


async def score(address: str) -> Score:
    """Perplexity and the likeliest tokens. Raises ``EngineFailed``, ``BAD_COUNTER`` where answers make no sense."""
    control = Control(address)
    try:
        tokens = _ids(await control.post("/tokenize", {"content": test_text(), "add_special": True}))[:SCORED_TOKENS]
        found = [await _place(control, tokens[:end], tokens[end]) for end in range(1, len(tokens))]
    finally:
        await control.close()
    if not found:
        raise _bad("one token for the whole test text")
    greedy, likelihoods = zip(*found, strict=True)
    return Score(math.exp(-math.fsum(likelihoods) / len(found)), len(found), greedy[:JUDGED_TOKENS])


async def _place(control: Control, before: tuple[int, ...], given: int) -> tuple[int, float]:
    """The likeliest token after ``before``, and the log likelihood of the ``given`` one."""
    for width in WIDTHS:
        answer = await control.post("/completion", _body(before, width))
        told = _told(answer)
        if given in told:
            return _ids(answer)[0], _likelihood(told[given])
        if len(told) < width:
            break
    raise _bad(f"no probability of token {given} among the {len(told)} that it told")


def _body(tokens: tuple[int, ...], width: int) -> dict[str, object]:
    return {
        "prompt": tokens,
        "n_predict": 1,
        "temperature": 0.0,
        "n_probs": width,
        "post_sampling_probs": False,
        "cache_prompt": True,
        "return_tokens": True,
    }


def _told(answer: Record) -> Mapping[int, object]:
    """Log probabilities of next tokens by their id, unread."""
    places = answer.get("completion_probabilities")
    first = places[0] if isinstance(places, list) and places else None
    listed = first.get("top_logprobs") if isinstance(first, dict) else None
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise _bad("no log probabilities")
    return {entry["id"]: entry.get("logprob") for entry in listed if isinstance(entry.get("id"), int)}


def _likelihood(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not _LEAST < value <= _ABOVE_ONE:
        raise _bad(f"the log probability {value!r}")
    return float(value)


def _ids(answer: Record) -> tuple[int, ...]:
    tokens = answer.get("tokens")
    if not isinstance(tokens, list) or not tokens or not all(isinstance(token, int) for token in tokens):
        raise _bad("no token ids")
    return tuple(tokens)


def _bad(what: str) -> EngineFailed:
    return EngineFailed(failed(Code.BAD_COUNTER, f"llama.cpp returned {what}"))
