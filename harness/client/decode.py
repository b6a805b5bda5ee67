"""From a stamped response to tokens: what arrived when, what it said, what the engine counted.

Decoding happens after the stream, one stream at a time, in slices that give the event loop back every ``SLICE_NS``,
so that the stamps of other streams never wait for more than one slice. The bytes decide everything: the first bad
record, or the terminal record, settles the request, and what follows it is ignored. Only where the bytes end before
either does the transport's outcome count.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from time import monotonic_ns
from typing import NamedTuple
from weakref import WeakKeyDictionary

from ..events import Counters, Settings
from ..outcomes import OK, Code, Outcome, degraded, failed
from .exchange import Exchange
from .framing import Framing, LineTooLong
from .json_records import BadRecord, Record, parse
from .receiver import LIMITS

SLICE_NS = 50_000
MAX_RECORDS = 2**18


class Piece(NamedTuple):
    """What one record of a stream says.

    ``total`` is the number of tokens generated up to and including this record, where the engine says so;
    elsewhere a record with content counts as one token. ``bad`` names counters that cannot be.
    """

    content: str = ""
    total: int | None = None
    done: bool = False
    error: str | None = None
    finish_reason: str | None = None
    counters: Counters | None = None
    effective: Settings | None = None
    bad: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one engine streams: its framing, its records and the frame (if any) that ends it."""

    framing: Framing
    read: Callable[[Record], Piece]
    sentinel: bytes | None = None


@dataclass(slots=True)
class Decoded:
    """A decoded stream. ``arrivals_ns`` are absolute; ``end_ns`` is the terminal record's stamp, if it came."""

    arrivals_ns: list[int] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    text: str = ""
    counters: Counters = field(default_factory=Counters)
    effective: Settings = field(default_factory=dict)
    finish_reason: str | None = None
    outcome: Outcome = OK
    end_ns: int | None = None


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


async def decode(exchange: Exchange, dialect: Dialect) -> Decoded:
    """Decodes without holding the event loop for longer than a slice, however many streams end at once."""
    decoding = _Decoding(exchange, dialect)
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        slice_end = monotonic_ns() + SLICE_NS
        for _ in decoding.steps():
            if monotonic_ns() >= slice_end:
                await asyncio.sleep(0)
                slice_end = monotonic_ns() + SLICE_NS
    return decoding.result()


def decode_now(exchange: Exchange, dialect: Dialect) -> Decoded:
    """Decodes in one go, for callers without other streams to mind."""
    decoding = _Decoding(exchange, dialect)
    for _ in decoding.steps():
        pass
    return decoding.result()


class _Decoding:
    def __init__(self, exchange: Exchange, dialect: Dialect) -> None:
        self._exchange = exchange
        self._dialect = dialect
        self._out = Decoded()
        self._settled: Outcome | None = None
        self._done = False
        self._total = 0
        self._counted = True
        self._bad: list[str] = []

    def steps(self) -> Iterator[None]:
        """One step per record."""
        exchange = self._exchange
        if exchange.status != 200:
            return
        body = b"".join(exchange.chunks)
        ends = list(accumulate(map(len, exchange.chunks)))
        segment = 0
        try:
            for number, frame in enumerate(self._dialect.framing(body, LIMITS.line)):
                if number == MAX_RECORDS:
                    raise BadRecord(Code.BODY_TOO_LONG, f"more than {MAX_RECORDS} records")
                while ends[segment] < frame.end:
                    segment += 1
                self._take(frame.data, exchange.stamps[segment])
                if self._settled is not None:
                    return
                yield
        except BadRecord as error:
            self._settled = failed(error.code, str(error))
        except LineTooLong as error:
            self._settled = failed(Code.LINE_TOO_LONG, str(error))

    def _take(self, data: bytes, stamp: int) -> None:
        if data == self._dialect.sentinel:
            self._finish(stamp)
            return
        piece = self._dialect.read(parse(data))
        if piece.error is not None:
            self._settled = failed(Code.ERROR_IN_STREAM, piece.error)
            return
        self._count(piece, stamp)
        out = self._out
        self._bad += piece.bad
        out.counters = piece.counters or out.counters
        out.effective = piece.effective or out.effective
        out.finish_reason = piece.finish_reason or out.finish_reason
        if piece.done:
            self._finish(stamp)

    def _count(self, piece: Piece, stamp: int) -> None:
        """A record without content is no arrival: its tokens count with the next one that has some."""
        if not piece.content:
            return
        out = self._out
        out.contents.append(piece.content)
        tokens = 1
        if piece.total is None:
            self._counted = False
        else:
            tokens = piece.total - self._total
        self._total += tokens
        if tokens < 0:
            raise BadRecord(Code.BAD_COUNTER, "the count of tokens went down")
        if tokens > 0:
            out.arrivals_ns.append(stamp)
            out.tokens.append(tokens)

    def _finish(self, stamp: int) -> None:
        self._out.end_ns = stamp
        self._settled = self._judge()

    def _judge(self) -> Outcome:
        """The outcome of a stream that ended as it should."""
        if self._bad:
            return degraded(Code.BAD_COUNTER, f"impossible: {', '.join(self._bad)}")
        if not self._out.tokens:
            return degraded(Code.NO_TOKENS, "the stream ended properly without any content")
        return self._compare(self._out.counters.predicted_n)

    def _compare(self, predicted: int | None) -> Outcome:
        """An end-of-sequence token is counted but has no content; more than that went by uncounted."""
        if predicted is None or self._total <= predicted <= self._total + (not self._counted):
            return OK
        if self._counted and predicted > self._total:
            return OK
        return degraded(Code.TOKEN_COUNT, f"{self._total} tokens arrived, the engine counted {predicted}")

    def result(self) -> Decoded:
        out = self._out
        out.outcome = self._settled or self._unfinished()
        try:
            out.text = "".join(out.contents).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            out.outcome = failed(Code.BAD_ENCODING, "a lone surrogate in the text")
        return out

    def _unfinished(self) -> Outcome:
        if self._exchange.outcome.usable:
            return failed(Code.CLOSED_EARLY, "the stream ended without its terminal record")
        return self._exchange.outcome
