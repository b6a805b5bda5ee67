"""Ports that are chosen now and bound later."""

from __future__ import annotations

import random
import socket

LOWEST, HIGHEST = 10_000, 30_000
"""Below the ports that kernels give to connections and to listeners that ask for any: none of them takes these."""


def steady_port() -> int:
    """A port of this machine that nobody holds, and that no connection is given before it is bound."""
    while True:
        with socket.socket() as found:
            try:
                found.bind(("127.0.0.1", random.SystemRandom().randrange(LOWEST, HIGHEST)))
            except OSError:
                continue
            return int(found.getsockname()[1])
