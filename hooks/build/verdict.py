"""What the referee says of a site that was just built: kept by the hashes of its files, so that it is judged once.

This module is cheap to import, as a build with nothing changed needs no referee.
"""

from __future__ import annotations

import json
from pathlib import Path

from ..caching.code_digest import code, remember
from ..caching.store import Store, key_of, libraries
from ..outputs.file_list import LIST

_REFEREE = "hooks.verify"


def problems(site: Path, store: Store) -> list[str]:
    """Every mismatch of the site below ``site`` in one line; none of a site that is kept as right."""
    key = key_of(json.loads((site / LIST).read_bytes())["files"], code(_REFEREE), libraries())
    remember(store)
    if store.get("verdict", key) is not None:
        return []
    from ..verify import verify
    from ..verify.reader.visible_text import printable

    report = verify(site)
    if report.passed:
        store.put("verdict", key, {"examined": report.examined.total()})
    return [printable(f"{found.check}: {found.place}: {found.problem}") for found in report.mismatches]
