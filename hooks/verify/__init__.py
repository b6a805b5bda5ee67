"""The referee: reads a BUILT site with its own code and computes everything that it says again.

It shares no code with what rendered the site, only the definitions that both sides must agree on: the dataset
contract, the metrics and the statistics. A reader can run it on a downloaded site, which holds the sealed files.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from harness.errors import BinderyError, UnknownName, UsageError

from .checks import (
    charts,
    cited,
    claim_phrases,
    claims,
    counts,
    datasets,
    derived_values,
    downloads,
    drawings,
    file_list,
    interval_coverage,
    labels,
    links,
    literals,
    measured_values,
    number_elements,
    recordings,
    roundings,
    samples,
    sealed_list,
    summary,
    value_ids,
)
from .meaning import (
    advice_rows,
    audit_rows,
    compare_rows,
    findings,
    formulas,
    headings,
    history_rows,
    number_rows,
    required_rows,
    row_labels,
    terms,
)
from .reader.mismatches import Examined, Report
from .reader.site import Site

Check = Callable[[Site], Iterator[Examined]]

FILES = "files"
"""The check of every file by its digest."""
CHECKS: Mapping[str, Check] = {
    FILES: file_list.check,
    "artifacts": Site.examined_datasets,
    "sealed": sealed_list.check,
    "downloads": downloads.check,
    "pages": Site.examined_pages,
    "identities": value_ids.check,
    "estimates": measured_values.check,
    "derived values": derived_values.check,
    "cited figures": cited.check,
    "simulations": interval_coverage.check,
    "labels": labels.check,
    "counts": counts.check,
    "roundings": roundings.check,
    "numbers shown": number_elements.check,
    "claims": claims.check,
    "datasets": datasets.check,
    "recordings": recordings.check,
    "claims in all recordings": claim_phrases.check,
    "charts": charts.check,
    "drawings": drawings.check,
    "literals": literals.check,
    "samples": samples.check,
    "summary and feed": summary.check,
    "number rows": number_rows.check,
    "formulas": formulas.check,
    "headings": headings.check,
    "row labels": row_labels.check,
    "findings": findings.check,
    "required rows": required_rows.check,
    "audit": audit_rows.check,
    "compared results": compare_rows.check,
    "advice": advice_rows.check,
    "history": history_rows.check,
    "terms": terms.check,
    "links": links.check,
}
"""Every check by the name of the class of mismatch that it finds."""
REBUILD = "rebuild"
"""What differs from another build of the project, which the caller has to make: see ``comparison``."""


def verify(
    site: Path, data: Path | None = None, only: Collection[str] | None = None, expected: Path | None = None
) -> Report:
    """What the built site below ``site`` got wrong.

    ``data`` is one more data root to look for datasets in than the site's own downloads; ``only`` names the checks to
    run, all of them by default; ``expected`` is a list of sealed datasets from elsewhere. Raises ``UsageError`` where
    there is no site, or no such list.
    """
    if not site.is_dir():
        raise UsageError(f"{site} is no folder; build the site first: reports build")
    for name in only or ():
        if name not in CHECKS:
            raise UnknownName("check", name, CHECKS)
    subject, report = Site(site, data, expected), Report()
    for name, check in CHECKS.items():
        if only is None or name in only:
            report.add(name, guarded(check, subject))
    return report


def guarded(check: Check, site: Site) -> Iterator[Examined]:
    """What a check finds. A site on which it fails is wrong: no file of ours makes it fail."""
    try:
        yield from check(site)
    except BinderyError:
        raise
    except Exception as error:  # noqa: BLE001 a hostile site may provoke any
        said = str(error).partition("\n")[0][:200]
        yield Examined(str(site.root), f"it cannot be checked further: {type(error).__name__} {said}")
