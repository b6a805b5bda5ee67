"""The page *Advisor* has every claim that could recommend a configuration, and recommends what the claim does."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from harness.metrics import METRICS

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.questions_json import Level, StatedContrast, StatedMetric, Where
from ..reader.site import Site
from ..reader.values_json import StatedClaim, StatedRanking, StatedValue
from ..reader.visible_text import plain
from ..recompute.predicate import NotAPredicate, state
from ..recompute.predicate_bounds import ends
from .compare_rows import reports
from .configurations import Measured, engine, measured, shape
from .level_words import called, heading, without_layers
from .report_rows import about_report, report_of
from .tables import text_of

PAGE, TABLE = "advisor.html", "table-advice"
NO_ROW = (
    "Nothing is recommended here: no published claim about it is supported, or none whose number keeps that latency."
)
"""What a reader is told who asks for what nothing recommends."""
HEADINGS = [
    "workload", "what matters", "recommended", "expected", "better than", "what the data say", "model", "report",
    "hardware", "command that records it",
]  # fmt: skip
OTHERS, NOTHING = "all others that were ranked", "no recommendation"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a claim recommends: ``best`` is null where it settles nothing; ``over`` are the words that it may be better
    than."""

    page: Page
    claim: StatedClaim | StatedRanking
    digest: str
    metric: str
    shared: Where
    best: Where | None
    over: tuple[str, ...]


def check(site: Site) -> Iterator[Examined]:
    """Looks at the page, where there is one."""
    for page in site.pages:
        if page.name == PAGE:
            yield from (Examined(page.name, problem) for problem in _problems(site, page))


def _problems(site: Site, page: Page) -> Iterator[str | None]:
    claims = dict(_claims(site))
    rows = page.body.xpath(f".//table[@id='{TABLE}']/tbody/tr")
    heads = [text_of(head) for head in page.body.xpath(f".//table[@id='{TABLE}']/thead/tr/th")]
    if rows and heads != HEADINGS:
        yield f"its table is headed {', '.join(heads)}"
        return
    for said in page.body.xpath(".//@data-none"):
        yield None if said == NO_ROW else f"where no row is left it says “{said}”"
    named = [str(row.get("data-advice")) for row in rows]
    for key in sorted({*named, *claims}):
        right = named.count(key) == 1 and key in claims
        yield None if right else f"the claim {key} is {'shown twice, or is none' if key in named else 'left out'}"
    for key, row in zip(named, rows, strict=True):
        if key in claims:
            yield _row(site, page, key, claims[key], row)
    recommended = sum(one.best is not None for one in claims.values())
    for name, number in (("recommendations", recommended), ("claims-asked", len(claims))):
        said = [value.number for value in page.stated.values.values() if value.name == name]
        yield None if said == [number] else f"it counts {said} {name}, there are {number}"


def _claims(site: Site) -> Iterator[tuple[str, Expected]]:
    for page in reports(site):
        own = {page.dataset, *(one.dataset for one in page.stated.datasets)}
        for key, claim in page.stated.claims.items():
            values = {name: value for name, found in claim.values.items() if (value := page.stated.values.get(found))}
            made = (
                _ranked(page, claim, values)
                if isinstance(claim, StatedRanking)
                else _compared(site, page, claim, values)
            )
            if (
                made is not None
                and site.datasets[made.digest].label in own
                and measured(site, made.digest, made.shared)
            ):
                yield f"{PurePosixPath(page.name).stem}/{key}", made


def _ranked(page: Page, claim: StatedRanking, values: Mapping[str, StatedValue]) -> Expected | None:
    asked = {label: value.question for label, value in values.items() if isinstance(value.question, StatedMetric)}
    if not asked:
        return None
    first, *others = asked.values()
    shared = {
        name: levels for name, levels in first.where.items() if all(one.where.get(name) == levels for one in others)
    }
    settled = claim.verdict == "supported" and len(claim.best) == 1
    best = asked[claim.best[0]].where if settled else None
    return Expected(page, claim, first.digest, first.metric, shared, best, (OTHERS,) if settled else ())


def _compared(site: Site, page: Page, claim: StatedClaim, values: Mapping[str, StatedValue]) -> Expected | None:
    """A claim about one contrast that would not hold of two sides that are alike."""
    contrasts = [(name, one) for name, one in values.items() if isinstance(one.question, StatedContrast)]
    if len(contrasts) != 1 or len(values) < len(claim.values):
        return None
    name, value = contrasts[0]
    asked = value.question
    known = {key: ends(found, page.stated.values) for key, found in claim.values.items()}
    try:
        alike = state(claim.predicate, {**known, name: replace(known[name], low=1.0, high=1.0)})
    except NotAPredicate:
        return None
    if not isinstance(asked, StatedContrast) or alike == "holds" or METRICS[asked.metric].higher_is_better is None:
        return None
    nothing = Expected(page, claim, asked.digest, asked.metric, asked.where, None, ())
    interval = value.interval
    if claim.verdict != "supported" or interval is None or interval.low <= 1 <= interval.high:
        return nothing
    wins = (interval.low > 1) is METRICS[asked.metric].higher_is_better
    level, other = (asked.level, asked.reference) if wins else (asked.reference, asked.level)
    named = heading(site, asked.digest, asked.factor)
    over = tuple(f"{named} {of(site, asked.digest, asked.factor, other)}" for of in (called, without_layers))
    best: dict[str, list[Level]] = {**asked.where, asked.factor: [level]}
    return replace(nothing, best=dict(sorted(best.items())), over=over)


def _row(site: Site, page: Page, key: str, expected: Expected, row: Any) -> str | None:
    cells = dict(zip(HEADINGS, row.xpath("./th | ./td"), strict=True))
    about = measured(site, expected.digest, expected.shared)
    best = measured(site, expected.digest, expected.best) if expected.best is not None else None
    if about is None or report_of(cells["report"], [expected.page]) is None:
        return f"{key}: it names no report that makes this claim"
    words = (about.load, shape(expected.page, expected.digest, expected.shared))
    chosen = cells["workload"].xpath(".//*[@data-choice]")
    said = {
        "workload": (text_of(chosen[0]) if len(chosen) == 1 else "", ", ".join(filter(None, words))),
        "what matters": (text_of(cells["what matters"]), METRICS[expected.metric].name),
        "recommended": (_first(cells["recommended"]), *((best.words, best.short) if best else (NOTHING,))),
        "engine": (_below(cells["recommended"]), _engine(best)),
        "better than": (text_of(cells["better than"]), *(expected.over or ("—",))),
        "model": (text_of(cells["model"]), ", ".join(about.models)),
        "command": (text_of(cells["command that records it"]), _command(site, expected) if best else "—"),
    }
    for column, (shown, *wanted) in said.items():
        if plain(shown) not in map(plain, wanted):
            return f"{key}: {column} is “{shown}”, the claim says “{wanted[-1]}”"
    if (row.get("data-best") is not None) is not (best is not None):
        return f"{key}: its row is marked as something else than it recommends"
    return (
        _said(key, expected, cells["what the data say"])
        or _number(page, key, expected, cells["expected"])
        or about_report(key, expected.page, cells["hardware"], cells["report"])
    )


def _first(cell: Any) -> str:
    """The words of a cell without the line of notes below them."""
    strong = cell.xpath("./strong")
    return text_of(strong[0]) if strong else text_of(cell)


def _below(cell: Any) -> str:
    """The line of notes of a cell."""
    return " ".join(text_of(one) for one in cell.xpath("./*[@class='b-note-line']"))


def _engine(best: Measured | None) -> str:
    """The engine of a recommendation, where it is one."""
    return engine(best.engines[0]) if best is not None and len(best.engines) == 1 else ""


def _said(key: str, expected: Expected, cell: Any) -> str | None:
    shown = cell.xpath(".//*[@data-state]")
    if len(shown) != 1 or shown[0].get("data-state") != expected.claim.verdict:
        return f"{key}: the badge is another than {expected.claim.verdict}"
    badge = [text_of(one) for one in shown[0].xpath(".//*[@class='bc-state']")]
    if badge != [expected.claim.verdict]:
        return f"{key}: the badge says {badge}, the claim is {expected.claim.verdict}"
    tie = isinstance(expected.claim, StatedRanking) and len(expected.claim.best) > 1
    sentence = plain(expected.claim.text)
    said = plain(text_of(shown[0]))
    if said.startswith(sentence) or (tie and said.startswith("None is shown to be the best for ")):
        return None
    return f"{key}: it says “{said}”, the claim says “{sentence}”"


def _number(page: Page, key: str, expected: Expected, cell: Any) -> str | None:
    """The number beside a recommendation is that of its configuration and metric."""
    shown = {page.shown(data) for data in cell.iter("data")}
    for one in shown:
        asked = page.stated.values[one].question if one in page.stated.values else None
        if not isinstance(asked, StatedMetric) or (asked.digest, asked.metric, asked.where) != (
            expected.digest,
            expected.metric,
            expected.best,
        ):
            return f"{key}: the number beside it is of another configuration or metric"
    return None


def _command(site: Site, expected: Expected) -> str:
    manifest = site.datasets[expected.digest].manifest
    words = ["harness", "run", manifest["study"], "--profile", manifest["profile"]]
    for name, levels in {**manifest["only"], **(expected.best or {})}.items():
        texts = [str(level) for level in levels]
        if not any("," in one for one in texts):
            words += ["--only", f"{name}={','.join(texts)}"]
    return shlex.join([*words, "--seal"])
