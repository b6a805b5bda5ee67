"""Pages as JSON-ready data: what the store keeps of them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..caching.job import Job
from ..rendering.page import Page


def page_record(page: Page) -> Any:
    """A page as JSON-ready data; its values are in its ``values.json``."""
    return {
        "path": page.path,
        "title": page.title,
        "markdown": page.markdown,
        "assets": {path: data.decode() for path, data in page.assets.items()},
        "sources": [str(path) for path in page.sources],
        "card": page.card,
        "wide": page.wide,
        "searched": page.searched,
        "sought": list(page.sought),
    }


def page_of(record: Any) -> Page:
    """The page that ``page_record`` described."""
    return Page(
        record["path"],
        record["title"],
        record["markdown"],
        assets={path: text.encode() for path, text in record["assets"].items()},
        sources=tuple(map(Path, record["sources"])),
        card=record["card"],
        wide=record["wide"],
        searched=record["searched"],
        sought=tuple(record["sought"]),
    )


def asset_record(path: str, data: bytes | Path) -> list[str]:
    """A file of a site: what it holds, or where it lies."""
    return [path, "file", str(data)] if isinstance(data, Path) else [path, "text", data.decode()]


def asset_of(record: list[str]) -> tuple[str, bytes | Path]:
    """The file that ``asset_record`` described. Raises ``FileNotFoundError`` where it is gone."""
    path, kind, data = record
    if kind == "text":
        return path, data.encode()
    if not Path(data).exists():
        raise FileNotFoundError(data)
    return path, Path(data)


def job_record(job: Job) -> Any:
    """A job of which all arguments are JSON-ready."""
    return asdict(job)


def job_of(record: Any) -> Job:
    """The job that ``job_record`` described."""
    return Job(**{**record, "arguments": tuple(record["arguments"])})
