"""Every link inside the site leads somewhere: the file is there, and so is the place in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..reader.mismatches import Examined
from ..reader.site import Site

ADDRESSES = "//@href | //@src | //@data-spec"


def check(site: Site) -> Iterator[Examined]:
    """Follows every relative address of every page."""
    root = site.root.resolve()
    pages = {root / document.name: document.tree for document in site.documents}
    anchors = {path: frozenset(map(str, tree.xpath("//@id | //a/@name"))) for path, tree in pages.items()}
    folders: dict[Path, dict[str, Path | None]] = {}
    for path, tree in pages.items():
        name, files = path.relative_to(root).as_posix(), folders.setdefault(path.parent, {})
        for address in sorted(set(map(str, tree.xpath(ADDRESSES)))):
            yield Examined(name, _problem(root, path, address, anchors, files))


def _problem(
    root: Path, page: Path, address: str, anchors: Mapping[Path, frozenset[str]], files: dict[str, Path | None]
) -> str | None:
    """What is wrong with an address on a page; ``files`` are those that addresses in its folder led to."""
    if address.startswith("#"):
        return None if _is_place(address[1:], anchors[page]) else f"{address} leads to no place in {page.name}"
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return None
    if parts.path and parts.path not in files:
        files[parts.path] = _file(root, page.parent / unquote(parts.path))
    target = files[parts.path] if parts.path else page
    if target is None:
        return f"{address} leads to no file of the site"
    right = target not in anchors or _is_place(parts.fragment, anchors[target])
    return None if right else f"{address} leads to no place in {target.name}"


def _is_place(fragment: str, anchors: frozenset[str]) -> bool:
    name = unquote(fragment)
    return not name or name.startswith("__") or name in anchors


def _file(root: Path, path: Path) -> Path | None:
    """The file of the site at a path."""
    target = path.resolve()
    target = target / "index.html" if target.is_dir() else target
    return target if target.is_relative_to(root) and target.is_file() else None
