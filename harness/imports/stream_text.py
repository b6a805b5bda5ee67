"""What an HTTP response of the OpenAI kind says, as tools keep it: lines of server-sent events as text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..outcomes import OK, Code, Outcome, failed
from .decoding import as_tools_read
from .fields import unicode

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Said:
    """The text of a piece of a response, and the tokens of the answer where it reports them.

    ``whole`` says that the piece is an answer that was not streamed: an object of the OpenAI kind, and no event.
    ``error`` is what the server said went wrong, in the response that it counts as given; null where nothing did.
    """

    text: str
    tokens: int | None
    whole: bool
    error: str | None

    @property
    def outcome(self) -> Outcome:
        """What the response says of the request."""
        return OK if self.error is None else failed(Code.ERROR_IN_STREAM, self.error)


def said_in(response: str) -> Said:
    """What a piece of a response says; one that is no stream of events, or no JSON, says nothing."""
    texts, tokens, whole, error = [], None, False, None
    for event in _events(response):
        texts += _texts(event)
        error = _error(event) if error is None else error
        whole = whole or "choices" in event
        usage = event.get("usage")
        counted = usage.get("completion_tokens") if isinstance(usage, dict) else None
        tokens = counted if isinstance(counted, int) and not isinstance(counted, bool) and counted >= 0 else tokens
    return Said("".join(texts), tokens, whole and not response.lstrip().startswith("data:"), error)


def _events(response: str) -> Iterator[Mapping[str, Any]]:
    for line in response.splitlines():
        data = line.removeprefix("data:").strip()
        if data.startswith("{"):
            try:
                event = as_tools_read(data)
            except (ValueError, RecursionError):
                continue
            if isinstance(event, dict):
                yield event


def _error(event: Mapping[str, Any]) -> str | None:
    """The words of an error; null where the event is none."""
    found = event.get("error") or (event if event.get("object") == "error" else None)
    if not found:
        return None
    words = (found.get("message") or found.get("type")) if isinstance(found, dict) else found
    return unicode(words if isinstance(words, str) else json.dumps(found))[:_LONGEST]


def _texts(event: Mapping[str, Any]) -> list[str]:
    choices = event.get("choices")
    holders: list[Any] = []
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, dict):
            holders += (choice.get("delta"), choice.get("message"), choice)
    found = [holder.get(name) for holder in holders if isinstance(holder, dict) for name in ("content", "text")]
    found += (event.get("text_output"), event.get("generated_text"))
    return [text for text in found if isinstance(text, str)]
