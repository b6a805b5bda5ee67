"""What a marker asks for: a finding or a claim of a report, or a metric or a count of some runs of its dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from harness.datasets.catalog import STUDY_NAME, version_number
from harness.errors import UsageError

Kind = Literal["finding", "claim", "metric", "count"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SHOWS: Mapping[Kind, tuple[str, ...]] = {
    "finding": ("text", "number", "interval"),
    "claim": ("sentence", "verdict"),
    "metric": ("text", "number", "interval"),
    "count": ("number",),
}
"""How each kind may be shown; the first one where a marker does not say."""
HOW = ("phase", "within", "across")
"""How a metric becomes one number, as in a report module."""


@dataclass(frozen=True, slots=True)
class Asked:
    """``label`` names the dataset, ``name`` the finding, the claim, the metric or what is counted.

    ``report`` computes findings and claims; ``where`` holds levels by factor, as text.
    """

    label: str
    kind: Kind
    name: str
    show: str
    report: str
    how: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)

    @property
    def study(self) -> str:
        return self.label.partition("/")[0]

    @property
    def version(self) -> str:
        return self.label.partition("/")[2]


def asked(words: tuple[str, ...]) -> Asked:
    """The words of a marker, read. Raises ``UsageError``."""
    label, *rest = words
    study, _, version = label.partition("/")
    if not STUDY_NAME.fullmatch(study) or version_number(version) is None:
        raise UsageError(f"{label[:60]!r} is no dataset; write such as tr108/v3")
    said: dict[str, str] = {}
    for word in rest:
        name, equals, value = word.partition("=")
        if not name or not equals or not value or name in said:
            raise UsageError(f"{word[:60]!r} is not NAME=VALUE, or stands twice")
        said[name] = value
    kinds = [kind for kind in KINDS if kind in said]
    if len(kinds) != 1:
        raise UsageError(f"it asks for {' and '.join(kinds) or 'nothing'}; give one of {', '.join(KINDS)}")
    (kind,) = kinds
    name, report = said.pop(kind), said.pop("report", study)
    show = said.pop("show", SHOWS[kind][0])
    if show not in SHOWS[kind]:
        raise UsageError(f"a {kind} cannot be shown as {show!r}; use {', '.join(SHOWS[kind])}")
    how = {word: said.pop(word) for word in HOW if word in said}
    if kind in ("finding", "claim") and (how or said):
        raise UsageError(f"a {kind} has its runs already; take out {', '.join([*how, *said])}")
    return Asked(label, kind, name, show, report, how, said)
