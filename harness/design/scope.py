"""Scopes of settings: ``load.streams``, ``server.NAME.num_ctx``, ``agent.NAME.language``; most names have none.

``slo.ttft_ms`` is a limit that goodput holds requests to, and ``declared.gpu`` what an operator says of his server:
both are recorded and change no request.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping

from ..errors import StudyError
from .factor import Value

_NAME = re.compile(r"[A-Za-z0-9_]{1,40}")
"""Names become parts of file names."""

DECLARED = "declared"
COMMAND = f"{DECLARED}.command"
"""What was typed to record a dataset, where that is no study of this project."""
SCOPES = ("load", "request", "server", "agent", "slo", DECLARED)


def check_scopes(settings: Iterable[str]) -> None:
    """Raises ``StudyError`` for the name of a setting with a scope that does not exist."""
    for name in settings:
        scope, dot, rest = name.partition(".")
        if dot and (scope not in SCOPES or not rest):
            raise StudyError(f"the setting {name} has the scope {scope!r}; the scopes are {', '.join(SCOPES)}")


def scoped(settings: Mapping[str, Value], scope: str, known: Container[str]) -> dict[str, Value]:
    """The settings of ``scope``: those with its prefix, and of those without any the ``known`` ones.

    Raises ``StudyError`` where one is set in both ways.
    """
    plain = {name: value for name, value in settings.items() if name in known}
    prefixed = {name.partition(".")[2]: value for name, value in settings.items() if name.startswith(f"{scope}.")}
    if twice := sorted(plain.keys() & prefixed.keys()):
        raise StudyError(f"{twice[0]} and {scope}.{twice[0]} are one setting; keep one")
    return {**plain, **prefixed}


def named(settings: Mapping[str, Value], scope: str) -> dict[str, dict[str, Value]]:
    """The settings of ``scope.NAME.SETTING`` by name, in the order of names. Raises ``StudyError``."""
    found: dict[str, dict[str, Value]] = {}
    for name in sorted(settings):
        first, _, rest = name.partition(".")
        if first != scope or not rest:
            continue
        owner, dot, setting = rest.partition(".")
        if not (_NAME.fullmatch(owner) and dot and setting):
            raise StudyError(f"the setting {name} must read {scope}.NAME.SETTING, the name of letters, digits and _")
        found.setdefault(owner, {})[setting] = settings[name]
    return found
