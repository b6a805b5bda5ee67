"""The map of the site names every page once, at its own address, and its packed copy is the same."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator

from ..reader.mismatches import Examined
from ..reader.plain_files import is_plain
from ..reader.site import Site

MAP, PACKED, NOT_FOUND = "sitemap.xml", "sitemap.xml.gz", "404.html"
WRITTEN = re.compile(
    r'<\?xml version="1.0" encoding="UTF-8"\?>\s*<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\s*'
    r"(?:<url>\s*<loc>[^<>]*</loc>\s*(?:<lastmod>[0-9-]*</lastmod>\s*)?</url>\s*)*</urlset>\s*"
)
MOST = 1 << 26
"""Bytes that the packed copy may have unpacked."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at both files, where the site has them and its pages have addresses."""
    path, packed = site.root / MAP, site.root / PACKED
    addresses = {
        document.name: str(one)
        for document in site.documents
        for one in document.tree.xpath("//link[@rel='canonical']/@href")
    }
    addresses.pop(NOT_FOUND, None)
    if not is_plain(path) or not addresses:
        return
    data = path.read_bytes()
    yield from (Examined(MAP, problem) for problem in _map(data.decode(errors="replace"), addresses))
    if is_plain(packed):
        yield Examined(PACKED, None if _unpacked(packed.read_bytes()) == data else f"it does not say what {MAP} says")


def _map(text: str, addresses: dict[str, str]) -> Iterator[str | None]:
    yield None if WRITTEN.fullmatch(text) else "it has other elements than addresses and days"
    found = Counter(re.findall(r"<loc>([^<]*)</loc>", text))
    known = Counter(addresses.values())
    for address in sorted(found.keys() | known.keys()):
        times = f"it has {address} {found[address]} times, the pages have it {known[address]} times"
        yield None if found[address] == known[address] else times
    days = Counter(re.findall(r"<lastmod>([^<]*)</lastmod>", text)).most_common()
    yield f"one of its days is {days[-1][0]}, the others are {days[0][0]}" if len(days) > 1 else None


def _unpacked(data: bytes) -> bytes | None:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, MOST)
    except zlib.error:
        return None
