"""Where things are: the folders that a build reads, and where it may keep what is expensive."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.errors import UsageError

PACKAGE = Path(__file__).parent
STUDIES = PACKAGE.parent / "harness" / "studies"
"""Where studies are declared."""
CACHE = Path(".cache/pages")


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
        return cls(root, (root / (data or "data")).resolve(), cache or root / CACHE)

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
    def declared_inputs(self) -> Path:
        """Dated numbers that nobody measured here, such as prices."""
        return self.root / "data" / "inputs"

    @property
    def series(self) -> Path:
        """The declarations of the series: one file a report, and what is said about all together."""
        return self.docs / "series"

    @property
    def sealed(self) -> Path:
        """The list of all that was ever sealed under the data root."""
        return self.data / "SEALED"

    @property
    def committed(self) -> bool:
        """Whether the data root is the one that the project publishes from."""
        return self.data == self.root / "data"

    def prose_files(self) -> tuple[Path, ...]:
        """The prose of every report, in order."""
        return tuple(sorted((self.docs / "reports").glob("*.md")))

    def server_prose(self) -> tuple[Path, ...]:
        """The words that somebody wrote for pages of datasets without a report, in order."""
        return tuple(sorted((self.docs / "servers").glob("*.md")))

    def manifests(self) -> tuple[Path, ...]:
        """The manifests of every sealed dataset."""
        return tuple(sorted(self.data.glob("*/[rv]*/manifest.json")))

    def inputs(self) -> tuple[Path, ...]:
        """Every file, beside code and the tables of datasets, that the rendered pages are made of."""
        written = (
            *sorted((self.docs / "reports").iterdir()),
            *self.server_prose(),
            *sorted((self.docs / "notebooks").glob("*.py")),
            *sorted((self.docs / "methodology").glob("*.json")),
            *sorted(self.templates.rglob("*.j2")),
        )
        return (*(path for path in written if path.is_file()), *self.declared(), *self.manifests(), self.sealed)

    def declared(self) -> tuple[Path, ...]:
        """What was published earlier, inputs that nobody measured, the places of the reports in their series, and what
        terms mean."""
        found = (
            path
            for folder in (self.cited, self.declared_inputs, self.series)
            for path in sorted(folder.glob("*.[yt][mx][lt]"))
        )
        return (*found, *self.docs.glob("glossary.yml"))

    def watched(self) -> tuple[Path, ...]:
        """Folders that a page may depend on; MkDocs watches ``docs/`` itself."""
        folders = (
            self.templates,
            self.data,
            self.cited,
            self.declared_inputs,
            PACKAGE / "reports",
            STUDIES,
        )
        return tuple(folder for folder in folders if folder.is_dir())
