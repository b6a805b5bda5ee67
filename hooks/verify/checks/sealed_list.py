"""The site's datasets are those that were sealed: by its own list, and by a list that somebody kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.datasets.sealed_list import LIST, Entry, read_list, unlike
from harness.errors import DatasetCorrupt, UsageError

from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.site import Site

PLACE = f"data/{LIST}"


def check(site: Site) -> Iterator[Examined]:
    """Compares every undamaged dataset with the site's list, and both with the one that the site is expected to have.

    Raises ``UsageError`` where that one cannot be read.
    """
    found: dict[str, Entry] = {}
    for sealed in site.datasets.values():
        entry = _entry(sealed)
        yield Examined(entry.label, _misplaced(site.root, sealed) or _second(entry, found))
        found.setdefault(entry.label, entry)
    expected = {} if site.expected is None else _expected(site.expected)
    yield from (Examined(str(site.expected), problem) for problem in (unlike(expected, found) if expected else ()))
    if not found and not expected:
        return
    try:
        listed = read_list(site.root / PLACE)
    except DatasetCorrupt as error:
        yield Examined(PLACE, str(error))
        return
    yield from (Examined(PLACE, problem) for problem in unlike(listed, found))
    yield from (Examined(PLACE, problem) for problem in _lost(expected, listed, site.expected))


def _entry(sealed: Sealed) -> Entry:
    return Entry(sealed.label, sealed.digest, str(sealed.manifest.get("created"))[:10])


def _misplaced(root: Path, sealed: Sealed) -> str | None:
    """What is wrong with the place of a dataset in the site, which has to be that of its label."""
    here = sealed.folder.is_relative_to(root)
    right = not here or sealed.folder == root / "data" / sealed.label
    return None if right else f"it stands in {sealed.folder.relative_to(root).as_posix()}"


def _second(entry: Entry, found: Mapping[str, Entry]) -> str | None:
    """A second dataset under a label; it has another digest, for equal ones are one."""
    other = found.get(entry.label)
    return f"a second dataset has this label: {other.digest[:12]}… and {entry.digest[:12]}…" if other else None


def _expected(path: Path) -> dict[str, Entry]:
    if not path.is_file():
        raise UsageError(f"there is no {path}; name a copy of data/{LIST}")
    try:
        found = read_list(path)
    except DatasetCorrupt as error:
        raise UsageError(str(error)) from error
    if not found:
        raise UsageError(f"{path} lists nothing; name a copy of data/{LIST}")
    return found


def _lost(expected: Mapping[str, Entry], listed: Mapping[str, Entry], path: Path | None) -> Iterator[str]:
    """What the list from elsewhere has and the site's has not, or otherwise."""
    for label, entry in expected.items():
        said = listed.get(label)
        if said is None:
            yield f"{label}, sealed on {entry.day}, is in {path} and not in the site: it is older, or left it out"
        elif said != entry:
            yield f"{label} is “{said}”, in {path} it is “{entry}”"
