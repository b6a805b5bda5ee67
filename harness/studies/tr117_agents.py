"""TR117-agents: is there a ceiling of a client in Python, at what rate, and what is Rust's beside it?

The server is the pacer, which sends at the rate that it is told and says when it did; nothing else takes the
processors. Every client reads the same streams. Sizes of reads and parsing matter where a client cannot keep up, so
they are varied under the highest rate alone. Answers of 64 streams at once are short there: what all of them receive is
one rate, and every token of it is recorded.
"""

from __future__ import annotations

from ..design import Factor, Primary, Profile, Study, Value
from ..design.agents import agent, fixed
from ..design.declare import bundles, exclusions, subset
from ..models import PACER
from ..texts.agent_prompts import workload

_CLIENTS: dict[str, dict[str, Value]] = {
    "httpx": {"language": "python", "client": "httpx"},
    "httpx, uvloop": {"language": "python", "runtime": "uvloop", "client": "httpx"},
    "httpx, 8 KiB reads": {"language": "python", "client": "httpx", "read_bytes": 8192},
    "httpx, 64 KiB reads": {"language": "python", "client": "httpx", "read_bytes": 65_536},
    "httpx, parsing": {"language": "python", "client": "httpx", "parse": "each"},
    "aiohttp": {"language": "python", "client": "aiohttp"},
    "aiohttp, uvloop": {"language": "python", "runtime": "uvloop", "client": "aiohttp"},
    "aiohttp, parsing": {"language": "python", "client": "aiohttp", "parse": "each"},
    "ours": {"language": "python", "client": "ours"},
    "ours, uvloop": {"language": "python", "runtime": "uvloop", "client": "ours"},
    "tokio": {"language": "rust", "runtime": "tokio"},
    "tokio, 8 KiB reads": {"language": "rust", "runtime": "tokio", "read_bytes": 8192},
    "tokio, parsing": {"language": "rust", "runtime": "tokio", "parse": "each"},
    "reqwest": {"language": "rust", "runtime": "tokio", "client": "reqwest"},
}
_STREAMS = (1, 2, 8, 64)
_RATES: dict[str, dict[str, Value]] = {
    "50": {"itl_ms": 20, "max_tokens": 48},
    "1000": {"itl_ms": 1, "max_tokens": 500},
    "10000": {"itl_ms": 0.1, "max_tokens": 2000},
    "all at once": {"itl_ms": 0, "max_tokens": 5000},
    "all at once (short)": {"itl_ms": 0, "max_tokens": 500},
}
_PLAIN = ("httpx", "httpx, uvloop", "aiohttp", "aiohttp, uvloop", "ours", "tokio", "reqwest")
_SHORT = ("httpx", "aiohttp", "ours", "tokio", "reqwest")


def _arm(client: str, streams: int) -> dict[str, Value]:
    """As many agents of one client, which are tasks of one process."""
    found: dict[str, Value] = {}
    for number in range(streams):
        own = dict(_CLIENTS[client])
        found |= agent(f"n{number}", str(own.pop("language")), **own)
    return found


_ARMS = {f"{client} × {streams}": _arm(client, streams) for client in _CLIENTS for streams in _STREAMS}
_OURS = tuple((arm, f"our client{arm.removeprefix('ours')}") for arm in _ARMS if arm.startswith("ours"))
_TURNED = {arm: ("all at once",) for arm in _ARMS if arm.rpartition(" × ")[0] not in _PLAIN}
_MANY = {arm: ("50", "all at once (short)") for arm in _ARMS if arm.endswith(" × 64")}
_FEW = {arm: tuple(rate for rate in _RATES if "short" not in rate) for arm in _ARMS if arm not in _MANY}
_QUICK = tuple(f"{client} × {streams}" for client in _SHORT for streams in (1, 64))

STUDY = Study(
    id="tr117-agents",
    title="The Ceiling of a Python Client",
    question="Is there a Python ceiling, at what rate, and does an engine here reach it?",
    backend="pacer",
    factors=(
        Factor("arm", tuple(_ARMS), meaning="client × streams at once, in one process", title="client", words=_OURS),
        Factor("rate", tuple(_RATES), unit="tokens/s", meaning="tokens a second that each stream is offered"),
    ),
    exclusions=exclusions("arm", "rate", {**_FEW, **_TURNED, **_MANY}, _RATES),
    bundles=bundles(arm=_ARMS, rate=_RATES),
    fixed=fixed(model=PACER.name, ttft_ms=50, isolation="tasks"),
    workload=workload("analyst"),
    profiles=(
        Profile("smoke", runs=1, subset=subset(arm=("httpx × 1", "tokio × 1"), rate=("1000",))),
        Profile("quick", runs=5, subset=subset(arm=_QUICK, rate=("50", "1000", "all at once", "all at once (short)"))),
        Profile("full", runs=7),
    ),
    metrics=(
        "decode_tps", "itl", "ttft", "aggregate_tps", "task_duration", "agent_cpu_time", "agent_cpu_wait",
        "agent_switches", "agent_threads",
    ),
    primaries=(
        Primary("python-ceiling", "decode_tps", "arm", "tokio × 1", "httpx × 1", (("rate", "all at once"),)),
        Primary("at-an-engines-rate", "decode_tps", "arm", "tokio × 1", "httpx × 1", (("rate", "50"),)),
    ),
    sessions=7,
)  # fmt: skip
