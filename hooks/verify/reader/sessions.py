"""What the manifests of several sessions say together, for a version that lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

DIFFER = "recordings_differ"


def together(version: Mapping[str, Any], sessions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a version says, and what all of its ``sessions`` say; null where they differ. The design and
    the calibration are those of the last one; there is no calibration where one names none."""
    calibrations = [session["calibration"] for session in sessions]
    revisions = [session["code"]["revision"] for session in sessions]
    return {
        **sessions[0],
        "design": sessions[-1]["design"],
        "environment": _alike([session["environment"] for session in sessions]),
        "code": {"revision": revisions[0] if len(set(revisions)) == 1 else None},
        "calibration": None if None in calibrations else calibrations[-1],
        **version,
    }


def _alike(environments: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The facts of all machines, and the reasons of those that are not known."""
    found: dict[str, Any] = {}
    for fact in {name.removesuffix(".missing") for facts in environments for name in facts}:
        said = [(facts.get(fact), facts.get(f"{fact}.missing")) for facts in environments]
        value, reason = said[0] if said.count(said[0]) == len(said) else (None, DIFFER)
        found |= {fact: value, f"{fact}.missing": reason}
    return found
