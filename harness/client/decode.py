"""From a stamped response to tokens: what arrived when, what it said, what the engine counted.

Decoding happens after the stream, one stream at a time, in slices that give the event loop back every ``SLICE_NS``,
so that the stamps of other streams never wait for more than one slice. Before a planned start that is nearer than a
slice it waits: it is not measured, and the start is. The bytes decide everything: the first bad
record, or the terminal record, settles the request, and what follows it is ignored. Only where the bytes end before
either does the transport's outcome count. What a record cannot say by itself, such as how many tokens a chunk holds,
``token_counts.py`` decides once the whole stream is known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import accumulate
from time import monotonic_ns
from typing import NamedTuple
from weakref import WeakKeyDictionary

from ..events import Counters, Settings
from ..outcomes import OK, UNLISTED_REASONING, Code, Outcome, degraded, failed
from .exchange import Exchange
from .framing import Frame, Framing, LineTooLong
from .json_records import BadRecord, Record, parse
from .planned_start import none_is_due
from .receiver import EXCERPT, LIMITS, streams
from .token_counts import Chunk, Counted, count_tokens, tagged_reasoning
from .unlisted import UnlistedTexts

SLICE_NS = 50_000
MAX_RECORDS = 2**18
_STREAMS = ("text/event-stream", "application/x-ndjson")
_NOTHING = (b"", b"{}")
_HEARTBEATS = frozenset({b"ping", b"heartbeat", b"keepalive", b"keep-alive", b"keep_alive", b"null"})
"""Events, or data, by which a gateway keeps a connection open; they say nothing of an answer."""


_NO_TEXTS: Mapping[str, str] = {}


class Piece(NamedTuple):
    """What one record of a stream says.

    ``total`` is the number of tokens generated up to and including this record, where the engine says so;
    elsewhere a record with content counts as one token. ``reasoning`` tells that the content is no part of the answer,
    and ``reasoning_n`` is the engine's count of such tokens. ``bad`` names counters that cannot be. ``remark`` is what
    a record without content says: an error where nothing of an answer follows it. ``unlisted`` are its texts in fields
    without a known name.
    """

    content: str = ""
    total: int | None = None
    reasoning: bool = False
    reasoning_n: int | None = None
    done: bool = False
    error: str | None = None
    finish_reason: str | None = None
    counters: Counters | None = None
    effective: Settings | None = None
    bad: tuple[str, ...] = ()
    remark: str = ""
    unlisted: Mapping[str, str] = _NO_TEXTS


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one engine streams: its framing, its records and the frame (if any) that ends it.

    A stream with a ``sentinel`` also ends well where its body does after a reason to finish. With ``counts``, the
    totals of its records are the engine's own and always believed. A ``remote`` stream comes over ways that may hold it
    back. ``silence`` names why a stream may end without its terminal record, given what it said.
    """

    framing: Framing
    read: Callable[[Record], Piece]
    sentinel: bytes | None = None
    counts: bool = False
    remote: bool = False
    silence: Callable[[Sequence[str]], str] = lambda _: ""


@dataclass(slots=True)
class Decoded:
    """A decoded stream. ``arrivals_ns`` are absolute; ``end_ns`` is the terminal record's stamp, if it came.

    ``reasoning_tokens`` of ``tokens`` came before the answer began, at ``answer_ns`` (absolute; ``None`` without an
    answer). Both mean something only where ``reasons`` is true.
    """

    arrivals_ns: list[int] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    reasons: bool = False
    reasoning_tokens: int = 0
    answer_ns: int | None = None
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
        slice_end = await _new_slice()
        for _ in decoding.steps():
            if monotonic_ns() >= slice_end:
                await asyncio.sleep(0)
                slice_end = await _new_slice()
    return decoding.result()


async def _new_slice() -> int:
    """When a slice ends that begins now, or after the planned starts that it would delay."""
    await none_is_due(SLICE_NS)
    return monotonic_ns() + SLICE_NS


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
        self._chunks: list[Chunk] = []
        self._reasoning_n: int | None = None
        self._bad: list[str] = []
        self._remark = ""
        self._unlisted = UnlistedTexts()
        self._unlisted_name = ""

    def steps(self) -> Iterator[None]:
        """One step per record."""
        exchange = self._exchange
        if not streams(exchange.status):
            return
        body, read = b"".join(exchange.chunks), 0
        ends = list(accumulate(map(len, exchange.chunks)))
        segment = 0
        try:
            for number, frame in enumerate(self._dialect.framing(body, LIMITS.line)):
                if number == MAX_RECORDS:
                    raise BadRecord(Code.BODY_TOO_LONG, f"more than {MAX_RECORDS} records")
                while ends[segment] < frame.end:
                    segment += 1
                self._take(frame, exchange.stamps[segment])
                read = frame.end
                if self._settled is not None:
                    return
                yield
            self._take_rest(body[read:])
        except BadRecord as error:
            self._settled = failed(error.code, str(error))
        except LineTooLong as error:
            self._settled = failed(Code.LINE_TOO_LONG, str(error))

    def _take_rest(self, rest: bytes) -> None:
        """What follows the last frame of a body that ended well: servers end their last event with the body.

        What is cut there is dropped.
        """
        if not rest.strip() or not self._exchange.outcome.usable:
            return
        with suppress(BadRecord):
            for frame in self._dialect.framing(rest + b"\n\n", LIMITS.line):
                self._take(frame, self._exchange.stamps[-1])
                if self._settled is not None:
                    return

    def _take(self, frame: Frame, stamp: int) -> None:
        data = frame.data.strip()
        if self._dialect.sentinel is not None and data.strip(b'"').upper() == self._dialect.sentinel:
            self._finish(stamp)
            return
        record = _record(frame)
        if record is None:
            return
        piece = self._dialect.read(record)
        error = piece.error
        if error is None and frame.event == b"error":
            error = data.decode("utf-8", "replace")
        if error is not None:
            self._settled = failed(Code.ERROR_IN_STREAM, error)
            return
        out = self._out
        if piece.content:
            out.contents.append(piece.content)
            self._chunks.append(Chunk(stamp, piece.total, piece.reasoning))
            self._refuse_falling_total()
        elif piece.unlisted:
            self._unlisted.hold(len(self._chunks), Chunk(stamp, piece.total, reasoning=True), piece.unlisted)
        self._reasoning_n = piece.reasoning_n if piece.reasoning_n is not None else self._reasoning_n
        self._bad += piece.bad
        out.counters = piece.counters or out.counters
        out.effective = piece.effective or out.effective
        out.finish_reason = piece.finish_reason or out.finish_reason
        self._remark = piece.remark or ("" if piece.content else self._remark)
        if piece.done:
            self._finish(stamp)

    def _refuse_falling_total(self) -> None:
        """A trusted count that goes down is an error at once; one of a gateway is judged with the whole stream."""
        if not self._dialect.counts or len(self._chunks) < 2:
            return
        before, now = (chunk.total for chunk in self._chunks[-2:])
        if before is not None and now is not None and now < before:
            raise BadRecord(Code.BAD_COUNTER, "the count of tokens went down")

    def _finish(self, stamp: int) -> None:
        self._out.end_ns = stamp
        self._settled = OK

    def result(self) -> Decoded:
        out = self._out
        self._count_unlisted()
        out.outcome = self._settled or self._unfinished()
        if out.outcome is OK and self._remark and not out.finish_reason:
            out.outcome = failed(Code.ERROR_IN_STREAM, self._remark)
        counted = count_tokens(
            self._chunks,
            out.counters.predicted_n,
            self._reasoning_n,
            trusted=self._dialect.counts,
            sent_bytes=len("".join(out.contents).encode("utf-8", "surrogatepass")),
        )
        out.arrivals_ns, out.tokens = counted.arrivals_ns, counted.tokens
        self._split_answer(counted)
        if out.outcome is OK:
            out.outcome = self._judge(counted)
        try:
            out.text = "".join(out.contents).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            out.outcome = failed(Code.BAD_ENCODING, "a lone surrogate in the text")
        return out

    def _count_unlisted(self) -> None:
        """Puts reasoning of a name that nobody listed in its place among the chunks."""
        self._unlisted_name, held = self._unlisted.reasoning()
        if not held:
            return
        out = self._out
        listed = zip(range(len(self._chunks)), self._chunks, out.contents, strict=True)
        placed = [*((one.before, one.chunk, one.text) for one in held), *listed]
        placed.sort(key=lambda one: one[0])
        self._chunks = [chunk for _, chunk, _ in placed]
        out.contents = [content for _, _, content in placed]
        out.effective = {**out.effective, UNLISTED_REASONING: self._unlisted_name[:80]}

    def _split_answer(self, counted: Counted) -> None:
        """Where reasoning ended and the answer began; tags in the text count where no field tells."""
        out, chunks = self._out, self._chunks
        before = next((i for i, chunk in enumerate(chunks) if not chunk.reasoning), len(chunks))
        if not before:
            before = tagged_reasoning(out.contents)
        if before:
            out.reasons = True
            out.reasoning_tokens = sum(counted.per_chunk[:before])
            out.answer_ns = chunks[before].at_ns if before < len(chunks) else None

    def _judge(self, counted: Counted) -> Outcome:
        """The outcome of a stream that ended as it should."""
        if self._bad:
            return degraded(Code.BAD_COUNTER, f"impossible: {', '.join(self._bad)}")
        if not self._out.tokens:
            return degraded(Code.NO_TOKENS, "the stream ended properly without any content")
        if counted.impossible:
            self._out.counters = replace(self._out.counters, predicted_n=None)
        if counted.outcome is OK and self._unlisted_name:
            detail = f"the field {self._unlisted_name[:80]!r} has no known name; it is counted as reasoning"
            return degraded(Code.UNLISTED_REASONING, detail)
        return counted.outcome

    def _unfinished(self) -> Outcome:
        """The outcome of a stream without its terminal record."""
        out, exchange = self._out, self._exchange
        if not exchange.outcome.usable:
            return exchange.outcome
        if self._dialect.sentinel is not None and out.finish_reason and exchange.stamps:
            out.end_ns = exchange.stamps[-1]
            return OK
        if self._remark:
            return failed(Code.ERROR_IN_STREAM, self._remark)
        body = b"".join(exchange.chunks).strip()
        if body and not self._chunks and (body[:1] == b"{" or not exchange.content_type.startswith(_STREAMS)):
            return self._no_stream(body)
        why = self._dialect.silence(out.contents)
        if body and not self._chunks:
            why = f"nothing that it sent is a token: {body[:EXCERPT].decode('utf-8', 'replace')}"
        return failed(Code.CLOSED_EARLY, f"the stream ended without its terminal record{why and ': '}{why}")

    def _no_stream(self, body: bytes) -> Outcome:
        """The outcome of a success that carried something else: a whole answer, an error, a page to sign in."""
        try:
            piece = self._dialect.read(parse(body))
        except BadRecord:
            piece = Piece()
        if piece.error is not None or piece.remark:
            return failed(Code.ERROR_IN_STREAM, piece.error or piece.remark)
        excerpt = body[:EXCERPT].decode("utf-8", "replace")
        kind = self._exchange.content_type or "something without a type"
        return failed(Code.NOT_STREAMED, f"a stream was asked for and {kind} came: {excerpt}")


def _record(frame: Frame) -> Record | None:
    """The record of a frame; ``None`` for a heartbeat. Raises ``BadRecord``."""
    data = frame.data.strip()
    if data in _NOTHING or frame.event.lower() in _HEARTBEATS or data.strip(b'[]"').lower() in _HEARTBEATS:
        return None
    if frame.event == b"error" and not data.startswith(b"{"):
        raise BadRecord(Code.ERROR_IN_STREAM, data.decode("utf-8", "replace"))
    return parse(frame.data)
