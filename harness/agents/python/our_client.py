"""The measured client of the project, as an agent's client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...client.exchange import Target, exchange
from ...protocols import Deadlines
from .answer import Answer, Progress


class OurClient:
    """Chunks with one stamp came with one read, and are one. It keeps an answer to itself until it is whole."""

    name = "ours"

    async def ask(self, order: Mapping[str, Any], body: bytes, progress: Progress) -> Answer:
        target = Target(order["host"], order["port"], order["path"])
        seen = await exchange(target, body, Deadlines(**order["deadlines"]))
        answer = Answer(
            connected_ns=seen.sent_ns,
            sent_ns=seen.sent_ns,
            head_ns=seen.first_byte_ns,
            status=seen.status,
            code=seen.outcome.code,
            detail=seen.outcome.detail,
        )
        for stamp, chunk in zip(seen.stamps, seen.chunks, strict=True):
            if answer.stamps and answer.stamps[-1] == stamp:
                answer.chunks[-1] += chunk
            else:
                answer.stamps.append(stamp)
                answer.chunks.append(chunk)
        progress(answer)
        return answer
