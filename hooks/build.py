"""The one way in: renders a project, or hands over what was rendered before from exactly the same inputs.

This module is cheap to import. A build with nothing changed reads one file of the store and imports neither the
libraries that compute nor those that check.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .cache import Store, digest_files, key_of, libraries
from .dependencies import sources
from .project import Project
from .rendered import Page, Rendered

_RENDERING = ("hooks.assembly", "hooks.computing")
_TABLES = ("runs.parquet", "requests.parquet", "readings.parquet")


class Builder:
    """Renders one project; what is expensive is kept in its store and survives it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.store = Store(project.cache)

    def render(self) -> Rendered:
        """Every generated page. A page that fails is in ``broken``; the others are not affected."""
        self.store.misses.clear()
        key = self.key()
        kept = self.store.get("site", key)
        if kept is not None and (rendered := _restored(kept)) is not None:
            return rendered
        from .assembly import Assembly

        made = Assembly(self.project, self.store).render()
        if not made.broken:
            self.store.put("site", key, _record(made))
        return made

    def key(self) -> str:
        """Changes whenever anything changes that a page is made of."""
        return key_of(
            str(self.project.data),
            digest_files(self.project.inputs()),
            [[str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in self._tables()],
            digest_files(sources(*_RENDERING, *self._modules())),
            libraries(),
        )

    def _modules(self) -> Iterator[str]:
        for path in self.project.prose_files():
            name = path.stem.replace("-", "_")
            yield from (f"hooks.reports.{name}", f"harness.studies.{name}")

    def _tables(self) -> list[Path]:
        manifests = self.project.manifests()
        return [path for manifest in manifests for name in _TABLES if (path := manifest.parent / name).exists()]


def _record(rendered: Rendered) -> Any:
    return {
        "pages": [_page_record(page) for page in rendered.pages.values()],
        "assets": [_asset_record(path, data) for path, data in rendered.assets.items()],
        "epoch": rendered.epoch,
        "identifiers": sorted(rendered.identifiers),
    }


def _page_record(page: Page) -> Any:
    return {
        "path": page.path,
        "title": page.title,
        "markdown": page.markdown,
        "assets": [_asset_record(path, data) for path, data in page.assets.items()],
        "sources": [str(path) for path in page.sources],
        "card": page.card,
    }


def _asset_record(path: str, data: bytes | Path) -> list[str]:
    return [path, "file", str(data)] if isinstance(data, Path) else [path, "text", data.decode()]


def _restored(record: Any) -> Rendered | None:
    """What ``_record`` described; ``None`` where a file that it names is gone."""
    try:
        pages = [_page(item) for item in record["pages"]]
        assets = dict(map(_asset, record["assets"]))
    except FileNotFoundError:
        return None
    return Rendered(
        {page.path: page for page in pages}, assets, (), record["epoch"], frozenset(record["identifiers"])
    )  # fmt: skip


def _page(record: Any) -> Page:
    assets = dict(map(_asset, record["assets"]))
    return Page(
        record["path"],
        record["title"],
        record["markdown"],
        assets=assets,
        sources=tuple(map(Path, record["sources"])),
        card=record["card"],
    )


def _asset(record: list[str]) -> tuple[str, bytes | Path]:
    path, kind, data = record
    if kind == "text":
        return path, data.encode()
    if not Path(data).exists():
        raise FileNotFoundError(data)
    return path, Path(data)
