"""The referee: reads a BUILT site with its own code and computes everything that it says again.

It shares no code with what rendered the site, only the definitions that both sides must agree on: the dataset
contract, the metrics and the statistics. A reader can run it on a downloaded site, which holds the sealed files.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from harness.errors import UnknownName, UsageError

from .every_check import CHECKS, FILES, guarded
from .lanes import made
from .reader.mismatches import Report
from .reader.site import Site

__all__ = ["CHECKS", "FILES", "REBUILD", "guarded", "verify"]

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
    return made(Site(site, data, expected), [name for name in CHECKS if only is None or name in only])
