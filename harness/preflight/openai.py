"""Finds out what an OpenAI-compatible server accepts and how it streams: it lists models, and answers once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from ..backends.openai.address import ENDPOINTS, bases, headers
from ..backends.openai.agreed import Agreed
from ..backends.openai.negotiation import REFUSALS, adapted
from ..backends.openai_http import MOST_REDIRECTS, as_listed, find_models, moved, read_settings, served_entry
from ..backends.openai_wire import DIALECT, agreed_body
from ..client.control import target
from ..client.measured_request import asked_to_wait_s
from ..client.shown_address import parts_shown
from ..design import Value
from ..errors import ServerBusy, Unavailable
from ..events import Phase
from ..outcomes import Code
from ..protocols import Call
from .connection import connection_findings
from .findings import Finding, Level, Preflight, Topic
from .server_metrics import metrics_findings
from .stream import stream_findings
from .trial import Trial, make

MAX_TOKENS, MANY_TOKENS = 16, 512
"""Asked for at first, and where all of those were spent unseen."""
_TEXT = "Count aloud from one to twenty in words."
_MOST_ATTEMPTS, _MOST_WAITS, _USUAL_WAIT_S, _LONGEST_WAIT_S = 16, 4, 0.5, 30.0
_ABSENT = (404, 405)
_BUSY = (408, 425, 429, 500, 502, 503, 504, 529)
_BROKEN = 500
"""Some servers fail so at a field that they do not know; not all of them name it."""
_ADVICE: Mapping[Code | None, str] = {
    Code.NOT_STREAMED: "let the server, and a proxy before it, stream",
    Code.BAD_ENCODING: "let the server, and a proxy before it, send plain UTF-8 that is not compressed",
    Code.HTTP_STATUS: "change what it refuses, such as the model or a field of the request",
}
_ENDLESS = 16
"""So many times the tokens that were asked for, and still no end: the server never stops."""
_SHOWN = 200
"""Characters of what a server said."""


@dataclass(slots=True)
class _Asking:
    """The trials so far."""

    requests: int = 0
    moves: int = 0
    limit: int = MAX_TOKENS
    busy: str = ""
    refused: str = ""
    advice: str = ""


async def openai(model: str, settings: Mapping[str, Value]) -> Preflight:
    """Raises ``Unavailable`` for a server that gives no stream, and ``EngineFailed`` for one that cannot be reached."""
    began = monotonic()
    url, asked = read_settings(settings)
    candidates = bases(url)
    base, entries, status = await find_models(candidates)
    entry = served_entry(entries, asked.served_model, model)
    if not entry["id"]:
        raise Unavailable(f"{parts_shown(url)} {_unlisted(status)}; set served_model to the one to measure")
    places = (base,) if entries is not None else candidates
    endpoints = (asked.endpoint,) if "endpoint" in settings else tuple(ENDPOINTS)
    asking = _Asking()
    agreed, trial = await _first_stream([as_listed(asked, place, entry) for place in places], endpoints, asking)
    findings = [
        *await connection_findings(url, agreed.base_url, candidates),
        *_model_findings(entries, agreed),
        *_request_findings(agreed, endpoints, asking),
        *stream_findings(trial, agreed, asking.limit),
        *await metrics_findings(agreed.base_url),
    ]
    return Preflight(
        backend="openai_http",
        address=parts_shown(agreed.base_url),
        server=agreed.owner,
        served_model=agreed.served_model,
        models=tuple(entries or ()),
        findings=tuple(sorted(findings, key=lambda finding: [*Topic].index(finding.topic))),
        agreed=agreed.settings(),
        requests=asking.requests,
        seconds=monotonic() - began,
    )


def _unlisted(status: int) -> str:
    """What a server did that listed no model."""
    if status in _BUSY:
        return f"answers {status} when it is asked for its models; try again later where it is busy or loads one"
    if 200 <= status < 300 or status in _ABSENT:
        return "lists no models and may be no model server"
    return f"answers {status} when it is asked for its models, and may be no model server"


async def _first_stream(forms: Sequence[Agreed], endpoints: Sequence[str], asking: _Asking) -> tuple[Agreed, Trial]:
    """The first place and endpoint that streams, in the form that it accepts. Raises ``Unavailable``."""
    for form in forms:
        for endpoint in endpoints:
            found = await _streamed(replace(form, endpoint=endpoint), asking)
            if found is not None:
                return found
    raise Unavailable(f"{parts_shown(forms[0].base_url)} gives no stream of tokens: {asking.refused}; {asking.advice}")


async def _streamed(form: Agreed, asking: _Asking) -> tuple[Agreed, Trial] | None:
    """Asks in ever fewer fields until a stream comes; ``None`` where there is none here. Raises ``Unavailable``.

    A form that failed as a broken server fails is tried once more when another one streams: it may have been out.
    """
    tried: list[Agreed] = []
    waits, doubted = 0, None
    while len(tried) < _MOST_ATTEMPTS:
        form, trial = await _tried(form, asking)
        where = f"POST {parts_shown(form.base_url)}{ENDPOINTS[form.endpoint]}"
        status, outcome = trial.answer.status, trial.decoded.outcome
        if trial.streams:
            again = await _tried(doubted, asking) if doubted else (form, trial)
            return again if again[1].streams else (form, trial)
        if outcome.usable and trial.decoded.counters.predicted_n and asking.limit == MAX_TOKENS:
            asking.limit = MANY_TOKENS
            continue
        if status in (401, 403):
            raise Unavailable(f"{where}: {outcome.detail}; set the key")
        if not asking.refused or status not in _ABSENT:
            asking.refused = f"{where}: {outcome.code}: {outcome.detail[:_SHOWN]}"
            asking.advice = _ADVICE.get(outcome.code, "see what the server logs of it")
        unknown_field = status == _BROKEN and _names_a_field(trial)
        if status in _BUSY and not unknown_field and waits < _MOST_WAITS:
            waits += 1
            asking.busy = f"refused {waits} of {asking.requests} trial requests with {status}"
            await asyncio.sleep(_wait_s(where, status, trial.answer.retry_after))
            continue
        if status is None or (status not in (*REFUSALS, _BROKEN) and not unknown_field):
            return None
        if status == _BROKEN and not unknown_field:
            doubted = doubted or form
        tried.append(form)
        following = adapted(form, trial.refusal, tuple(tried))
        if following is None or (status in _ABSENT and not _names_a_field(trial)):
            return None
        form = following
    return None


async def _tried(form: Agreed, asking: _Asking) -> tuple[Agreed, Trial]:
    """One trial, at the place to which the server redirects where it does.

    Raises ``EngineFailed``, and ``Unavailable`` where the answer does not end.
    """
    path = ENDPOINTS[form.endpoint]
    while True:
        asking.requests += 1
        where = await target(form.base_url, path, headers())
        trial = await make(where, agreed_body(_call(asking.limit), form), DIALECT)
        tokens = sum(trial.decoded.tokens)
        if not trial.decoded.outcome.usable and tokens > _ENDLESS * asking.limit:
            said = f"{tokens:,} tokens came although at most {asking.limit} were asked for, and no end"
            raise Unavailable(f"POST {parts_shown(form.base_url)}{path}: {said}; let it stop at max_tokens")
        if trial.decoded.outcome.code is not Code.REDIRECT or asking.moves == MOST_REDIRECTS:
            return form, trial
        asking.moves += 1
        form = replace(form, base_url=moved(form.base_url, trial.answer.location, path))


def _names_a_field(trial: Trial) -> bool:
    return any(name in trial.refusal for name in ("max_tokens", "stream_options", "ignore_eos", "seed"))


def _wait_s(where: str, status: int, retry_after: str) -> float:
    """How long to wait before asking again. Raises ``ServerBusy`` where that is longer than anybody would."""
    asked = asked_to_wait_s(retry_after)
    if asked is not None and asked > _LONGEST_WAIT_S:
        raise ServerBusy(f"{where}: {status}, and it asks to wait {asked:.0f} s; try again then")
    return max(_USUAL_WAIT_S if asked is None else asked, 0.1)


def _call(limit: int) -> Call:
    return Call(0, Phase.WARMUP, "preflight", _TEXT, limit, seed=1)


def _model_findings(entries: Mapping[str, object] | None, agreed: Agreed) -> list[Finding]:
    if entries is None:
        text = f"lists no models; asked for {agreed.served_model}"
        return [Finding(Topic.MODELS, Level.ADAPTED, text)]
    return [Finding(Topic.MODELS, Level.FOUND, f"{agreed.served_model}, one of {len(entries)}")]


def _request_findings(agreed: Agreed, endpoints: Sequence[str], asking: _Asking) -> list[Finding]:
    adapted_ = Level.FOUND if agreed.endpoint == endpoints[0] else Level.ADAPTED
    found = [Finding(Topic.ENDPOINT, adapted_, agreed.endpoint)]
    if agreed.limit != "max_tokens":
        found.append(Finding(Topic.FIELDS, Level.ADAPTED, f"max_tokens is sent as {agreed.limit}"))
    if agreed.omitted:
        found.append(Finding(Topic.FIELDS, Level.ADAPTED, f"refuses {', '.join(agreed.omitted)}: left out"))
    if agreed.extra:
        found.append(Finding(Topic.FIELDS, Level.FOUND, f"every request also has {', '.join(agreed.extra)}"))
    if asking.busy:
        found.append(Finding(Topic.STATUS, Level.WARNING, asking.busy))
    return found
