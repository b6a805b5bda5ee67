"""The referee: reads a BUILT site with its own code and computes everything that it says again.

It shares no code with what rendered the site, only the definitions that both sides must agree on: the dataset
contract, the metrics and the statistics. A reader can run it on a downloaded site, which holds the sealed files.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from harness.errors import UnknownName, UsageError

from .checks import (
    charts,
    cited,
    claims,
    counts,
    downloads,
    drawings,
    labels,
    links,
    literals,
    pages,
    roundings,
    samples,
    summary,
)
from .checks import claim_phrases as everywhere
from .checks import dataset_hashes as artifacts
from .checks import derived_values as derived
from .checks import file_list as files
from .checks import interval_coverage as simulations
from .checks import measured_values as estimates
from .checks import number_elements as elements
from .checks import recordings as beside
from .checks import value_ids as identities
from .reader.mismatches import Examined, Report
from .reader.site import Site

Check = Callable[[Site], Iterator[Examined]]

CHECKS: Mapping[str, Check] = {
    "files": files.check,
    "artifacts": artifacts.check,
    "downloads": downloads.check,
    "pages": pages.check,
    "identities": identities.check,
    "estimates": estimates.check,
    "derived values": derived.check,
    "cited figures": cited.check,
    "simulations": simulations.check,
    "labels": labels.check,
    "counts": counts.check,
    "roundings": roundings.check,
    "numbers shown": elements.check,
    "claims": claims.check,
    "recordings": beside.check,
    "everywhere": everywhere.check,
    "charts": charts.check,
    "drawings": drawings.check,
    "literals": literals.check,
    "samples": samples.check,
    "summary and feed": summary.check,
    "links": links.check,
}
"""Every check by the name of the class of mismatch that it finds."""


def verify(site: Path, data: Path | None = None, only: Collection[str] | None = None) -> Report:
    """What the built site below ``site`` got wrong.

    ``data`` is a data root to look for datasets in beside the site's own downloads; ``only`` names the checks to
    run, all of them by default. Raises ``UsageError`` where there is no site.
    """
    if not site.is_dir():
        raise UsageError(f"{site} is no folder; build the site first: reports build")
    for name in only or ():
        if name not in CHECKS:
            raise UnknownName("check", name, CHECKS)
    subject, report = Site(site, data), Report()
    for name, check in CHECKS.items():
        if only is None or name in only:
            report.add(name, check(subject))
    return report
