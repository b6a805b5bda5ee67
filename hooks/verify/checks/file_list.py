"""Every file of the site is the one that its own list of files says, and there is no other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from ..reader.mismatches import Examined
from ..reader.site import Site

LIST = "files.json"


def check(site: Site) -> Iterator[Examined]:
    """Hashes every file below the site's root."""
    try:
        listed = json.loads((site.root / LIST).read_bytes())
        hashes = {str(name): str(found) for name, found in listed["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield Examined(LIST, "it is absent or cannot be read")
        return
    paths = {path.relative_to(site.root).as_posix(): path for path in site.root.rglob("*") if path.is_file()}
    paths.pop(LIST, None)
    for name in sorted(hashes.keys() | paths.keys()):
        if name not in paths:
            yield Examined(name, f"it is absent, although {LIST} lists it")
        elif name not in hashes:
            yield Examined(name, f"{LIST} does not list it")
        else:
            same = hashlib.sha256(paths[name].read_bytes()).hexdigest() == hashes[name]
            yield Examined(name, None if same else f"its SHA-256 is not the one in {LIST}")
