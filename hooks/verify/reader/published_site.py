"""A published site, downloaded: the files that its ``files.json`` lists, from its own host, within bounds.

Nothing is trusted here: the check ``files`` compares every file with its digest, and names those that are absent.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from urllib.parse import quote

import httpx

from harness.errors import DataError, Unavailable, UsageError

from .files_json import LIST, listed

MOST_FILES = 50_000
MOST_BYTES = 4 * 2**30
MOST_LIST_BYTES = 32 * 2**20
MOST_SECONDS = 1800.0
SILENCE_S = 30.0
"""A host that says nothing for so long is not waited for."""
_AT_ONCE = 8


class _Bounds:
    """What a download may still take, of several threads together: bytes, and seconds from now."""

    def __init__(self, address: httpx.URL, most: int) -> None:
        self._address, self._most, self._left = address, most, most
        self._until = time.monotonic() + MOST_SECONDS
        self._lock = threading.Lock()

    def take(self, size: int) -> None:
        """Raises ``DataError`` beyond a bound."""
        with self._lock:
            self._left -= size
            beyond = self._left < 0
        if beyond:
            said = f"more than {self._most / 2**20:,.0f} MiB"
        elif time.monotonic() > self._until:
            said = f"for more than {MOST_SECONDS:.0f} s"
        else:
            return
        raise DataError(f"{self._address} sends {said}; download it by other means")


def is_address(site: str) -> bool:
    """Whether it is an address and no folder."""
    return site.startswith(("http://", "https://"))


def download(site: str, folder: Path) -> None:
    """Fills ``folder`` with the site at the address ``site``; a file that is not there is left out.

    Raises ``UsageError`` where there is no site, ``Unavailable`` where the host does not answer, ``DataError`` where it
    sends too much, leads to another host, or lists a file outside the site.
    """
    try:
        address = httpx.URL(f"{site.partition('#')[0].partition('?')[0].removesuffix('index.html').rstrip('/')}/")
        with httpx.Client(
            timeout=SILENCE_S, follow_redirects=True, event_hooks={"response": [_stay]}, max_redirects=5
        ) as client:
            _download(client, address, folder)
    except httpx.InvalidURL as error:
        raise UsageError(f"{site} is no address: {error}") from None
    except httpx.HTTPError as error:
        said = str(error).partition("\n")[0] or type(error).__name__
        raise Unavailable(f"{site} cannot be downloaded: {said}; try again later") from None


def _download(client: httpx.Client, address: httpx.URL, folder: Path) -> None:
    folder.mkdir()
    if not _fetch(client, address, LIST, folder, _Bounds(address, MOST_LIST_BYTES)):
        raise UsageError(f"there is no {LIST} at {address}; name the address of a site that `reports build` made")
    stated = listed(folder)
    if stated is None:
        raise DataError(f"{address}{LIST} cannot be read; name the address of a site that `reports build` made")
    names = sorted(stated.hashes.keys() - {LIST})
    if len(names) > MOST_FILES:
        raise DataError(f"{address}{LIST} lists {len(names)} files; download such a site by other means")
    for name in names:
        _refuse_outside(address, name)
    bounds = _Bounds(address, MOST_BYTES)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        fetched = [pool.submit(_fetch, client, address, name, folder, bounds) for name in names]
        try:
            for one in fetched:
                one.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _fetch(client: httpx.Client, address: httpx.URL, name: str, folder: Path, bounds: _Bounds) -> bool:
    """Whether the host has the file, which is then in ``folder``."""
    bounds.take(0)
    with client.stream("GET", address.join(quote(name))) as response:
        if response.status_code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            return False
        response.raise_for_status()
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                for chunk in response.iter_bytes():
                    bounds.take(len(chunk))
                    file.write(chunk)
        except OSError as error:
            raise DataError(f"{address}{name} cannot be kept here: {error.strerror}; see to the disk") from None
    return True


def _stay(response: httpx.Response) -> None:
    """Raises ``DataError`` for a redirect to another host, or from a private connection to a public one."""
    if response.has_redirect_location:
        here, there = response.request.url, response.request.url.join(response.headers["location"])
        if there.host != here.host or (here.scheme, there.scheme) == ("https", "http"):
            raise DataError(f"{here} leads to {there}, which is another host; name that address if you trust it")


def _refuse_outside(address: httpx.URL, name: str) -> None:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or not name.isprintable():
        raise DataError(f"{address}{LIST} lists {name!r}, which is no file of a site; nothing was kept")
