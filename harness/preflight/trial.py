"""One trial request, made exactly as measured ones are, and what its stream was like."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..client.decode import Decoded, Dialect, decode
from ..client.exchange import Exchange, Target, exchange
from ..client.receiver import LIMITS
from ..client.token_counts import at_once
from ..protocols import Deadlines
from ..validity.bursts import share_together

DEADLINES = Deadlines(connect_s=5.0, first_byte_s=120.0, gap_s=60.0, total_s=180.0)
"""A server may load a model for its first request."""
_LIMITS = replace(LIMITS, body=2 << 20)
"""A few tokens are asked for: a body of so many bytes has thousands."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A request and its answer, read as a measured one is."""

    answer: Exchange
    decoded: Decoded

    @property
    def refusal(self) -> str:
        """What the server said when it refused."""
        return b"".join(self.answer.chunks)[:20_000].decode("utf-8", "replace")

    @property
    def has_tokens(self) -> bool:
        """Whether any token came; a model may think unseen until its limit."""
        return bool(self.decoded.tokens)

    @property
    def streams(self) -> bool:
        """Whether it is a stream with tokens."""
        return self.decoded.outcome.usable and self.has_tokens

    @property
    def together(self) -> float | None:
        """The share of chunks that came with the one before; ``None`` for fewer than four chunks."""
        return share_together(self.decoded.arrivals_ns)

    @property
    def unbuffered(self) -> bool:
        """Whether the chunks took time to arrive."""
        return not at_once(self.decoded.arrivals_ns, sum(self.decoded.tokens))

    @property
    def said_done(self) -> bool:
        """Whether the stream ended with its sentinel."""
        return b"[DONE]" in b"".join(self.answer.chunks)[-64:]


async def make(target: Target, body: Mapping[str, object], dialect: Dialect) -> Trial:
    """Sends ``body``. Never raises for what the server does."""
    message = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    answer = await exchange(target, message, DEADLINES, limits=_LIMITS)
    return Trial(answer, await decode(answer, dialect))
