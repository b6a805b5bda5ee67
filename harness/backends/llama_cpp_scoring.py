"""What llama.cpp's server can say about accuracy: the likeliest next token. It tells no likelihood of a given text."""

from __future__ import annotations

from ..outcomes import Code, failed
from ..protocols import EngineFailed, Score
from ..texts import JUDGED_TOKENS, test_text
from .control import Control
from .records import Record


async def score(address: str) -> Score:
    """The likeliest token after each of the first tokens of the test text. Raises ``EngineFailed``."""
    control = Control(address)
    try:
        tokens = _ids(await control.post("/tokenize", {"content": test_text(), "add_special": True}))
        ends = range(1, JUDGED_TOKENS + 1)
        found = [_ids(await control.post("/completion", _body(tokens[:end])))[0] for end in ends]
    finally:
        await control.close()
    return Score(greedy=tuple(found))


def _body(tokens: tuple[int, ...]) -> dict[str, object]:
    return {"prompt": tokens, "n_predict": 1, "temperature": 0.0, "cache_prompt": True, "return_tokens": True}


def _ids(answer: Record) -> tuple[int, ...]:
    tokens = answer.get("tokens")
    if not isinstance(tokens, list) or not tokens or not all(isinstance(token, int) for token in tokens):
        raise EngineFailed(failed(Code.BAD_COUNTER, "llama.cpp returned no token ids"))
    return tuple(tokens)
