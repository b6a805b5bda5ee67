"""What a chunk of an OpenAI-compatible stream holds: text, reasoning, a refusal, or the arguments of a call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...client.json_records import BadRecord, Record, section, text
from ...outcomes import Code

_REASONING = ("reasoning_content", "reasoning", "reasoning_text", "thinking")
_ANSWER = ("content", "refusal")
_BLOCKS_OF_REASONING = re.compile("thinking|reasoning")
_LIKE_REASONING = re.compile(r"reason|think|thought|(?:^|_)cot(?:_|$)")
_NO_TEXT = re.compile(
    r"signature|encrypted|(?:^|_)(?:finish|stop)_|(?:^|_)(?:id|index|tokens|effort|format|type|status|level)(?:_|$)"
)
"""Fields of reasoning under names of other servers, and what such fields hold besides its text."""
_METADATA = re.compile(
    r"(?:^|_)(?:id|ids|index|name|role|type|kind|model|object|status|state|stage|phase|event|reason|level|format|version"
    r"|created|updated|time|date|timestamp|fingerprint|signature|encrypted|obfuscation|padding|hash|provider|service|tier"
    r"|language|lang|url|uri|mime|error|warning|message|refusal|annotations?|citations?|sources?|transcript|tokens?"
    r"|logprobs?|usage|seed|effort|arguments|function|tool|calls?)(?:_|$)"
)
"""Parts of the names of fields that are no text of the model, or no reasoning."""
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MOST_UNLISTED = 8
_TEXTS_OF_BLOCKS = ("text", "thinking", "reasoning", "summary", "content")
_DEPTH = 4


def content_of(choice: Record) -> tuple[str, bool]:
    """All content of a choice, and whether all of it is reasoning. Raises ``BadRecord``.

    Where servers repeat reasoning under several names, the first counts.
    """
    if plain := text(choice, "text"):
        return plain, False
    delta = section(choice, "delta")
    answer = [*_calls(delta)]
    places = (delta, choice)
    texts = (_plain(place.get(name), name) for place in places for name in _names_of_reasoning(place))
    reasoning = next(filter(None, texts), "")
    for name in _ANSWER:
        for block, thinks in _blocks(delta.get(name), name):
            if thinks:
                reasoning += block
            else:
                answer.append(block)
    said = "".join(answer)
    return reasoning + said, bool(reasoning) and not said


def _names_of_reasoning(place: Record) -> Iterator[str]:
    """The fields that may hold reasoning, those with a usual name first."""
    yield from _REASONING
    yield from (name for name in place if _LIKE_REASONING.search(name) and not _NO_TEXT.search(name))


def unlisted_texts(choice: Record) -> dict[str, str]:
    """The texts of a choice in fields that have no name of content, reasoning or metadata. Raises ``BadRecord``.

    Whether one is reasoning shows in the whole stream alone.
    """
    found: dict[str, str] = {}
    for name, value in section(choice, "delta").items():
        said = isinstance(value, str) and value and name not in _ANSWER and len(found) < _MOST_UNLISTED
        if said and not _METADATA.search(_CAPITAL.sub("_", name).lower().replace("-", "_")):
            found[name] = str(value)
    return found


def _plain(value: object, name: str) -> str:
    """The text of a field; a field such as ``thinking: true`` has none."""
    if isinstance(value, bool | int | float):
        return ""
    return "".join(block for block, _ in _blocks(value, name))


def _blocks(value: object, name: str, depth: int = 0) -> Iterator[tuple[str, bool]]:
    """The texts in a field that is a text or a list of typed blocks, each with whether it is reasoning."""
    match value:
        case None:
            return
        case str():
            yield value, False
        case list() if depth < _DEPTH:
            for block in value:
                yield from _blocks(block, name, depth + 1)
        case dict():
            thinks = bool(_BLOCKS_OF_REASONING.match(str(value.get("type"))))
            inner = next((value[key] for key in _TEXTS_OF_BLOCKS if key in value), None)
            for block, inside in _blocks(inner, name, depth + 1) if depth < _DEPTH else ():
                yield block, thinks or inside
        case _:
            raise BadRecord(Code.BAD_FRAME, f"{name!r} is {type(value).__name__}, not text")


def _calls(delta: Record) -> Iterator[str]:
    """Names and arguments of the calls of tools."""
    calls = delta.get("tool_calls")
    listed = [*(calls if isinstance(calls, list) else []), {"function": delta.get("function_call")}]
    for call in listed:
        function = call.get("function") if isinstance(call, Mapping) else None
        if isinstance(function, Mapping):
            for name in ("name", "arguments"):
                value = function.get(name)
                if isinstance(value, str):
                    yield value
