"""The audit of a dataset on its page is what the rules find in the sealed files, and so is the badge above it.

The rules are the dataset contract's, as the metrics are; what is checked is that the page shows what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from harness.datasets.read import Dataset
from harness.validity.audit import Row, Severity, Verdict, audit

from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.site import Site
from ..reader.visible_text import plain
from .required_rows import pages_of_datasets
from .tables import text_of

_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SEVERITIES = {word: severity for severity, word in _WORDS.items()}
_BADGES = {Severity.ERROR: "failed", Severity.WARNING: "passed with warnings", Severity.INFO: "passed"}
ELSEWHERE = "is not among the datasets here"
"""What a rule says of a calibration that the page may have had and a downloaded site has not."""

Line = tuple[str, str, str]
WIDTH = 3
LINES = ".//p[contains(@class, 'b-audit-line')]"
OF_DATASET = " of dataset "


def check(site: Site) -> Iterator[Examined]:
    """Looks at every page that shows the audit of its dataset, or of each of its datasets."""
    for page, own in pages_of_datasets(site):
        yield from (Examined(page.name, problem) for problem in _table(site, page, own))
        yield from (Examined(page.name, problem) for problem in _badge(site, page, own))
    for page in site.pages:
        datasets = [
            (one.name, site.datasets[one.digest]) for one in page.stated.datasets if one.digest in site.datasets
        ]
        yield from (Examined(page.name, problem) for problem in _of_several(site, page, datasets))
        if not datasets and not page.dataset and page.body.xpath(".//table[@id='table-audit']"):
            yield from (Examined(page.name, problem) for problem in _of_the_only_one(site, page))


def lines_of(site: Site, own: Sealed) -> dict[str, Line]:
    """What the rules find in a dataset, by rule."""
    rows = site.once(("audit", own.digest), lambda: tuple(audit(Dataset.open(own.folder), own.folder.parent.parent)))
    return {line[0]: line for line in map(_line, rows)}


def badge_of(lines: Iterable[Line]) -> str | None:
    """The badge over an audit and the errors beside it; null where a rule asks what is not here."""
    known = tuple(lines)
    if any(ELSEWHERE in line[2] for line in known):
        return None
    return _badge_line(_verdict(known), known).partition(" Warnings: ")[0]


def _of_the_only_one(site: Site, page: Page) -> Iterator[str | None]:
    """The audit on a page that is of no dataset: of the only one that its values ask."""
    digests = {question.digest for question in page.stated.questions(page.stated.values)}
    found = [site.datasets[digest] for digest in digests if digest in site.datasets]
    if len(digests) == len(found) == 1:
        yield from _table(site, page, found[0])
    else:
        yield "nobody can tell of which dataset its audit is"


def _of_several(site: Site, page: Page, datasets: Sequence[tuple[str, Sealed]]) -> Iterator[str | None]:
    """Of few datasets, each has its table and its line; of many, each has a line, and one has the names of all with one
    verdict."""
    many: list[tuple[str, Sealed]] = []
    for name, own in datasets:
        if page.body.xpath(".//table[@id=$id]", id=f"table-audit-{name}"):
            yield from _table(site, page, own, f"-{name}")
            yield from _badge(site, page, own, name)
        else:
            many.append((name, own))
    if many:
        yield from _of_many(site, page, many)


def _of_many(site: Site, page: Page, datasets: Sequence[tuple[str, Sealed]]) -> Iterator[str | None]:
    """Every dataset stands in one line of those alike and has its own; what a rule asks elsewhere is not compared."""
    lines = [(plain(text_of(one)), one.xpath("./a/@data-audit")) for one in page.body.xpath(LINES)]
    named = [(name, marked) for text, marked in lines for name in _names(text, marked)]
    names, alike = [name for name, _ in named], dict(named)
    yield None if sorted(names) == sorted(name for name, _ in datasets) else f"its badges name {', '.join(names)}"
    for name, own in datasets:
        rules = lines_of(site, own).values()
        if badge_of(rules) is not None and name in alike:
            verdict, of_dataset = _verdict(rules), f"{OF_DATASET}{name}."
            shown = [alike[name], *(marked for text, marked in lines if of_dataset in text)]
            yield None if shown == [[verdict]] * 2 else f"of {name} its badges say {shown}, the audit says {verdict}"
            right, said = _badge_line(verdict, [*rules], of_dataset), [text for text, _ in lines if of_dataset in text]
            yield None if said == [right] else f"its badge says “{'; '.join(said)}”; the audit says “{right}”"


def _names(line: str, marked: Sequence[str]) -> list[str]:
    """The datasets in a line of those that are alike; none where it is the line of one."""
    beginning = f"Audit {' '.join(marked)} "
    return line.removeprefix(beginning).split(", ") if line.startswith(beginning) and OF_DATASET not in line else []


def _table(site: Site, page: Page, own: Sealed, suffix: str = "") -> Iterator[str | None]:
    expected, shown = lines_of(site, own), _shown(page, suffix)
    named = [row[0] for row in shown]
    yield None if sorted(named) == sorted(expected) else f"its audit has the rules {named}, not {list(expected)}"
    for row in shown:
        line = expected.get(row[0])
        if line is not None and ELSEWHERE not in line[2]:
            yield None if row == line else f"its audit says {' | '.join(row)}; the rules say {' | '.join(line)}"


def _badge(site: Site, page: Page, own: Sealed, name: str = "") -> Iterator[str | None]:
    """The line above the audit, of the dataset that the page calls ``name``, where it has several."""
    shown, expected = _shown(page, f"-{name}" if name else ""), lines_of(site, own)
    unknown = {line[0] for line in expected.values() if ELSEWHERE in line[2]}
    known = [line for line in expected.values() if line[0] not in unknown]
    badge = _verdict([*known, *(row for row in shown if row[0] in unknown)])
    of_dataset = f"{OF_DATASET}{name}." if name else ""
    said = [one for one in page.body.xpath(LINES) if of_dataset in plain(text_of(one))]
    for one in said:
        right = _badge_line(badge, shown, of_dataset)
        words = plain(text_of(one))
        marked = one.xpath("./a[@data-audit]/@data-audit") == [badge]
        yield None if marked and words == right else f"its badge says “{words}”; the audit says “{right}”"
    yield None if said else "it shows no badge of its audit"


def _shown(page: Page, suffix: str) -> list[Line]:
    rows = page.body.xpath(".//table[@id=$id]//td/..", id=f"table-audit{suffix}")
    cells = [tuple(plain(text_of(cell)) for cell in row) for row in rows]
    return [(one[0], one[1], one[2]) for one in cells if len(one) == WIDTH]


def _verdict(lines: Iterable[Line]) -> str:
    return _BADGES[max((_SEVERITIES.get(line[1], Severity.INFO) for line in lines), default=Severity.INFO)]


def _badge_line(badge: str, shown: Sequence[Line], of_dataset: str = "") -> str:
    """What stands beside the badge: the errors with their evidence, then the warnings by name."""
    found = {word: [_brief(row) for row in shown if row[1] == word] for word in ("error", "warning")}
    errors = ": " + "; ".join(found["error"]) if found["error"] else ""
    warnings = " Warnings: " + "; ".join(found["warning"]) + "." if found["warning"] else ""
    return plain(f"Audit {badge}{errors}{of_dataset}{warnings}")


def _brief(row: Line) -> str:
    rule, word, evidence = row
    return rule + (f": {evidence.partition(';')[0].partition(', p ')[0]}" if _has_evidence(rule, word) else "")


def _has_evidence(rule: str, word: str) -> bool:
    return word == "error" or rule.startswith("drift")


def _line(row: Row) -> Line:
    verdict = _WORDS[row.severity] if row.verdict is Verdict.BROKEN else row.verdict.value
    return plain(row.words), verdict, plain(row.evidence)
