"""Where things are: the folders that a build reads, and where it may keep what is expensive."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.errors import UsageError


@dataclass(frozen=True, slots=True)
class Project:
    """The folders of one build. ``data`` is the data root: the committed one, or one recorded on this machine."""

    root: Path
    data: Path
    cache: Path

    @classmethod
    def at(cls, root: Path, data: Path | None = None, cache: Path | None = None) -> Project:
        """The project in ``root``; ``data`` may be relative to it. Raises ``UsageError`` where there is none."""
        root = root.resolve()
        if not (root / "docs").is_dir() or not (root / "templates").is_dir():
            raise UsageError(f"{root} is no Bindery project (no docs/ and templates/); change to its folder first")
        return cls(root, (root / (data or "data")).resolve(), cache or root / ".cache" / "pages")

    @property
    def docs(self) -> Path:
        return self.root / "docs"

    @property
    def templates(self) -> Path:
        return self.root / "templates"

    @property
    def cited(self) -> Path:
        return self.root / "data" / "cited"

    @property
    def committed(self) -> bool:
        """Whether the data root is the one that the project publishes from."""
        return self.data == self.root / "data"

    def watched(self) -> tuple[Path, ...]:
        """What a page may depend on beside its prose; MkDocs watches ``docs/`` itself."""
        package = Path(__file__).parent
        folders = (self.templates, self.data, self.cited, package / "reports", package.parent / "harness" / "studies")
        return tuple(folder for folder in folders if folder.is_dir())
