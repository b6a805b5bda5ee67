"""What several recordings say alike. Where they differ, a dataset of all of them says that they do, and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..outcomes import MISSING_SUFFIX, Missing
from .manifest import Code, Scalar


def shared_facts(environments: Sequence[Mapping[str, Scalar]]) -> dict[str, Scalar]:
    """The facts that all environments state alike; any other is null, and ``<name>.missing`` says that they differ."""
    found: dict[str, Scalar] = {}
    for name in dict.fromkeys(name for facts in environments for name in facts):
        first, *others = (facts.get(name) for facts in environments)
        if all(type(other) is type(first) and other == first for other in others):
            found[name] = first
        else:
            fact = name.removesuffix(MISSING_SUFFIX)
            found |= {fact: None, fact + MISSING_SUFFIX: Missing.RECORDINGS_DIFFER.value}
    return found


def shared_code(codes: Sequence[Code]) -> Code:
    """The revision that all recordings share, or none; ``dirty`` where one of them was."""
    revisions, dirty = {code.revision for code in codes}, [code.dirty for code in codes]
    return Code(
        revision=revisions.pop() if len(revisions) == 1 else None,
        dirty=True if True in dirty else None if None in dirty else False,
        version=", ".join(sorted({code.version for code in codes})),
    )


def shared_calibration(named: Sequence[str | None]) -> str | None:
    """That of the newest session, where every session names one: a session without one is not vouched for."""
    return None if None in named else named[-1]
