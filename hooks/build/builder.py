"""The one way in: renders a project, or hands over what was rendered before from exactly the same inputs.

This module is cheap to import. A build with nothing changed reads two files of the store, what was rendered and
what each of our files imports, and imports neither the libraries that compute nor those that check.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..caching.code_digest import code, existing, forget, recall, remember
from ..caching.reload import reload_changed
from ..caching.store import Store, digest_files, key_of, libraries
from ..project import STUDIES, Project
from ..rendering.page import Rendered
from .page_serialize import asset_of, asset_record, job_of, job_record, page_of, page_record

_COMPUTING = (
    "hooks.build.compute",
    "hooks.pages.results.decode_rates",
    "hooks.analysis.calibration",
    "hooks.reports.any_dataset",
    "hooks.reports.prompt_cache",
    "hooks.reports.quality_score",
    "hooks.pages.results.study_history",
)
_RENDERING = ("hooks.build.assembly", *_COMPUTING)


class Builder:
    """Renders one project; what is expensive is kept in its store and survives it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.store = Store(project.cache)

    def render(self) -> Rendered:
        """Every generated page. A page that fails is in ``broken``; the others are not affected.

        Raises ``DatasetCorrupt`` where the datasets are not those that were sealed.
        """
        self.store.misses.clear()
        forget()
        recall(self.store)
        key = self.key()
        remember(self.store)
        kept = self.store.get("site", key)
        if kept is not None and (rendered := _restored(kept, self.store)) is not None:
            return rendered
        from harness.datasets.sealed_list import check_list

        if self.project.committed or self.project.sealed.exists():
            check_list(self.project.data)
        reload_changed(*_RENDERING)
        from ..caching.ahead import Ahead
        from .prefetch import needed, recorded_reports
        from .unreported import needed_by_servers

        recorded, ahead = tuple(recorded_reports(self.project)), Ahead(self.store)
        try:
            ahead.begin((*needed(self.project, recorded), *needed_by_servers(self.project)))
            from .assembly import Assembly

            made = Assembly(self.project, self.store).render(recorded, ahead)
        except BaseException:
            ahead.stop()
            raise
        if not made.broken:
            self.store.put("site", key, _record(made))
        return made

    def key(self) -> str:
        """Changes whenever anything changes that a page is made of."""
        return key_of(
            str(self.project.data),
            digest_files(self.project.inputs()),
            [[str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in self._tables()],
            code(*_RENDERING, *existing(self._modules())),
            libraries(),
        )

    def _modules(self) -> Iterator[str]:
        """The report modules and the studies: a report may be over datasets of any."""
        yield from (f"hooks.reports.{path.stem.replace('-', '_')}" for path in self.project.prose_files())
        yield from (f"harness.studies.{path.stem}" for path in sorted(STUDIES.glob("*.py")))

    def _tables(self) -> list[Path]:
        return [path for manifest in self.project.manifests() for path in sorted(manifest.parent.glob("*.parquet"))]


def _record(rendered: Rendered) -> Any:
    apart = {*rendered.jobs, *(path for page in rendered.pages.values() for path in page.assets)}
    return {
        "pages": [page_record(page) for page in rendered.pages.values()],
        "assets": [asset_record(path, data) for path, data in rendered.assets.items() if path not in apart],
        "jobs": {path: job_record(job) for path, job in rendered.jobs.items()},
        "epoch": rendered.epoch,
        "identifiers": sorted(rendered.identifiers),
    }


def _restored(record: Any, store: Store) -> Rendered | None:
    """What ``_record`` described; ``None`` where a file that it names is gone and no job makes it again."""
    pages = [page_of(item) for item in record["pages"]]
    jobs = {path: job_of(job) for path, job in record["jobs"].items()}
    try:
        assets = dict(map(asset_of, record["assets"]))
    except FileNotFoundError:
        return None
    assets |= {path: data for page in pages for path, data in page.assets.items()}
    assets |= {path: job.place(store) for path, job in jobs.items()}

    def finish() -> None:
        for job in jobs.values():
            job.make(store)

    return Rendered(
        {page.path: page for page in pages},
        assets,
        epoch=record["epoch"],
        identifiers=frozenset(record["identifiers"]),
        jobs=jobs,
        finish=finish,
    )
