"""Every claim says what its values give: predicates are asked again, cells ranked again, sentences written again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from harness.outcomes import NoValue
from harness.stats.comparison.ranking import rank

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.questions_json import StatedOfDataset
from ..reader.samples import CannotAnswer
from ..reader.site import Site
from ..reader.values_json import StatedClaim, StatedRanking
from ..reader.visible_text import same_text
from ..recompute.predicate import NotAPredicate, state
from ..recompute.predicate_bounds import ends
from ..recompute.questions import answer
from ..recompute.sentence import says, verdict

RANKED = "every other is told apart from it, after correction for all pairs"
"""What tests a ranking, in words."""
NUMBERS = 3
"""The column of a claim's numbers."""
MISSED = "would likely be missed below"
"""What stands before the smallest effect that would likely have been found."""


def check(site: Site) -> Iterator[Examined]:
    """Asks every stated claim, then compares every claim in the HTML with what is stated."""
    for page in site.pages:
        for key, claim in page.stated.claims.items():
            problem = _ranking(site, page, claim) if isinstance(claim, StatedRanking) else _problem(page, claim)
            problem = problem or _reach(site, page, claim)
            yield Examined(page.name, problem and f"claim {key}: {problem}")
        for element in page.tree.xpath("//*[@data-claim]"):
            problem = _shown(page, element)
            yield Examined(page.name, problem and f"claim {element.get('data-claim')}: {problem}")
        yield from (Examined(page.name, problem) for problem in _rows(page))


def _problem(page: Page, claim: StatedClaim) -> str | None:
    values = {name: page.stated.values.get(key) for name, key in claim.values.items()}
    known = {name: value for name, value in values.items() if value is not None}
    if len(known) < len(values):
        return "the page does not state all of its values"
    found_ends = {name: ends(key, page.stated.values) for name, key in claim.values.items()}
    try:
        found = state(claim.predicate, found_ends)
    except NotAPredicate:
        return f"{claim.predicate!r} is no predicate over its values"
    if found != claim.state:
        return f"the page says that it {claim.state}, its values say {found}"
    if (expected := verdict(claim.sentence, claim.predicate, known, found_ends)) != claim.verdict:
        return f"the page calls its sentence {claim.verdict}, its values say {expected}"
    if not says(claim.text, claim.sentence, known, found_ends):
        return f"its sentence with its values is not “{claim.text}”"
    return None


def _ranking(site: Site, page: Page, ranking: StatedRanking) -> str | None:
    samples: dict[str, list[float]] = {}
    for label, key in sorted(ranking.values.items()):
        value = page.stated.values.get(key)
        if value is None or value.question is None:
            return f"the runs behind {label} are not here"
        try:
            found = answer(site, value.question)
        except CannotAnswer as error:
            return f"{label}: {error}"
        samples[label] = found.by_block
    best = _best(samples, higher_is_better=ranking.higher_is_better)
    shown_numbers = {label: page.stated.values[key].number or 0.0 for label, key in ranking.values.items()}
    best.sort(key=lambda label: shown_numbers[label], reverse=ranking.higher_is_better)
    if best != ranking.best or ranking.state != ("holds" if len(best) == 1 else "inconclusive"):
        return f"the page says that the best are {ranking.best}, the runs say {best}"
    if ranking.verdict != ("supported" if len(best) == 1 else "not settled"):
        return f"the page calls it {ranking.verdict}, of {len(best)} that tie"
    shown = [f"{label} ({page.stated.values[ranking.values[label]].text})" for label in best]
    return None if ranking.text == _sentence(ranking.what, shown) else f"its sentence is not “{ranking.text}”"


def _best(samples: Mapping[str, list[float]], *, higher_is_better: bool) -> list[str]:
    runs = {label: np.array(numbers, np.float64) for label, numbers in samples.items()}
    try:
        return list(rank(runs, higher_is_better=higher_is_better).best)
    except NoValue:
        return []


def _sentence(what: str, best: list[str]) -> str:
    if not best:
        return f"Too few runs to say what is optimal for {what}."
    if len(best) == 1:
        return f"Optimal for {what}: {best[0]}, told apart from every other after correction for all pairs."
    return f"None is shown to be the best for {what}. These cannot be told apart from the best: {'; '.join(best)}."


def _reach(site: Site, page: Page, claim: StatedClaim | StatedRanking) -> str | None:
    """A claim says that it is of one session exactly where it is of one dataset, which has one."""
    asked, waiting = set(), list(claim.values.values())
    while waiting:
        value = page.stated.values.get(waiting.pop())
        if value is None:
            continue
        waiting += value.parents
        if isinstance(value.question, StatedOfDataset) and value.question.digest in site.datasets:
            asked.add(value.question.digest)
    if asked and claim.in_session is not (len(asked) == 1 and len(site.datasets[asked.pop()].recordings) < 2):
        return f"it is said of {'one session' if claim.in_session else 'all sessions'}, its data are not"
    return None


def _shown(page: Page, element: Any) -> str | None:
    claim = page.stated.claims.get(element.get("data-claim"))
    if claim is None:
        return "the page does not state it"
    if element.get("data-state") != claim.verdict or _text(element, "bc-state") != claim.verdict:
        return f"the page shows another verdict than {claim.verdict!r}"
    if _text(element, "bc-scope") != ("in this session" if claim.in_session else ""):
        return "the page does not say how far it reaches, or says another reach"
    said = same_text(_text(element, "bc-text"), claim.text)
    return None if said else f"the page shows another sentence than “{claim.text}”"


def _text(element: Any, name: str) -> str:
    found = element.find_class(name)
    return found[0].text_content() if len(found) == 1 else ""


def _rows(page: Page) -> Iterator[str | None]:
    """The table that badges lead to: a row for each claim, with its verdict, its test, its numbers and its reach."""
    rows = {
        str(row.get("id", "")).removeprefix("claim-"): row.xpath("./th | ./td")
        for row in page.rows.xpath(".//*[@id='claims']//tbody/tr")
    }
    if rows.keys() != page.stated.claims.keys():
        yield "the table of its claims leaves out or adds rows"
        return
    for key, cells in rows.items():
        claim = page.stated.claims[key]
        test = RANKED if isinstance(claim, StatedRanking) else claim.predicate
        expected = [key, claim.verdict, test, "this session" if claim.in_session else "all sessions"]
        said = [" ".join(cell.text_content().split()) for place, cell in enumerate(cells) if place != NUMBERS]
        shown = {page.shown(data) for data in cells[NUMBERS].iter("data")} if len(cells) > NUMBERS else set()
        named = _named(cells[NUMBERS]) if len(cells) > NUMBERS else []
        labels = [MISSED if name == "missed" else name for name in claim.values]
        right = said == expected and shown == set(claim.values.values()) and named == _words(" ".join(labels))
        yield None if right else f"the row of the claim {key} says {', '.join(said)}"


def _named(cell: Any) -> list[str]:
    """The words of a cell beside its numbers, in the order of the alphabet."""
    return _words(" ".join(text for text in cell.xpath(".//text()[not(ancestor::a)]")))


def _words(text: str) -> list[str]:
    return sorted(text.replace(",", " ").split())
