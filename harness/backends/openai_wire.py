"""OpenAI-compatible streams, completions and chat completions: what is sent, how it is read.

A chunk with content counts as one token unless it carries a running ``usage`` (asked of vLLM, which can merge tokens
into one chunk), which then counts. The last ``usage`` is the server's own count: where it disagrees by more than an
end-of-sequence token, the request is ``degraded(TOKEN_COUNT)``. llama.cpp adds its ``timings``; other servers report
no durations. Records without choices say nothing but what they count: gateways send many of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..client import sse
from ..client.decode import Dialect, Piece
from ..client.json_records import BadRecord, Record, text
from ..outcomes import Code
from ..protocols import Call
from .openai.agreed import LIMIT, Agreed
from .openai.content import content_of, unlisted_texts
from .openai.usage import usage_of

_STREAM_EXTENSIONS = {"vllm": {"continuous_usage_stats": True}}
_BROKEN_OFF = frozenset({"error", "abort", "aborted", "cancelled", "canceled"})
"""Reasons to finish that are failures: the answer is not whole."""
_REMARKS = ("message", "detail", "errors", "error", "error_msg", "status_msg", "base_resp")


def body(
    call: Call,
    served_model: str,
    endpoint: str,
    owner: str = "",
    *,
    omitted: Collection[str] = (),
    limit: str = LIMIT,
    extra: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """The JSON of one request; ``owner``, the server's ``owned_by``, adds what only that server knows.

    ``omitted`` are fields that the server refuses, ``limit`` is its name for the most tokens, ``extra`` are fields that
    the operator adds.
    """
    asked: dict[str, object] = {
        "model": served_model,
        limit: call.max_tokens,
        "temperature": call.temperature,
        "seed": call.seed,
        "stream": True,
        "stream_options": {"include_usage": True} | _STREAM_EXTENSIONS.get(owner, {}),
    }
    if call.ignore_eos:
        asked["ignore_eos"] = True
    if owner == "llamacpp":
        asked["cache_prompt"] = call.cache_prompt
    asked = {name: value for name, value in asked.items() if name not in omitted}
    if endpoint == "chat":
        asked["messages"] = [{"role": "user", "content": call.text}]
    else:
        asked["prompt"] = call.text
    return {**asked, **(extra or {})}


def agreed_body(call: Call, agreed: Agreed) -> dict[str, object]:
    """The JSON of one request in the form that a server accepts."""
    return body(
        call,
        agreed.served_model,
        agreed.endpoint,
        agreed.owner,
        omitted=agreed.omitted,
        limit=agreed.limit,
        extra=agreed.extra,
    )


def read(record: Record) -> Piece:
    """One record of the stream. Raises ``BadRecord``."""
    error = _error(record)
    if error is not None:
        return Piece(error=error)
    choice = _choice(record)
    finish = text(choice, "finish_reason")[:40]
    if finish in _BROKEN_OFF or choice.get("error"):
        return Piece(error=_said(choice.get("error") or f"the server ended the answer with {finish}"))
    usage = usage_of(record, choice)
    content, reasoning = content_of(choice)
    return Piece(
        content=content,
        total=usage.total,
        reasoning=reasoning,
        reasoning_n=usage.reasoning,
        finish_reason=finish or None,
        remark=_remark(record),
        counters=usage.counters,
        effective=usage.told,
        bad=usage.bad,
        unlisted={} if content else unlisted_texts(choice),
    )


def _error(record: Record) -> str | None:
    """What a record says that is an error by its own word."""
    error = record.get("error")
    if error:
        return _said(error)
    kind = str(record.get("object", record.get("type", "")))
    if "choices" not in record and "error" in kind.lower():
        return _said(record)
    return None


def _remark(record: Record) -> str:
    """What a record without choices says: gateways write errors so, and news of no consequence too."""
    if record.get("choices") is not None:
        return ""
    return next((_said(record[name]) for name in _REMARKS if record.get(name) is not None), "")


def _said(error: object) -> str:
    """The text in an error of whatever shape."""
    if isinstance(error, Mapping):
        error = next((error[name] for name in _REMARKS if isinstance(error.get(name), str)), error or "an error")
    return str(error)


def _choice(record: Record) -> Record:
    if not record:
        raise BadRecord(Code.BAD_FRAME, "a record is empty")
    choices = record.get("choices")
    if choices is None:
        return {}
    if not isinstance(choices, list):
        raise BadRecord(Code.BAD_FRAME, f"'choices' is {type(choices).__name__}, not a list")
    if not choices:
        return {}
    if not isinstance(choices[0], dict):
        raise BadRecord(Code.BAD_FRAME, "a choice is not an object")
    return choices[0]


DIALECT = Dialect(sse.frames, read, sentinel=b"[DONE]", remote=True)
