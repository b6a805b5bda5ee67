"""What hosts say of findings, as claims: each finding on every host that was asked, and whether two hosts differ."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from harness.studies import STUDIES

from ...content.blocks import Lit
from ...values.value import Value
from ..claims import claim
from ..report_builder import Draft
from ..sentence_names import Names
from .findings import Finding

SENTENCES = {
    "larger": "The {quantity} is larger with {factor} {level} than with {reference}{where}: {shown}.",
    "smaller": "The {quantity} is smaller with {factor} {level} than with {reference}{where}: {shown}.",
    "equivalent": "The {quantity} with {factor} {level} lies within {{{margin}|threshold}} % of that with"
    " {reference}{where}: {shown}.",
}
OPEN = "larger|smaller|not shown to differ"
APART = (
    "The ratio of the {quantity} with {factor} {level} to that with {reference}{where} is"
    " {{times~1:larger|smaller|not shown to differ}} on host {other} over host {one}: {{times}} {{times.interval}}."
)
MEANING = "ratio of the ratios on two hosts"


def claim_findings(draft: Draft, found: Iterable[Finding]) -> None:
    """A claim for each finding of which a host bears an interval; the flag of its name tells that it holds on several
    hosts and fails on none."""
    for one in found:
        if one.borne:
            values = {letter.lower(): ratio for letter, ratio in one.borne.items()}
            name = f"finding-{one.name}"
            test = " and ".join(f"({one.test(letter)})" for letter in values)
            draft.claim(name, _sentence(one), values, test, _names(one))
            draft.flag(name.replace("-", "_"), one.everywhere)


def claim_differences(draft: Draft, found: Iterable[Finding], *, all_pairs: bool) -> None:
    """For each finding and two hosts that bear it, whether their ratios are told apart; of all pairs, or only of those
    that are."""
    for one in found:
        for first, second in combinations(one.borne, 2):
            times = apart(one, first, second)
            if not all_pairs and not _told_apart(times):
                continue
            sentence = _filled(APART, one, other=second, one=first)
            name = f"apart-{one.name}-{first.lower()}-{second.lower()}"
            claim(draft, name, sentence, {"times": times}, "times.low > 1", meaning=MEANING, names=_names(one))


def _told_apart(times: Value) -> bool:
    return times.interval is not None and not times.interval.low <= 1 <= times.interval.high


def apart(found: Finding, first: str, second: str) -> Value:
    """The ratio on the second host over that on the first one."""
    return found.ratios[second] / found.ratios[first]


def _sentence(found: Finding) -> str:
    letters = tuple(found.borne)
    shown = ", ".join(f"{{{one.lower()}}} {{{one.lower()}.interval}} on host {one}" for one in letters)
    if found.said:
        margin = f"{(found.primary.margin - 1) * 100:.3g}"
        return _filled(SENTENCES[found.said], found, shown=shown, margin=margin)
    said = ", ".join(
        f"{{{one.lower()}~1:{OPEN}}} on host {one}, {{{one.lower()}}} {{{one.lower()}.interval}}" for one in letters
    )
    sentence = "The ratio of the {quantity} with {factor} {level} to that with {reference}{where} is {said}."
    return _filled(sentence, found, said=said.replace("not shown to differ", "not shown to be larger or smaller"))


def _filled(sentence: str, found: Finding, **words: str) -> str:
    """``sentence`` for a finding; the levels stay names, which are declared as literals."""
    held = {name: f"{{{name}}}" for name in ("level", "reference")}
    study = STUDIES.load(found.study)
    where = "".join(f", {study.heading(name)} {{where_{name}}}" for name, _ in found.primary.where)
    return sentence.format(
        quantity=found.quantity, factor=study.heading(found.primary.factor), where=where, **held, **words
    )


def _names(found: Finding) -> Names:
    study, primary = STUDIES.load(found.study), found.primary
    where = {f"where_{name}": Lit(study.called(name, level), "identifier") for name, level in primary.where}
    sides = {"level": primary.level, "reference": primary.reference}
    return {**{name: Lit(study.called(primary.factor, level), "setting") for name, level in sides.items()}, **where}
