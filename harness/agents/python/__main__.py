"""The agent in Python: ``python -m harness.agents.python`` takes an order a line and says what happens.

It says ``started`` when it has imported what it needs, works on every order as it comes, and ends with its input.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from time import monotonic_ns
from typing import Any

from .answer import Client
from .events import Events, line, write
from .prompt import answer_of, filled, with_prompt
from .summary import File, read_files, summarise

_SPIN_NS = 2_000_000


def main() -> None:
    """Entry point of the process."""
    asked = _arguments()
    factory = None
    runtime = f"asyncio, Python {platform.python_version()}"
    if asked.loop == "uvloop":
        import uvloop

        factory, runtime = uvloop.new_event_loop, f"uvloop {version('uvloop')}, Python {platform.python_version()}"
    elif asked.read_bytes:
        asyncio.selector_events._SelectorTransport.max_size = asked.read_bytes  # type: ignore[attr-defined]  # noqa: SLF001 - asyncio has no setting
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(_serve(asked, runtime))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m harness.agents.python")
    parser.add_argument("--client", choices=("httpx", "aiohttp", "ours"), default="httpx")
    parser.add_argument("--loop", choices=("asyncio", "uvloop"), default="asyncio")
    parser.add_argument("--read-bytes", type=int, default=0)
    parser.add_argument("--parse", choices=("after", "each"), default="after")
    return parser.parse_args()


async def _serve(asked: argparse.Namespace, runtime: str) -> None:
    client = await _client(asked)
    orders: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    loop.run_in_executor(None, _listen, loop, orders)
    write(line({"event": "started", "at": monotonic_ns(), "runtime": runtime, "client": client.name}))
    at_work = set()
    while True:
        order = json.loads(await orders.get())
        task = asyncio.create_task(_work(order, client))
        at_work.add(task)
        task.add_done_callback(at_work.discard)


async def _client(asked: argparse.Namespace) -> Client:
    if asked.client == "ours":
        from .our_client import OurClient

        return OurClient()
    if asked.client == "aiohttp":
        from .aiohttp_client import AiohttpClient

        return AiohttpClient(parse_each=asked.parse == "each")
    from .httpx_client import HttpxClient

    client = HttpxClient(asked.read_bytes, parse_each=asked.parse == "each")
    await client.warm()
    return client


def _listen(loop: asyncio.AbstractEventLoop, orders: asyncio.Queue[bytes]) -> None:
    """Hands on each line of standard input; at its end nobody is there who could want a result."""
    for order in sys.stdin.buffer:
        loop.call_soon_threadsafe(orders.put_nowait, order)
    os._exit(0)


async def _work(order: Mapping[str, Any], client: Client) -> None:
    """One task, from its planned start to ``finished``."""
    events = Events(order["task"], live=order["live"])
    await _until(order["planned_ns"])
    events.say("began")
    code, detail, text = None, "", ""
    try:
        text = await _report(order, client, events)
    except _Stopped as stopped:
        code, detail = stopped.code, stopped.detail
    except (OSError, ValueError, RecursionError) as error:
        code, detail = "corpus_changed", str(error)
    except Exception as error:  # noqa: BLE001 - whatever it is ends the task, and not in silence
        code, detail = "agent_ended", f"{type(error).__name__}: {error}"
    events.say("finished", code=code, detail=detail[:500], text=text)
    events.flush()


class _Stopped(Exception):
    """A call did not bring what the task needs."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


async def _report(order: Mapping[str, Any], client: Client, events: Events) -> str:
    """Reads, then asks in turn; the answer of the last call."""
    files: list[File] = []
    for name, data in read_files(Path(order["corpus"])):
        events.say("ingested", file=name, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
        files.append((name, data))
    summary, text = summarise(files), ""
    events.flush()
    for call in order["calls"]:
        prompt = filled(call["prompt"], summary, text)
        events.say("call_planned", sha256=hashlib.sha256(prompt.encode()).hexdigest())
        events.flush()
        answer = await client.ask(order, with_prompt(call["body"], prompt), events.progress)
        events.answered(answer)
        if answer.code is not None:
            raise _Stopped(answer.code, answer.detail)
        if answer.status != 200:
            raise _Stopped("http_status", f"{answer.status}")
        found = answer_of(b"".join(answer.chunks), order["content"], order["done"])
        if found is None:
            raise _Stopped("closed_early", "the stream ended without its terminal record")
        text = found
    return text


async def _until(at_ns: int) -> None:
    """Returns at ``at_ns``: sleeps, then yields through the last 2 ms, which a loop's timers miss."""
    early = at_ns - monotonic_ns() - _SPIN_NS
    if early > 0:
        await asyncio.sleep(early / 1e9)
    while monotonic_ns() < at_ns:  # noqa: ASYNC110 - a moment, and no event
        await asyncio.sleep(0)


if __name__ == "__main__":
    main()
