"""Which parts of a model take the time: attention, MLP, norms, embedding, head, choosing the token, and the rest.

Each module is a range of PyTorch's profiler. A part is the outermost attention, MLP, norm, embedding or head; what a
range takes beside the ranges in it is its self time, and self times outside all parts are *other*: residual sums,
masks, positions, Python. Profiled and plain passes alternate, so that what profiling costs is told by the same run. The
self times must add up to the time that our own clock takes for the profiled passes; ``told`` beside ``profiled`` says
whether they do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

from ....events import Scalar, Settings
from ..sampling import Sampler

if TYPE_CHECKING:
    from torch.nn import Module

    from ..engine import Decoding

PARTS = ("attention", "mlp", "norm", "embedding", "head", "sampling", "other")
PROMPT, STEPS, ROUNDS = 128, 4, 1
"""Tokens of the prompt, decode steps of a pass, and passes of each kind, of which the first of both does not count."""

_MARK = "part:"


def layer_facts(module: Module, begin: Callable[[list[int]], Decoding], prompt: list[int]) -> Settings:
    """Milliseconds of a prefill and of a decode step: ``PHASE.PART``, their sum ``PHASE.told``, ``PHASE.profiled`` and
    ``PHASE.plain`` by our clock. ``prompt`` is repeated to ``PROMPT`` tokens."""
    tokens = (prompt * (PROMPT // len(prompt) + 1))[:PROMPT]
    passes: list[tuple[dict[str, float], dict[str, float]]] = []
    for _ in range(ROUNDS + 1):
        plain = _plain(begin, tokens)
        passes.append((plain, _profiled(module, begin, tokens)))
    counted = passes[1:]
    found: dict[str, Scalar] = {"prompt": PROMPT, "steps": STEPS, "rounds": ROUNDS}
    for key in counted[0][0]:
        found[key] = median(plain[key] for plain, _ in counted)
    for key in counted[0][1]:
        found[key] = median(profiled[key] for _, profiled in counted)
    return found


def _plain(begin: Callable[[list[int]], Decoding], tokens: list[int]) -> dict[str, float]:
    taken = _clocked(begin, tokens)
    return {f"{phase}.plain": ms for phase, ms in taken.items()}


def _clocked(begin: Callable[[list[int]], Decoding], tokens: list[int], around: Any = None) -> dict[str, float]:
    """Milliseconds by our clock of one prefill and of one of ``STEPS`` decode steps; ``around`` each of both phases."""
    chosen = Sampler(0.0, 0)
    taken: dict[str, float] = {}
    with _watched(around, "prefill"):
        began = perf_counter_ns()
        decoding = begin(tokens)
        token = _choose(chosen, decoding)
        taken["prefill"] = (perf_counter_ns() - began) / 1e6
    with _watched(around, "decode"):
        began = perf_counter_ns()
        for _ in range(STEPS):
            decoding.step(token)
            token = _choose(chosen, decoding)
        taken["decode"] = (perf_counter_ns() - began) / 1e6 / STEPS
    return taken


def _choose(sampler: Sampler, decoding: Decoding) -> int:
    import torch

    with torch.profiler.record_function(f"{_MARK}sampling"):
        return sampler.next(decoding.logits)


@contextmanager
def _watched(around: Any, phase: str) -> Iterator[None]:
    if around is None:
        yield
    else:
        with around(phase):
            yield


def _profiled(module: Module, begin: Callable[[list[int]], Decoding], tokens: list[int]) -> dict[str, float]:
    import torch

    found: dict[str, float] = {}

    @contextmanager
    def around(phase: str) -> Iterator[None]:
        with (
            torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile,
            torch.profiler.record_function(f"{_MARK}other"),
        ):
            yield
        passes = STEPS if phase == "decode" else 1
        times = _self_times(profile.events())
        found.update({f"{phase}.{part}": times[part] / 1e3 / passes for part in PARTS})
        found[f"{phase}.told"] = sum(times.values()) / 1e3 / passes

    with _ranges(module):
        taken = _clocked(begin, tokens, around)
    return found | {f"{phase}.profiled": ms for phase, ms in taken.items()}


def _self_times(events: Any) -> Counter[str]:
    """Microseconds by part. Every event within a part belongs to it; the profiler gives each event its self time."""
    times: Counter[str] = Counter()
    for event in events:
        times[_part_of(event)] += event.self_cpu_time_total
    times.pop("", None)
    return times


def _part_of(event: Any) -> str:
    """The outermost part around an event, *other* where only the whole is, and nothing outside of that."""
    part, inside = "", event
    while inside is not None:
        if inside.name.startswith(_MARK):
            name = inside.name.removeprefix(_MARK)
            part = name if part in ("", "other") or name != "other" else part
        inside = inside.cpu_parent
    return part


@contextmanager
def _ranges(module: Module) -> Iterator[None]:
    """Makes every part of a model a range while it is entered."""
    import torch

    with ExitStack() as stack:
        open_ranges: list[Any] = []

        def enter(name: str) -> Callable[..., None]:
            def hook(*_: object) -> None:
                made = torch.profiler.record_function(f"{_MARK}{name}")
                made.__enter__()
                open_ranges.append(made)

            return hook

        def leave(*_: object) -> None:
            open_ranges.pop().__exit__(None, None, None)

        for part in module.modules():
            name = _kind(part, module)
            if name:
                stack.callback(part.register_forward_pre_hook(enter(name)).remove)
                stack.callback(part.register_forward_hook(leave).remove)
        yield


def _kind(part: Any, module: Any) -> str:
    """Which part of a model a module is; empty for one that only holds others."""
    name = type(part).__name__.lower()
    if part is module.get_output_embeddings():
        return "head"
    if part is module.get_input_embeddings():
        return "embedding"
    for ending, kind in (("attention", "attention"), ("mlp", "mlp"), ("norm", "norm")):
        if name.endswith(ending):
            return kind
    return ""
