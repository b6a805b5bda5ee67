"""Modules that libraries import and nothing of ours needs: a process that refuses them starts sooner.

pyarrow imports pandas to ask whether an object is one of its, which takes half a second. httpx imports the command line
that it also has, with what colours it, which is a third of what it imports.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder

PANDAS, HTTPX_COMMAND = "pandas", "httpx._main"


class _Refused(MetaPathFinder):
    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(self, name: str, *_: object) -> None:
        if name in self._names:
            raise ModuleNotFoundError(name, name=name)


def refuse(*names: str) -> None:
    """Nothing in this process will import these modules; none of its objects is one of theirs."""
    sys.meta_path.insert(0, _Refused(names))
