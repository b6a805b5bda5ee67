"""Records one study's runs, durably and once each; the ``Sink`` of an executor."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from ..errors import ConflictError, ResumeRefused
from ..events import Run
from .contents import Contents, contents
from .journal import Journal
from .records import Header, Stratum, Withdrawn, decode, encode
from .recover import Recovered
from .resume_rules import circumstances, engine_change, new_stratum, require_same_study
from .tables import Tables

ATTEMPTS = "attempts"
"""The fact of a run that says how often it was made, where that is more than once."""


class Recorder:
    """An open recording; make one with ``create`` or ``resume``. Safe to share between threads."""

    def __init__(self, journal: Journal, found: Contents, *, may_open_stratum: bool) -> None:
        self._journal = journal
        self._contents = found
        self._may_open_stratum = may_open_stratum
        self._planned = frozenset(found.header.planned)
        self._tables = Tables(found.header.design)
        self._lock = threading.Lock()

    @classmethod
    def create(cls, path: Path, header: Header) -> Self:
        """A new recording. Raises ``ConflictError`` where ``path`` exists, ``JournalWriteFailed``."""
        recorder = cls(Journal.create(path), Contents(header), may_open_stratum=False)
        recorder._journal.append(encode(header))
        return recorder

    @classmethod
    def resume(cls, path: Path, header: Header, *, new_stratum: bool = False) -> Self:
        """Continues a recording as ``header`` describes it today.

        ``new_stratum`` permits runs in another environment, as a stratum of their own. Raises ``ResumeRefused``
        where the runs would be unlike, ``JournalCorrupt``, ``SchemaUnknown``, ``JournalWriteFailed``.
        """
        journal = Journal.open(path)
        try:
            return cls._continue(journal, header, new_stratum)
        except BaseException:
            journal.close()
            raise

    @classmethod
    def _continue(cls, journal: Journal, header: Header, permitted: bool) -> Self:
        found = contents(journal.recovered.records)
        if found is None:
            recorder = cls(journal, Contents(header), may_open_stratum=permitted)
            recorder._journal.append(encode(header))
            return recorder
        require_same_study(found.header, header)
        stratum = new_stratum(found, header, allowed=permitted)
        recorder = cls(journal, found, may_open_stratum=permitted)
        if stratum is not None:
            recorder._open_stratum(stratum)
        return recorder

    @property
    def header(self) -> Header:
        """What the journal began with."""
        return self._contents.header

    @property
    def runs(self) -> dict[str, Run]:
        """The recorded runs by id; a copy."""
        with self._lock:
            return dict(self._contents.runs)

    @property
    def strata(self) -> tuple[Stratum, ...]:
        """The changes of circumstances so far."""
        return tuple(self._contents.strata)

    @property
    def recovered(self) -> Recovered:
        """What was found when the journal was opened, with the bytes that a crash cost."""
        return self._journal.recovered

    def append(self, run: Run) -> None:
        """Returns when ``run``, as it reads back from its bytes, is durable.

        Raises ``ConflictError`` for a run that is recorded already, ``ValueError`` for one that was not planned or
        does not fit the schema, ``ResumeRefused`` where the engine changed, ``JournalWriteFailed``.
        """
        attempts = self._contents.attempts.get(run.run_id)
        if attempts is not None:
            run = replace(run, facts={**run.facts, ATTEMPTS: attempts})
        payload = encode(run)
        stored = decode(payload)
        if not isinstance(stored, Run):
            raise TypeError(f"{type(run).__name__} is not a run")
        with self._lock:
            self._admit(stored)
            self._journal.append(payload)
            self._contents.add(stored)

    def withdraw(self, run_ids: Sequence[str]) -> None:
        """Makes room for recorded runs to be measured again; what they were stays in the journal.

        Raises ``ValueError`` for a run that is not recorded, ``JournalWriteFailed``.
        """
        with self._lock:
            unknown = [run_id for run_id in run_ids if run_id not in self._contents.runs]
            if unknown:
                raise ValueError(f"run {unknown[0]!r} is not recorded")
            if run_ids:
                self._journal.append(encode(Withdrawn(tuple(run_ids))))
                self._contents.withdraw(run_ids)

    def close(self) -> None:
        """Closes the journal; a second call does nothing."""
        self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _admit(self, run: Run) -> None:
        if run.run_id in self._contents.runs:
            raise ConflictError(f"run {run.run_id} is recorded already; a run is recorded once")
        if run.run_id not in self._planned:
            raise ValueError(f"run {run.run_id!r} is not one of the planned runs")
        self._tables.build({run.run_id: run}, {run.run_id: len(self._contents.strata)})
        change = engine_change(self._contents, run)
        if change is not None:
            self._allow_engine(change)

    def _allow_engine(self, change: str) -> None:
        if not self._may_open_stratum:
            raise ResumeRefused(
                f"the engine changed while recording: {change}; go back to the version before, or run again with "
                "--resume to record the rest as a stratum of its own"
            )
        environment, code = circumstances(self._contents)
        self._open_stratum(Stratum(len(self._contents.strata) + 1, environment, code, change))

    def _open_stratum(self, stratum: Stratum) -> None:
        self._journal.append(encode(stratum))
        self._contents.strata.append(stratum)
