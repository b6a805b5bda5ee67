"""A process in which pyarrow imports no pandas: that takes half a second, to ask whether an object is one of its."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder


class _Refused(MetaPathFinder):
    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name, name=name)


def without_pandas() -> None:
    """No object of this process is one of pandas, and nothing in it will import pandas."""
    sys.meta_path.insert(0, _Refused())
