"""The audit of a dataset on its page is what the rules find in the sealed files, and so is the badge above it.

The rules are the dataset contract's, as the metrics are; what is checked is that the page shows what they say.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.datasets.read import Dataset
from harness.validity.audit import Row, Severity, Verdict, audit, worst

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


def check(site: Site) -> Iterator[Examined]:
    """Looks at every page of a dataset that shows an audit."""
    for page, own in pages_of_datasets(site):
        yield from (Examined(page.name, problem) for problem in _problems(page, own))


def _problems(page: Page, own: Sealed) -> Iterator[str | None]:
    rows = audit(Dataset.open(own.folder), own.folder.parent.parent)
    expected = {line[0]: line for line in map(_line, rows)}
    shown = [
        tuple(plain(text_of(cell)) for cell in row) for row in page.body.xpath(".//table[@id='table-audit']//td/..")
    ]
    named = [row[0] for row in shown]
    yield None if sorted(named) == sorted(expected) else f"its audit has the rules {named}, not {list(expected)}"
    for row in shown:
        line = expected.get(row[0])
        if line is not None and ELSEWHERE not in line[2]:
            yield None if row == line else f"its audit says {' | '.join(row)}; the rules say {' | '.join(line)}"
    unknown = {line[0] for line in expected.values() if ELSEWHERE in line[2]}
    there = [_SEVERITIES.get(row[1], Severity.INFO) for row in shown if row[0] in unknown]
    badge = _BADGES[max(worst(rows), *there, Severity.INFO)]
    said = page.body.xpath(".//p[@class='b-audit-line']")
    for one in said:
        right = _badge_line(badge, shown)
        words = plain(text_of(one))
        marked = one.xpath("./a[@data-audit]/@data-audit") == [badge]
        yield None if marked and words == right else f"its badge says “{words}”; the audit says “{right}”"
    yield None if said else "it shows no badge of its audit"


def _badge_line(badge: str, shown: list[tuple[str, ...]]) -> str:
    """What stands beside the badge: the errors with their evidence, then the warnings by name."""
    found = {word: [_brief(row) for row in shown if row[1] == word] for word in ("error", "warning")}
    errors = ": " + "; ".join(found["error"]) if found["error"] else ""
    warnings = " Warnings: " + "; ".join(found["warning"]) + "." if found["warning"] else ""
    return plain(f"Audit {badge}{errors}{warnings}")


def _brief(row: tuple[str, ...]) -> str:
    rule, word, evidence = row
    return rule + (f": {evidence.partition(';')[0].partition(', p ')[0]}" if _has_evidence(rule, word) else "")


def _has_evidence(rule: str, word: str) -> bool:
    return word == "error" or rule.startswith("drift")


def _line(row: Row) -> Line:
    verdict = _WORDS[row.severity] if row.verdict is Verdict.BROKEN else row.verdict.value
    return plain(row.words), verdict, plain(row.evidence)
