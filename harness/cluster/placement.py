"""Which blocks of a study were given to which hosts: written down before the first is, so that any command goes on.

What has arrived is not written down: the recordings say which blocks they are.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ..datasets.catalog import Ref, recordings
from ..datasets.recordings import read_manifest
from ..errors import DataError, UsageError
from ..execution.recording_session import Session
from ..recorder.durable import make_folder, sync_path
from .order import BLOCK_FACT, LABEL, Order


@dataclass(frozen=True, slots=True)
class Placed:
    """A block (16 hex digits), the label of its host, and the seed of its order."""

    block: str
    host: str
    seed: int


@dataclass(frozen=True, slots=True)
class Placement:
    """One block of a study for each host. ``fingerprint`` is that of the study as it was then."""

    fingerprint: str
    blocks: tuple[Placed, ...] = ()

    def over(self, hosts: Iterable[str]) -> Placement:
        """The same with a block for each of ``hosts`` that has none. Raises ``UsageError`` for what is no label."""
        known = {placed.host for placed in self.blocks}
        new = [host for host in sorted(set(hosts)) if host not in known]
        for host in new:
            if not LABEL.fullmatch(host):
                raise UsageError(f"{host!r} is no label of a host; use letters, digits, dots, hyphens and underscores")
        added = tuple(Placed(secrets.token_hex(8), host, secrets.randbelow(2**31)) for host in new)
        return Placement(self.fingerprint, self.blocks + added)

    def orders(self, session: Session, hosts: Iterable[str]) -> list[Order]:
        """What is asked of ``hosts``."""
        chosen, only = set(hosts), dict(session.only)
        return [
            Order(one.block, one.host, session.study, self.fingerprint, session.profile.name, one.seed, only)
            for one in self.blocks
            if one.host in chosen
        ]


_ADAPTER = TypeAdapter(Placement)


def folder_of(session: Session) -> Path:
    """Where the placement of a study, a profile and a narrowing is kept."""
    return session.state / "placements" / session.name


def begun(session: Session) -> Placement:
    """The placement that was written down, or a new one without blocks.

    Raises ``UsageError`` where the study has changed since, ``DataError`` where the file is damaged.
    """
    path, today = _file(session), session.study.fingerprint()
    if not path.exists():
        return Placement(today)
    try:
        found = _ADAPTER.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise DataError(f"{path} cannot be read; --again places new blocks and keeps the file") from None
    if found.fingerprint != today:
        raise UsageError(
            f"{session.study.id} has changed since its blocks were placed; undo the change to go on, or add --again"
        )
    return found


def write(session: Session, placement: Placement) -> None:
    """Writes it down, durably and whole. Raises ``OSError``."""
    path = _file(session)
    make_folder(path.parent)
    new = path.with_suffix(".new")
    new.write_bytes(_ADAPTER.dump_json(placement))
    sync_path(new)
    new.replace(path)
    sync_path(path.parent)


def set_aside(session: Session) -> None:
    """Keeps the placement under another name, so that a new one begins."""
    path = _file(session)
    if path.exists():
        path.rename(path.with_name(f"placement.{sum(1 for _ in path.parent.glob('placement.*[0-9]')) + 1}"))


def arrived(data: Path, placement: Placement, study: str) -> dict[str, Ref]:
    """The recordings of its blocks that are here, by block."""
    wanted = {placed.block for placed in placement.blocks}
    said = ((block_of(ref.path), ref) for ref in recordings(data, study))
    return {block: ref for block, ref in said if block in wanted}


def block_of(folder: Path) -> str:
    """The block that a recording is; empty where it was not placed."""
    return str((read_manifest(folder).session or {}).get(BLOCK_FACT, ""))


def _file(session: Session) -> Path:
    return folder_of(session) / "placement.json"
