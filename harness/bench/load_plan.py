"""What a bench asks of a server, as a study like any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..design import Factor, Profile, Prompt, Study, Value, Workload
from ..errors import UsageError
from ..processes.limits import most_connections
from .destination import Destination, dataset_name

PROFILE = "bench"
RUN_LIMIT_S = 1800.0
SPARE_FILES = 64
METRICS = (
    "ttft",
    "time_to_first_answer",
    "itl",
    "tpot",
    "e2e_latency",
    "decode_tps",
    "output_token_throughput",
    "request_throughput",
    "failed_share",
    "reasoning_tokens",
)


@dataclass(frozen=True, slots=True)
class Load:
    """The levels of one load: requests ``at once`` in a closed loop, or ``a second`` in an open one, with Poisson
    arrivals."""

    levels: tuple[Value, ...]
    open: bool = False

    @property
    def factor(self) -> Factor:
        """The load as the factor of a study."""
        if self.open:
            return Factor("rate_per_s", self.levels, None, "req/s", "requests that arrive each second")
        return Factor("streams", self.levels, None, "streams", "requests at once")

    def text(self, level: Value) -> str:
        """``4 at once`` or ``2.5 req/s``."""
        return f"{level} req/s" if self.open else f"{level} at once"


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """``prompts`` are sent by each stream, or in turn by an open loop. ``limits`` and ``declared`` are settings that
    are recorded and change no request."""

    load: Load
    prompts: tuple[Prompt, ...]
    runs: int
    warmup: int = 1
    ignore_eos: bool = True
    settings: Mapping[str, Value] = field(default_factory=dict)
    limits: Mapping[str, Value] = field(default_factory=dict)
    declared: Mapping[str, Value] = field(default_factory=dict)


def bench_study(plan: LoadPlan, destination: Destination, name: str) -> Study:
    """The study of a plan. Raises ``StudyError``."""
    arrivals: dict[str, Value] = {"requests": len(plan.prompts)} if plan.load.open else {}
    fixed = {**destination.settings, **plan.settings, **arrivals, **plan.limits, **plan.declared}
    return Study(
        id=dataset_name(name),
        title=destination.model.name,
        question="How do latency and throughput of this server change with its load?",
        backend=destination.backend,
        factors=(plan.load.factor,),
        workload=Workload(
            plan.prompts,
            max_tokens=max(prompt.max_tokens or 1 for prompt in plan.prompts),
            warmup=plan.warmup,
            ignore_eos=plan.ignore_eos,
        ),
        profiles=(Profile(PROFILE, plan.runs, run_timeout_s=RUN_LIMIT_S),),
        metrics=(*METRICS, *(("goodput",) if plan.limits else ())),
        fixed=(("model", destination.model.name), *fixed.items()),
    )


def refuse_impossible(load: Load, requests: int) -> None:
    """Raises ``UsageError`` for a load that a run of so many ``requests`` cannot make on this machine."""
    if load.open:
        slowest = min(float(level) for level in load.levels)
        if requests / slowest > RUN_LIMIT_S:
            raise UsageError(
                f"--request-rate {slowest:g}: {requests} requests take {requests / slowest:,.0f} s, and a run may take "
                f"{RUN_LIMIT_S:,.0f} s; ask at a higher rate, or for fewer with --num-prompts"
            )
    elif (most := most_connections() - SPARE_FILES) < (streams := max(int(level) for level in load.levels)):
        raise UsageError(f"--concurrency {streams}: a process may hold {most} connections here; see `ulimit -Hn`")


def read_levels(text: str, option: str, kind: type[int] | type[float]) -> tuple[Value, ...]:
    """``1,4,16`` as ascending numbers above zero. Raises ``UsageError``."""
    try:
        levels = [kind(part) for part in text.split(",")]
    except ValueError:
        levels = []
    if not levels or not all(0 < level <= 100_000 for level in levels) or len({*levels}) < len(levels):
        raise UsageError(f"{option} {text!r} is no list of different numbers above zero; write such as 1,4,16")
    return tuple(sorted(levels))


def read_declared(text: str) -> dict[str, Value]:
    """``gpu=H100,engine=vllm`` as settings that say what the operator knows of the server. Raises ``UsageError``."""
    found: dict[str, Value] = {}
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not (name.isidentifier() and equals and value):
            raise UsageError(f"--server-info {part.strip()!r} is not NAME=VALUE; write such as gpu=H100,engine=vllm")
        if f"declared.{name}" in found:
            raise UsageError(f"--server-info names {name} twice; keep one of them")
        found[f"declared.{name}"] = value
    return found
