"""A study under other settings than it declares: another backend, another served model. It is another study."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ..canonical_json import sha256
from ..errors import StudyError
from .factor import Value, level_key
from .study import Study

_MOST = 40


def with_settings(study: Study, settings: Mapping[str, Value]) -> Study:
    """``study`` with these settings in all its runs; ``backend`` is the engine of servers that name none.

    Its id and its title name them, so that what it records is never taken for the study's own. It wants no sessions.
    Raises ``StudyError`` for a setting that the study varies.
    """
    if not settings:
        return study
    others = {name: value for name, value in settings.items() if name != "backend"}
    varied = {factor.name for factor in study.factors} | {name for b in study.bundles for name, _ in b.settings}
    clash = sorted(varied & set(settings))
    if clash:
        raise StudyError(f"study {study.id!r} varies {', '.join(clash)}; narrow it with --only in place of --set")
    said = ", ".join(f"{name}={_shown(value)}" for name, value in sorted(settings.items()))
    return replace(
        study,
        id=_id(study, settings, said),
        title=f"{study.title} ({said})",
        backend=str(settings.get("backend", study.backend)),
        fixed=tuple({**dict(study.fixed), **others}.items()),
        sessions=0,
    )


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else level_key(value)


def _id(study: Study, settings: Mapping[str, Value], said: str) -> str:
    """``tr108-ollama``, or with a hash where more than a backend is set."""
    plain = re.sub(r"[^a-z0-9]+", "-", "-".join(_shown(value) for _, value in sorted(settings.items())).lower())
    name = f"{study.id}-{plain.strip('-')}"
    if set(settings) == {"backend"} and len(name) <= _MOST:
        return name
    return f"{name[: _MOST - 7].rstrip('-')}-{sha256({'settings': said})[:6]}"
