"""The single-stream scenario (MLPerf): one request at a time, the next when the last has ended.

A closed loop: a request is planned for the moment at which the previous one finished.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from ..design import Prompt
from ..events import Phase
from ..outcomes import Code, failed
from ..protocols import Call, EngineFailed
from ..protocols.run_spec import RunSpec

CACHE_SETTINGS = frozenset({"prompt", "cache_prompt"})
"""What shapes the prompts and their reuse; the client obeys it, not the engine's start."""


def calls(spec: RunSpec, stream: int = 0) -> Iterator[Call]:
    """The requests of one stream in order: one cold, then the warm-ups, then each prompt once, measured."""
    prompts, warmup = prompts_of(spec), spec.workload.warmup
    schedule: list[tuple[Phase, Prompt]] = [(Phase.COLD, prompts[0])]
    schedule += [(Phase.WARMUP, prompts[i % len(prompts)]) for i in range(warmup)]
    schedule += [(Phase.MEASURED, prompt) for prompt in prompts]
    for index, (phase, prompt) in enumerate(schedule, start=stream * len(schedule)):
        yield call(spec, index, phase, prompt, stream)


def call(spec: RunSpec, index: int, phase: Phase, prompt: Prompt, stream: int = 0) -> Call:
    """One request; its text starts with a prefix that no other request of the matrix has.

    The setting ``prompt=repeated`` leaves the prefix away; ``cache_prompt`` asks the engine to reuse what it has.
    """
    unique = spec.workload.unique_prefix and spec.settings.get("prompt", "unique") == "unique"
    text = f"{unique_prefix(spec.run_id, index)}{prompt.text}" if unique else prompt.text
    return Call(
        index=index,
        phase=phase,
        prompt_id=prompt.id,
        text=text,
        max_tokens=int(spec.settings.get("max_tokens", spec.max_tokens)),
        seed=spec.workload.seed + index,
        temperature=float(spec.settings.get("temperature", 0.8)),
        ignore_eos=spec.workload.ignore_eos,
        cache_prompt=bool(spec.settings.get("cache_prompt", not unique)),
        stream=stream,
        deadlines=spec.deadlines,
    )


def prompts_of(spec: RunSpec) -> tuple[Prompt, ...]:
    """The prompts of the group that the setting ``prompts`` names; all where it names none.

    Raises ``EngineFailed`` where the workload has no such group.
    """
    group = spec.settings.get("prompts")
    chosen = tuple(p for p in spec.workload.prompts if group is None or p.group == group)
    if not chosen:
        raise EngineFailed(failed(Code.SETTING_REJECTED, f"the workload has no prompts of the group {group!r}"))
    return chosen


def caching_is_studied(spec: RunSpec) -> bool:
    """Whether cache hits are what the run looks for, rather than a flaw."""
    return not spec.workload.unique_prefix or bool(CACHE_SETTINGS & spec.settings.keys())


def unique_prefix(run_id: str, index: int) -> str:
    """Eight decimal digits and a colon: of one length in characters, so that prompts stay alike."""
    digest = hashlib.sha256(f"{run_id}/{index}".encode()).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**8:08d}: "
