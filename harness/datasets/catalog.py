"""Which datasets there are under a data folder: ``<root>/<study>/v<version>/``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import DatasetCorrupt, UnknownName
from .read import read_manifest
from .schema import MANIFEST

STUDY_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_VERSION_NAME = re.compile(r"v([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class Ref:
    """A dataset that exists, without its tables."""

    study: str
    version: int
    path: Path
    digest: str
    title: str
    profile: str

    @property
    def label(self) -> str:
        """``tr108/v1``."""
        return f"{self.study}/v{self.version}"


def catalog(root: Path) -> tuple[Ref, ...]:
    """Every dataset under ``root``, by study and version. Raises as ``read_manifest`` does."""
    if not root.is_dir():
        return ()
    studies = sorted(p.name for p in root.iterdir() if STUDY_NAME.fullmatch(p.name) and _is_folder(p))
    return tuple(ref for study in studies for ref in versions(root, study))


def versions(root: Path, study: str) -> tuple[Ref, ...]:
    """The versions of one study, oldest first. Raises as ``read_manifest`` does."""
    if not STUDY_NAME.fullmatch(study) or not _is_folder(root / study):
        return ()
    return tuple(_ref(root / study / f"v{number}", study, number) for number in sorted(_numbers(root / study)))


def find(root: Path, study: str, version: int | None = None) -> Ref:
    """One dataset; ``None`` means the highest version. Raises ``UnknownName`` listing what there is."""
    refs = versions(root, study)
    if version is None and refs:
        return refs[-1]
    for ref in refs:
        if ref.version == version:
            return ref
    wanted = study if version is None else f"{study}/v{version}"
    raise UnknownName("dataset", wanted, [ref.label for ref in refs or catalog(root)] or ["(none is sealed yet)"])


def version_number(name: str) -> int | None:
    """The number of a version folder's name, or ``None`` where it is no such name."""
    match = _VERSION_NAME.fullmatch(name)
    return int(match[1]) if match else None


def _numbers(folder: Path) -> Iterator[int]:
    for entry in folder.iterdir():
        number = version_number(entry.name)
        if number is not None and _is_folder(entry) and (entry / MANIFEST).exists():
            yield number


def _ref(path: Path, study: str, version: int) -> Ref:
    manifest = read_manifest(path)
    if (manifest.study, manifest.version) != (study, version):
        raise DatasetCorrupt(f"{path} holds {manifest.label}; move the folder to where its manifest says")
    return Ref(study, version, path, manifest.digest, manifest.title, manifest.profile)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
