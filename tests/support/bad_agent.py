"""An agent process that goes wrong on purpose, as its one argument says; what it says otherwise is right."""

from __future__ import annotations

import json
import os
import signal
import sys
import time

LINES = {
    "garbage": b"\x00\xffHello, I am no JSON\n",
    "huge stamp": b'{"event":"began","task":3,"at":1' + b"0" * 400 + b"}\n",
}


def say(event: str, at: int | None = None, **said: object) -> None:
    print(json.dumps({"event": event, "at": time.monotonic_ns() if at is None else at, **said}), flush=True)


def before_the_task(fault: str) -> int:
    """Starts and takes a task; its number."""
    if fault == "never ready":
        sys.exit("error: no such runtime")
    if fault == "mute":
        time.sleep(60)
    if fault == "banner":
        print("Welcome to the agent")
    if fault == "endless banner":
        os.write(1, b"x" * 10_000_000)
    say("started", time.time_ns() if fault == "wrong clock at start" else None, runtime="bad", client="none")
    task = int(json.loads(sys.stdin.readline())["task"])
    if fault in ("other clock", "early"):
        say("began", time.time_ns() if fault == "other clock" else None, task=task)
    time.sleep(0.06)
    if fault == "exit":
        sys.exit("error: out of luck")
    if fault not in ("other clock", "early", "another task"):
        say("began", task=task)
    return task


def main(fault: str) -> None:
    task = before_the_task(fault)
    match fault:
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "garbage" | "huge stamp":
            os.write(1, LINES[fault])
        case "another task":
            say("began", task=task + 1)
        case "unknown event":
            say("danced", task=task)
        case "torn line":
            os.write(1, b'{"event":"began","task":')
            sys.exit(0)
        case "long line":
            os.write(1, b'{"event":"began","task":"' + b"x" * 10_000_000)
        case "outside a call":
            say("sent", task=task)
        case "no files":
            say("call_planned", task=task, sha256="0" * 64)
        case "at once":
            say("finished", task=task, code=None, detail="", text="Done.")
    time.sleep(60)


if __name__ == "__main__":
    main(sys.argv[1])
