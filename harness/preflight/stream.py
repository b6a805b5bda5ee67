"""Findings about a stream: what it counts, how it ends, and whether something held it back."""

from __future__ import annotations

from collections.abc import Iterator

from ..backends.openai.agreed import Agreed
from ..backends.openai.usage import USAGE_AT
from ..outcomes import Code
from ..validity.bursts import BURSTS
from .findings import Finding, Level, Topic
from .trial import Trial


def stream_findings(trial: Trial, agreed: Agreed, limit: int) -> Iterator[Finding]:
    """``limit`` is the most tokens that were asked for."""
    out = trial.decoded
    if trial.answer.status != 200:
        yield Finding(Topic.STATUS, Level.FOUND, f"answers with {trial.answer.status}")
    yield from _usage(trial)
    if out.reasons:
        share = f"{out.reasoning_tokens} of {sum(out.tokens)} tokens"
        text = f"reasons before it answers ({share}); TTFT is that of the first token, whichever it is"
        yield Finding(Topic.REASONING, Level.FOUND, text)
    if out.outcome.code is Code.UNLISTED_REASONING:
        yield Finding(Topic.REASONING, Level.WARNING, out.outcome.detail)
    yield from _length(trial, agreed, limit)
    if not trial.said_done:
        yield Finding(Topic.END, Level.FOUND, "ends without [DONE]")
    yield from _buffering(trial)


def _usage(trial: Trial) -> Iterator[Finding]:
    out, code = trial.decoded, trial.decoded.outcome.code
    counted = out.counters.predicted_n
    if counted is None:
        yield Finding(Topic.USAGE, Level.WARNING, "reports no usage; each chunk counts as one token")
        return
    place = out.effective.get(USAGE_AT)
    where = f" in {place}" if place else ""
    yield Finding(Topic.USAGE, Level.FOUND, f"counts its tokens ({counted}){where}")
    if code is Code.HIDDEN_TOKENS or code is Code.TOKEN_COUNT:
        yield Finding(Topic.TOKENS, Level.WARNING, out.outcome.detail)


def _length(trial: Trial, agreed: Agreed, limit: int) -> Iterator[Finding]:
    made = sum(trial.decoded.tokens)
    if made > limit:
        yield Finding(Topic.LENGTH, Level.WARNING, f"made {made} tokens although at most {limit} were asked for")
    elif "ignore_eos" in agreed.omitted:
        yield Finding(Topic.LENGTH, Level.WARNING, "cannot be asked to go on after the end: lengths may differ")
    elif made < limit - 1:
        text = f"stopped after {made} of {limit} tokens although asked to go on: lengths may differ"
        yield Finding(Topic.LENGTH, Level.WARNING, text)
    else:
        yield Finding(Topic.LENGTH, Level.FOUND, "answers are as long as asked")


def _buffering(trial: Trial) -> Iterator[Finding]:
    together = trial.together
    if len(trial.decoded.arrivals_ns) == 1 and not trial.unbuffered:
        text = f"all {sum(trial.decoded.tokens)} tokens come in one chunk: there are no times between tokens"
        yield Finding(Topic.BUFFERING, Level.WARNING, text)
    elif together is None:
        text = f"too few chunks came to tell ({len(trial.decoded.arrivals_ns)})"
        yield Finding(Topic.BUFFERING, Level.FOUND, text)
    elif trial.unbuffered and together <= BURSTS:
        yield Finding(Topic.BUFFERING, Level.FOUND, "chunks come one by one")
    else:
        text = (
            f"{together:.0%} of chunks come together with the one before: something holds them back, and gaps between "
            "tokens are its own"
        )
        yield Finding(Topic.BUFFERING, Level.WARNING, text)
