"""One task as its agent reports it: wire events become events of ``protocols.agent``, each of them checked first.

Times must lie between the order and now and must not run backwards; the files must be those of the corpus; each prompt
must be the one that follows from them and from the answer before it. What is not so raises ``EngineFailed``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from time import monotonic_ns

from ..backends.ollama_server.checks import load_ms
from ..calibration.pacer.backend import told
from ..client.decode import decode_now
from ..client.exchange import Exchange
from ..client.measured_request import as_request
from ..client.receiver import EXCERPT
from ..events import Request
from ..outcomes import OK, Code, Outcome, failed
from ..protocols import Call, EngineFailed
from ..protocols.agent import AgentEvent, Called, Finished, Ingested, TaskSpec
from ..texts.agent_prompts import TURNS, templates
from . import corpus, wire
from .destination import Destination
from .python.prompt import filled


@dataclass(slots=True)
class _CallInProgress:
    """A call whose end has not come."""

    planned: wire.CallPlanned
    connected_ns: int | None = None
    sent_ns: int | None = None
    stamps: list[int] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)


class TaskRecord:
    """Takes the events of one task in turn."""

    def __init__(self, task: TaskSpec, to: Destination) -> None:
        self._task = task
        self._to = to
        self._files: list[Ingested] = []
        self._last_ns = monotonic_ns()
        self._began_ns = 0
        self._turn = 0
        self._answer = ""
        self._call: _CallInProgress | None = None
        self._bad_call: Outcome | None = None
        self._warm_ms: float | None = None

    def take(self, event: wire.OfTask) -> Iterator[AgentEvent]:
        """What follows from ``event``. Raises ``EngineFailed``."""
        self._check_clock(event)
        if bool(self._began_ns) == isinstance(event, wire.Began):
            raise _garbled(f"the agent says {event.event} {'twice' if self._began_ns else 'before its task began'}")
        match event:
            case wire.Began():
                self._began_ns = event.at
            case wire.FileRead():
                if self._call is not None or self._turn:
                    raise _garbled("the agent reads a file after its first call")
                self._files.append(Ingested(event.file, event.sha256, event.bytes))
                yield self._files[-1]
            case wire.CallPlanned():
                self._plan(event)
            case wire.TaskEnded():
                yield self._finished(event)
            case _:
                yield from self._in_call(event)

    def _in_call(self, event: wire.Connected | wire.Sent | wire.Chunk | wire.CallEnded) -> Iterator[AgentEvent]:
        call = self._call
        if call is None:
            raise _garbled(f"the agent says {event.event} outside a call")
        match event:
            case wire.Connected():
                if call.connected_ns is not None or call.sent_ns is not None:
                    raise _garbled("the agent says connected twice, or after it sent")
                call.connected_ns = event.at
            case wire.Sent():
                if call.sent_ns is not None:
                    raise _garbled("the agent says sent twice in a call")
                call.sent_ns = event.at
            case wire.Chunk():
                if call.sent_ns is None:
                    raise _garbled("the agent says chunk before it sent")
                call.stamps.append(event.at)
                call.chunks.append(_body(event))
            case wire.CallEnded():
                yield self._called(call, event)

    def _check_clock(self, event: wire.OfTask) -> None:
        """Stamps of one task never go back, and none comes from the future."""
        if isinstance(event, wire.Began) and event.at < self._task.planned_ns:
            early = (self._task.planned_ns - event.at) / 1e6
            raise EngineFailed(failed(Code.AGENT_CLOCK, f"the agent began {early:.3f} ms before its planned start"))
        if not self._last_ns <= event.at <= monotonic_ns():
            off = (event.at - self._last_ns) / 1e6
            detail = f"{event.event} is stamped {off:.3f} ms after what came before it, by another clock than ours"
            raise EngineFailed(failed(Code.AGENT_CLOCK, detail))
        self._last_ns = event.at

    def _plan(self, event: wire.CallPlanned) -> None:
        if self._turn == 0:
            corpus.check_read(self._files)
        prompts = templates(self._task.kind)
        if self._call is not None or self._turn == len(prompts):
            raise _garbled("the agent makes a call that it was not asked for")
        prompt = filled(prompts[self._turn], corpus.summary(), self._answer)
        if hashlib.sha256(prompt.encode()).hexdigest() != event.sha256:
            detail = f"the prompt of call {self._turn} is not the one that follows from the corpus and the answer"
            raise EngineFailed(failed(Code.PROMPT_CHANGED, detail))
        self._call = _CallInProgress(event)

    def _called(self, call: _CallInProgress, end: wire.CallEnded) -> Called:
        if end.head_ns is not None and not (call.sent_ns or call.planned.at) <= end.head_ns <= end.at:
            raise EngineFailed(failed(Code.AGENT_CLOCK, "the head of a response is stamped outside its call"))
        exchange = Exchange(
            planned_ns=call.planned.at,
            end_ns=end.at,
            outcome=_transport(end, call.chunks),
            connect_ns=None if call.connected_ns is None else call.connected_ns - call.planned.at,
            sent_ns=call.sent_ns,
            first_byte_ns=end.head_ns,
            status=end.status,
            stamps=call.stamps,
            chunks=call.chunks,
        )
        decoded = decode_now(exchange, self._to.dialect)
        request = self._to.checks(as_request(self._asked(call), exchange, decoded), self._warm_ms)
        self._warm_ms = self._warm_ms if self._warm_ms is not None else load_ms(request)
        request = replace(
            request,
            outcome=self._within_cap(request),
            effective={**request.effective, **self._seen(call, end), **told(exchange)},
        )
        if not request.outcome.usable:
            self._bad_call = self._bad_call or request.outcome
        self._call, self._answer, self._turn = None, request.text, self._turn + 1
        return Called(request)

    def _asked(self, call: _CallInProgress) -> Call:
        return Call(
            index=self._turn,
            phase=self._task.phase,
            prompt_id=TURNS[self._turn],
            text="",
            max_tokens=self._task.max_tokens,
            seed=self._task.seed + self._turn,
            planned_ns=call.planned.at,
        )

    def _seen(self, call: _CallInProgress, end: wire.CallEnded) -> dict[str, int | str | None]:
        """What shows that a factor of the client took."""
        return {
            "prompt_sha256": call.planned.sha256,
            "largest_read": end.largest_read,
            "largest_chunk": max(map(len, call.chunks), default=0),
        }

    def _within_cap(self, request: Request) -> Outcome:
        """No answer is longer than was asked: lengths decide durations."""
        got, most = sum(request.tokens), self._task.max_tokens
        if request.outcome.usable and got > most:
            return failed(Code.TOKEN_COUNT, f"the engine was asked for {most} tokens at most and sent {got}")
        return request.outcome

    def unfinished(self, why: Outcome) -> Iterator[Called]:
        """The call that was under way when the agent went, as a request that failed with it."""
        if self._call is not None:
            call, self._call = self._call, None
            request = Request(self._turn, self._task.phase, TURNS[self._turn], outcome=why, planned_ns=call.planned.at)
            yield Called(request)

    def _finished(self, event: wire.TaskEnded) -> Finished:
        if self._bad_call is not None:
            outcome = self._bad_call
        elif event.code is not None:
            outcome = failed(event.code, event.detail)
        elif self._turn < len(TURNS):
            outcome = failed(Code.AGENT_GARBLED, f"the agent ended after {self._turn} of {len(TURNS)} calls")
        elif event.text != self._answer:
            outcome = failed(Code.AGENT_GARBLED, "the report of the agent is not the answer to its last call")
        else:
            outcome = OK
        return Finished(outcome, event.text, self._began_ns, event.at)


def _garbled(detail: str) -> EngineFailed:
    return EngineFailed(failed(Code.AGENT_GARBLED, detail))


def _transport(end: wire.CallEnded, chunks: list[bytes]) -> Outcome:
    """How the exchange ended; an answer that is no 200 is that first of all, as it is for plain requests."""
    if end.status not in (None, 200) and end.code is not Code.REDIRECT:
        excerpt = b"".join(chunks)[:EXCERPT].decode("utf-8", "replace")
        return failed(Code.HTTP_STATUS, f"{end.status}: {excerpt}".rstrip(": "))
    return OK if end.code is None else failed(end.code, end.detail)


def _body(event: wire.Chunk) -> bytes:
    try:
        return event.body
    except ValueError:
        raise _garbled("a chunk is not Base64") from None
