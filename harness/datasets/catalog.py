"""Which datasets there are under a data folder: versions ``<root>/<study>/v<N>/``, recordings ``r<NNNN>/``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..design import measured_digest
from ..errors import DatasetCorrupt, UnknownName
from .recordings import Known, read_folder
from .schema import MANIFEST

STUDY_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_VERSION_NAME = re.compile(r"v([1-9][0-9]{0,8})")
_RECORDING_NAME = re.compile(r"r(?!0000)([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Ref:
    """A version or a recording that exists, without its tables. ``version`` is 0 for a recording.

    ``measured`` is the digest of what its design measures, ``sessions`` are the names of the recordings that it
    consists of.
    """

    study: str
    version: int
    path: Path
    digest: str
    title: str
    profile: str
    fingerprint: str
    measured: str
    sessions: tuple[str, ...]

    @property
    def name(self) -> str:
        """``v1`` or ``r0001``."""
        return self.path.name

    @property
    def label(self) -> str:
        """``tr108/v1`` or ``tr108/r0001``."""
        return f"{self.study}/{self.name}"


def catalog(root: Path) -> tuple[Ref, ...]:
    """Every version under ``root``, by study and number. Raises as ``read_manifest`` does."""
    return tuple(ref for study in studies(root) for ref in versions(root, study))


def studies(root: Path) -> tuple[str, ...]:
    """The names of the folders under ``root`` that may hold datasets of a study."""
    if not root.is_dir():
        return ()
    return tuple(sorted(p.name for p in root.iterdir() if STUDY_NAME.fullmatch(p.name) and _is_folder(p)))


def versions(root: Path, study: str) -> tuple[Ref, ...]:
    """The versions of one study, oldest first. Raises as ``read_manifest`` does."""
    return _refs(root, study, version_number)


def recordings(root: Path, study: str) -> tuple[Ref, ...]:
    """The recordings of one study, oldest first. Raises as ``read_manifest`` does."""
    return _refs(root, study, recording_number)


def recording_names(root: Path, study: str) -> tuple[str, ...]:
    """The names of the folders of one study that hold recordings, oldest first, without a look inside."""
    return tuple(path.name for path in _folders(root, study, recording_number))


def sealed(root: Path, study: str) -> tuple[Ref, ...]:
    """The versions of one study, then its recordings, each oldest first. Raises as ``read_manifest`` does."""
    return versions(root, study) + recordings(root, study)


def find(root: Path, study: str, name: str | int | None = None) -> Ref:
    """A version by its number, or either kind by its name; ``None`` means the highest version.

    Raises ``UnknownName`` listing what there is.
    """
    refs = versions(root, study)
    if name is None and refs:
        return refs[-1]
    refs += recordings(root, study)
    wanted = f"v{name}" if isinstance(name, int) else name
    for ref in refs:
        if ref.name == wanted:
            return ref
    unknown = study if wanted is None else f"{study}/{wanted}"
    raise UnknownName("dataset", unknown, [ref.label for ref in refs or catalog(root)] or ["(none is sealed yet)"])


def version_number(name: str) -> int | None:
    """The number of a version folder's name, or ``None`` where it is no such name."""
    match = _VERSION_NAME.fullmatch(name)
    return int(match[1]) if match else None


def recording_number(name: str) -> int | None:
    """The number of a recording folder's name, or ``None`` where it is no such name."""
    match = _RECORDING_NAME.fullmatch(name)
    return int(match[1]) if match else None


def _refs(root: Path, study: str, number_of: Callable[[str], int | None]) -> tuple[Ref, ...]:
    known: Known = {}
    return tuple(_ref(path, study, known) for path in _folders(root, study, number_of))


def _folders(root: Path, study: str, number_of: Callable[[str], int | None]) -> list[Path]:
    if not STUDY_NAME.fullmatch(study) or not _is_folder(root / study):
        return []
    return [path for _, path in sorted(_numbered(root / study, number_of))]


def _numbered(folder: Path, number_of: Callable[[str], int | None]) -> Iterator[tuple[int, Path]]:
    for entry in folder.iterdir():
        number = number_of(entry.name)
        if number is not None and _is_folder(entry) and (entry / MANIFEST).exists():
            yield number, entry


def _ref(path: Path, study: str, known: Known) -> Ref:
    manifest, consists_of = read_folder(path, known)
    if (manifest.study, manifest.name) != (study, path.name):
        raise DatasetCorrupt(f"{path} holds {manifest.label}; move the folder to where its manifest says")
    sessions = tuple(recording.session for recording in consists_of)
    return Ref(
        study,
        manifest.version,
        path,
        manifest.digest,
        manifest.title,
        manifest.profile,
        manifest.fingerprint,
        measured_digest(manifest.design),
        sessions,
    )


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
