"""One block of a study as one session: which seed it has, whether it may begin, and whether it may go on.

A block is a session of its own: slow changes of a machine last longer than a few runs, so two blocks of one host count
as two sessions only where an hour or a restart lies between them.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ..datasets.catalog import Ref, recordings
from ..datasets.manifest import Manifest
from ..datasets.recordings import read_manifest
from ..design import Study, measured_digest
from ..errors import UsageError
from ..events import Scalar
from ..probes.environment import identity_differences
from .calibration_choice import begun_header, sealed_from, set_aside
from .recording_session import Session

APART_S = 3600
"""Seconds that lie between two sessions of one host, unless it was restarted."""

PROFILE = "quick"
ENDED = "ended"
"""The fact of a session that says when its last run ended (ISO 8601)."""
FEWEST_CHARACTERS = 4
"""Of the beginning of a host id that stands for all of it."""


def block_session(study: Study, state: Path) -> Session:
    """The block that was begun and not sealed, or a new one with a seed of its own."""
    session = Session(study, study.profile(PROFILE), {}, state, block_seed=secrets.randbelow(2**31))
    header = begun_header(session)
    return replace(session, block_seed=header.order_seed) if header else session


def may_continue(session: Session, data: Path, facts: Mapping[str, Scalar], now: datetime) -> str:
    """Why a block that was begun cannot go on as the same session; empty where it can, or where none was begun.

    One that cannot is set aside, never mixed with another session. A sealed one makes room without a word.
    """
    header = begun_header(session)
    if header is None:
        return ""
    if sealed_from(session, data) is not None:
        set_aside(session)
        return ""
    touched = datetime.fromtimestamp(session.journal.stat().st_mtime, UTC)
    why = ""
    if header.fingerprint != session.study.fingerprint():
        why = "the study has changed since"
    elif not _same_boot(header.environment, facts):
        why = "the machine was restarted since, or is another one"
    elif differences := identity_differences(header.environment, facts):
        why = f"the environment has changed since ({'; '.join(differences)})"
    elif (now - touched).total_seconds() > APART_S:
        why = "more than an hour has passed since its last run"
    if why:
        set_aside(session)
    return why


def wait_s(study: Study, data: Path, facts: Mapping[str, Scalar], now: datetime) -> float:
    """Seconds until this host may record the study's next session; 0 where it may now."""
    earlier = (read_manifest(ref.path) for ref in recordings(data, study.id))
    here = [manifest for manifest in earlier if _same_boot(manifest.environment, facts)]
    return max([0.0, *(APART_S - (now - _ended(manifest)).total_seconds() for manifest in here)])


def sessions(study: Study, data: Path) -> tuple[Ref, ...]:
    """The recordings that measured what the study measures today, oldest first."""
    today = measured_digest(study.canonical())
    return tuple(ref for ref in recordings(data, study.id) if (ref.measured, ref.profile) == (today, PROFILE))


def of_host(found: Sequence[Ref], host: str) -> tuple[Ref, ...]:
    """Those of the recordings that one host made; ``host`` is its id or the beginning of it.

    Raises ``UsageError`` that names every host and its sessions where it is none of them, or may be several.
    """
    made_by = [host_of(ref) for ref in found]
    meant = {one for one in made_by if one.startswith(host)} if len(host) >= FEWEST_CHARACTERS else set()
    if host in made_by:
        meant = {host}
    if len(meant) == 1:
        return tuple(ref for ref, one in zip(found, made_by, strict=True) if one in meant)
    what = f"{host!r} begins the ids of several hosts" if meant else f"no session is of host {host!r}"
    there = ", ".join(f"{one} ({n} {'session' if n == 1 else 'sessions'})" for one, n in Counter(made_by).items())
    raise UsageError(f"{what}; name one by at least {FEWEST_CHARACTERS} characters of its id: {there}")


def host_of(ref: Ref) -> str:
    """The id of the host that made a recording, or ``unknown``."""
    return str(read_manifest(ref.path).environment.get("host_id") or "unknown")


def _ended(manifest: Manifest) -> datetime:
    said = (manifest.session or {}).get(ENDED)
    return datetime.fromisoformat(str(said or manifest.created))


def _same_boot(a: Mapping[str, Scalar], b: Mapping[str, Scalar]) -> bool:
    """Whether both are one host since one start. Where a machine tells no boot, the host decides."""
    return (a.get("host_id"), a.get("boot_id")) == (b.get("host_id"), b.get("boot_id"))
