"""Which calibration judges a recording, and what its journal was sealed as."""

from __future__ import annotations

from pathlib import Path

from ..calibration.lookup import applicable_envelope, named_envelope
from ..datasets.catalog import Ref, sealed
from ..datasets.recordings import read_manifest
from ..probes import environment
from ..protocols.envelope import Envelope
from ..recorder import lock
from ..recorder.records import Header, decode
from ..recorder.recover import read
from .recording_session import Session


def envelope_for(session: Session, data: Path) -> tuple[Envelope | None, str]:
    """That of the calibration which a journal begun earlier names, or of the one which applies to a new one.

    With it a warning, empty where there is none: the calibration that a journal names may be gone.
    """
    begun = begun_header(session)
    if begun is None:
        return applicable_envelope(data, environment.facts()), ""
    found = named_envelope(data, begun.calibration)
    if found is None and begun.calibration is not None:
        return None, (
            f"Warning: this recording began under calibration {begun.calibration[:12]}, which is no longer among the "
            f"datasets in {data}; runs recorded without it are not judged client-bound, and the audit says so."
        )
    return found, ""


def begun_header(session: Session) -> Header | None:
    """What the session's journal began with; ``None`` where it has none."""
    if not session.journal.exists():
        return None
    header = next(map(decode, read(session.journal).records), None)
    return header if isinstance(header, Header) else None


def sealed_from(session: Session, data: Path) -> Ref | None:
    """The dataset that the session's journal was sealed as."""
    header = begun_header(session)
    if header is None:
        return None
    study = session.study.id
    for ref in sealed(data, study):
        if read_manifest(ref.path).journal_id == header.journal_id:
            return ref
    return None


def set_aside(session: Session) -> None:
    """Keeps the session's journal under another name, so that a new one begins.

    Raises ``LockHeld`` where another process writes it.
    """
    if session.journal.exists():
        with lock.hold(session.folder / "lock", f"harness run {session.name}"):
            number = sum(1 for _ in session.folder.glob("journal.*")) + 1
            session.journal.rename(session.folder / f"journal.{number}")
