"""Passes that ran as plain Python although they should have been compiled, by the thread that ran them.

Once the compiler has met its limit of graphs it stays silent, and no counter of its own tells one call from the next.
The function under compilation does: the branch below is in no graph, so compiled code never meets it.
"""

from __future__ import annotations

import threading


class EagerPasses:
    """A count for all threads, and each thread's own, by which it knows whose work that was while others ran."""

    def __init__(self) -> None:
        self.total = 0
        self._lock = threading.Lock()
        self._thread = threading.local()

    def note(self) -> None:
        """At the beginning of a function that is compiled: counts the pass where it is not."""
        import torch

        if not torch.compiler.is_compiling():
            self._thread.count = self.own + 1
            with self._lock:
                self.total += 1

    @property
    def own(self) -> int:
        """Those of the calling thread."""
        return int(getattr(self._thread, "count", 0))
