"""`harness recover`: what a journal holds, and what a crash cost."""

from __future__ import annotations

from collections import Counter

from ..events import Run
from ..execution.recording_session import Session
from ..recorder.records import decode
from ..recorder.recover import read, truncate_tail
from . import options


def recover(
    study: options.StudyName,
    profile: options.ProfileName = "quick",
    only: options.Only = None,
    as_json: options.Json = False,
    state: options.State = options.STATE,
) -> None:
    """Check a journal after a crash, cut a torn tail off and say what is left.

    Example: harness recover tr108 --profile quick
    """
    declared = options.load_study(study)
    session = Session(declared, declared.profile(profile), options.parse_only(declared, only), state)
    journal = session.recorded()
    found = read(journal)
    if found.dropped_bytes:
        truncate_tail(journal)
    runs = [record for record in map(decode, found.records) if isinstance(record, Run)]
    counts = Counter(run.outcome.status.value for run in runs)
    if as_json:
        options.print_json(
            {"journal": journal, "runs": len(runs), "planned": len(session.planned), "outcomes": counts,
             "dropped_bytes": found.dropped_bytes, "reason": found.reason}
        )  # fmt: skip
        return
    lost = f"dropped {found.dropped_bytes} bytes ({found.reason})" if found.dropped_bytes else "nothing was lost"
    options.say(f"{session.name}: {len(runs)} of {len(session.planned)} runs recorded; {lost}.")
