"""Every file of the site is the one that its own list of files says, and there is no other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from ..reader.files_json import LIST, listed
from ..reader.mismatches import Examined
from ..reader.plain_files import entries, is_plain
from ..reader.site import Site


def check(site: Site) -> Iterator[Examined]:
    """Hashes every file below the site's root."""
    stated = listed(site.root)
    if stated is None:
        yield Examined(LIST, "it is absent or cannot be read")
        return
    yield Examined(LIST, None if stated.intact else "its own digest is not that of what it says")
    hashes = stated.hashes
    paths = {path.relative_to(site.root).as_posix(): path for path in entries(site.root)}
    paths.pop(LIST, None)
    for name in sorted(hashes.keys() | paths.keys()):
        if name not in paths:
            yield Examined(name, f"it is absent, although {LIST} lists it")
        elif not is_plain(paths[name]):
            yield Examined(name, "it is no plain file: a site holds no links and no devices")
        elif name not in hashes:
            yield Examined(name, f"{LIST} does not list it")
        else:
            same = hashlib.sha256(paths[name].read_bytes()).hexdigest() == hashes[name]
            yield Examined(name, None if same else f"its SHA-256 is not the one in {LIST}")
