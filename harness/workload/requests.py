"""The plain requests of a run: cold and warm-up ones, then the measured ones, each with a text of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from ..design import Prompt
from ..events import Phase
from ..protocols import Call
from ..protocols.run_spec import RunSpec
from ..texts.words import words
from .trace_lines import Length


def calls(spec: RunSpec, stream: int = 0) -> Iterator[Call]:
    """The requests of one stream in order: one cold, then the warm-ups, then each prompt once, measured."""
    schedule = [*_unmeasured(spec), *((Phase.MEASURED, prompt) for prompt in prompts_of(spec))]
    for index, (phase, prompt) in enumerate(schedule, start=stream * len(schedule)):
        yield call(spec, index, phase, prompt, stream, server_of(spec, stream))


def opening(spec: RunSpec) -> list[list[Call]]:
    """What goes before the arrivals of an open loop: the cold and the warm-up requests of each server."""
    steps = _unmeasured(spec)
    return [
        [call(spec, k * len(steps) + i, *step, server=server.name) for i, step in enumerate(steps)]
        for k, server in enumerate(spec.settings.servers)
    ]


def arriving(spec: RunSpec, count: int) -> list[Call]:
    """The measured requests of an open loop: the prompts in turn, each to every server before the next."""
    prompts, servers = prompts_of(spec), len(spec.settings.servers)
    first = servers * len(_unmeasured(spec))
    return [
        call(spec, first + k, Phase.MEASURED, prompts[k // servers % len(prompts)], server=server_of(spec, k))
        for k in range(count)
    ]


def sized(call: Call, length: Length) -> Call:
    """``call`` with as many more words as ``length`` has tokens of prompt, and an answer of its length."""
    return replace(call, text=f"{call.text} {words(length.prompt, call.seed)}", max_tokens=length.answer)


def server_of(spec: RunSpec, turn: int) -> str:
    """The server whose turn it is."""
    servers = spec.settings.servers
    return servers[turn % len(servers)].name


def _unmeasured(spec: RunSpec) -> list[tuple[Phase, Prompt]]:
    prompts = prompts_of(spec)
    first = prompts_of(spec, spec.settings.requests.cold)[0]
    warmups = [(Phase.WARMUP, prompts[i % len(prompts)]) for i in range(spec.workload.warmup)]
    return [(Phase.COLD, first), *warmups]


def call(spec: RunSpec, index: int, phase: Phase, prompt: Prompt, stream: int = 0, server: str = "") -> Call:
    """One request; its text starts with a prefix that no other request of the matrix has.

    The setting ``prompt=repeated`` leaves the prefix away; ``cache_prompt`` asks the engine to reuse what it has.
    """
    asked = spec.settings.requests
    unique = spec.workload.unique_prefix and asked.prompt != "repeated"
    return Call(
        index=index,
        phase=phase,
        prompt_id=prompt.id,
        text=f"{unique_prefix(spec.run_id, index)}{prompt.text}" if unique else prompt.text,
        max_tokens=prompt.max_tokens or spec.max_tokens,
        seed=spec.seed + index,
        temperature=asked.temperature,
        ignore_eos=spec.workload.ignore_eos,
        cache_prompt=not unique if asked.cache_prompt is None else asked.cache_prompt,
        stream=stream,
        server=server,
        deadlines=spec.deadlines,
    )


def prompts_of(spec: RunSpec, group: str | None = None) -> tuple[Prompt, ...]:
    """The prompts of ``group``, or of the one that the setting ``prompts`` names; all where neither names one."""
    group = group or spec.settings.requests.prompts
    return tuple(p for p in spec.workload.prompts if group is None or p.group == group)


def caching_is_studied(spec: RunSpec) -> bool:
    """Whether cache hits are what the run looks for, rather than a flaw."""
    return not spec.workload.unique_prefix or spec.settings.requests.studies_caching


def unique_prefix(run_id: str, index: int) -> str:
    """Eight decimal digits and a colon: of one length in characters, so that prompts stay alike."""
    digest = hashlib.sha256(f"{run_id}/{index}".encode()).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**8:08d}: "
