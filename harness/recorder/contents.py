"""What a whole journal says: its header, its strata and its runs, checked against each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..errors import JournalCorrupt
from ..events import Run
from .records import Header, Stratum, Withdrawn, decode


@dataclass(slots=True)
class Contents:
    """A journal's records by kind. ``stratum_of`` holds the stratum number of each recorded run, by run id, and
    ``attempts`` how often a run was begun that is not at its first."""

    header: Header
    strata: list[Stratum] = field(default_factory=list)
    runs: dict[str, Run] = field(default_factory=dict)
    stratum_of: dict[str, int] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)

    def add(self, run: Run) -> None:
        """Files ``run`` under the current stratum."""
        self.runs[run.run_id] = run
        self.stratum_of[run.run_id] = len(self.strata)

    def withdraw(self, run_ids: Iterable[str]) -> None:
        """Makes room for these runs, which are recorded, to be measured again."""
        for run_id in run_ids:
            del self.runs[run_id], self.stratum_of[run_id]
            self.attempts[run_id] = self.attempts.get(run_id, 1) + 1

    @property
    def missing(self) -> tuple[str, ...]:
        """The planned runs that are not recorded."""
        return tuple(run_id for run_id in self.header.planned if run_id not in self.runs)


def contents(payloads: Iterable[bytes]) -> Contents | None:
    """The records in order, or ``None`` where there is none. Raises ``JournalCorrupt``, ``SchemaUnknown``."""
    found: Contents | None = None
    for number, record in enumerate(map(decode, payloads)):
        if found is None:
            if not isinstance(record, Header):
                raise _corrupt(number, "comes before the header")
            found = Contents(record)
        elif isinstance(record, Run) and record.run_id not in found.runs:
            found.add(record)
        elif isinstance(record, Withdrawn) and set(record.runs) <= found.runs.keys():
            found.withdraw(record.runs)
        elif isinstance(record, Stratum) and record.number == len(found.strata) + 1:
            found.strata.append(record)
        else:
            raise _corrupt(number, "repeats or contradicts an earlier one")
    return found


def _corrupt(number: int, what: str) -> JournalCorrupt:
    return JournalCorrupt(f"record {number} of the journal {what}; it was not written by this recorder")
