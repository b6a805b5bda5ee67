"""The child's side of ``child.Child``: what it hears from the process that started it, and what it answers."""

from __future__ import annotations

import os
import sys
from typing import TypeVar

from .json_lines import dump, load

T = TypeVar("T")


class Parent:
    """JSON lines on what were standard input and output; what libraries print goes to standard error, the log."""

    def __init__(self) -> None:
        self._channel = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)

    def hear(self, kind: type[T]) -> T:
        """The next line as a message. Raises ``pydantic.ValidationError`` where it is none, or the end."""
        return load(kind, sys.stdin.buffer.readline())

    def say(self, message: object) -> None:
        self._channel.write(dump(message))
        self._channel.flush()
