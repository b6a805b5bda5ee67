"""Checks the settings that a study asks of an engine before anything starts."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..design import Value, level_key
from ..outcomes import Code, unsupported
from . import EngineFailed


class SettingReader:
    """Reads typed settings. Raises ``EngineFailed(SETTING_REJECTED)`` for an unknown name or a wrong type."""

    def __init__(self, engine: str, settings: Mapping[str, Value], known: tuple[str, ...]) -> None:
        self._engine = engine
        self._settings = settings
        unknown = sorted(set(settings) - set(known))
        if unknown:
            raise self._rejected(f"has no setting {', '.join(unknown)}; it has {', '.join(known)}")

    def whole(self, name: str, least: int = 0) -> int | None:
        """A whole number of at least ``least``; ``None`` where not asked for."""
        value = self._settings.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self._rejected(f"needs {name} to be a whole number from {least}, not {level_key(value)}")
        return value

    def switch(self, name: str) -> bool | None:
        """A truth; ``None`` where not asked for."""
        value = self._settings.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._rejected(f"needs {name} to be true or false, not {level_key(value)}")
        return value

    def number(self, name: str) -> float:
        """A finite number from 0, which must be asked for."""
        value = self._settings.get(name)
        if value is None:
            raise self._rejected(f"needs the setting {name}; add it as a factor or fix it")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
            raise self._rejected(f"needs {name} to be a number from 0, not {level_key(value)}")
        return float(value)

    def flag(self, name: str) -> bool | None:
        """True or false; ``None`` where not asked for."""
        value = self._settings.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._rejected(f"needs {name} to be true or false, not {level_key(value)}")
        return value

    def text(self, name: str, default: str, choices: tuple[str, ...] = ()) -> str:
        """A text, one of ``choices`` where there are any."""
        value = self._settings.get(name, default)
        if not isinstance(value, str) or (choices and value not in choices):
            wanted = f"one of {', '.join(choices)}" if choices else "a text"
            raise self._rejected(f"needs {name} to be {wanted}, not {level_key(value)}")
        return value

    def threads(self, available: int) -> int | None:
        """``threads``: a whole number from 1, also as text, or ``"all"`` for ``available``."""
        asked = self._settings.get("threads")
        if asked == "all":
            return available
        if isinstance(asked, str) and asked.isascii() and asked.isdecimal() and int(asked):
            return int(asked)
        return self.whole("threads", 1)

    def _rejected(self, detail: str) -> EngineFailed:
        return EngineFailed(unsupported(Code.SETTING_REJECTED, f"{self._engine} {detail}"))
