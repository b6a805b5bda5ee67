"""Refuses, before anything is recorded, settings that no run of a study could have."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ..agents.programs import AGENTS
from ..backends import BACKENDS
from ..design import Cell, RunSettings, Study
from ..design.load import Replay
from ..design.settings import RUN_SETTINGS
from ..errors import StudyError
from ..workload.driver import replay
from .redaction import userinfo


def check_settings(study: Study, cells: Iterable[Cell]) -> None:
    """Looks at every setting of ``cells``.

    Raises ``StudyError`` for a name that none of their engines knows, ``UnknownName`` for a backend or an agent that
    does not exist, and ``UsageError`` for a trace that cannot be replayed. A setting that only some of the engines know
    is left to their runs, whose outcomes say so.
    """
    runs = [study.run_settings(cell) for cell in cells]
    _check_names(study, runs)
    _check_credentials(study, runs)
    for language in {agent.language for run in runs for agent in run.agents}:
        AGENTS.target(language)
    for load in {run.load for run in runs if isinstance(run.load, Replay)}:
        replay(load)


def _check_names(study: Study, runs: Iterable[RunSettings]) -> None:
    servers = [server for run in runs for server in run.servers]
    backends = sorted({server.backend for server in servers})
    known = {name for backend in backends for name in BACKENDS.load(backend).SETTINGS}
    for name in sorted({name for server in servers for name in server.engine} - known):
        near = get_close_matches(name, known | RUN_SETTINGS, 1)
        raise StudyError(
            f"study {study.id!r} sets {name}, which neither its load nor {', '.join(backends)} knows; "
            + (f"did you mean {near[0]}?" if near else f"engine settings are {', '.join(sorted(known))}")
        )


def _check_credentials(study: Study, runs: Iterable[RunSettings]) -> None:
    """No address has a user and a password in it, for settings are recorded."""
    for server in (server for run in runs for server in run.servers):
        for name, value in server.engine.items():
            if isinstance(value, str) and any(userinfo(value)):
                raise StudyError(
                    f"study {study.id!r}: {name} has a password in it, and settings are recorded; take it out, and put "
                    "a key into BINDERY_OPENAI_KEY"
                )
