"""Which of our own files a module depends on, read from its import statements without importing anything.

A computation is kept under the digest of exactly these files: editing a template or another report's module
does not compute it again.
"""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from harness.errors import UsageError

from .store import Store, digest_files, key_of

ROOT = Path(__file__).parents[2]
PACKAGES = ("harness", "hooks")
KIND = "imports"

_read: dict[str, list[Any]] = {}
"""What was found in files: by path the SHA-256 of its bytes, and each module that it imports from, with the names."""
_kept: set[str] = set()
"""The paths of which a store has it."""


def forget() -> None:
    """Files may have changed since: what ``code`` and ``sources`` found is looked up again."""
    code.cache_clear()
    _file.cache_clear()


@cache
def code(*modules: str) -> str:
    """The digest of ``sources(*modules)``, read once until ``forget``."""
    return digest_files(sources(*modules))


def sources(*modules: str) -> tuple[Path, ...]:
    """The files of ``modules`` and all files of ours that they import, directly or not, sorted.

    Raises ``UsageError`` for a module that is not there: the digest of nothing never changes.
    """
    found: set[Path] = set()
    waiting: list[Path | None] = [_required(module) for module in modules]
    while waiting:
        path = waiting.pop()
        if path is not None and path not in found:
            found.add(path)
            waiting.extend(map(_file, _imports(path, path.stat().st_mtime_ns)))
    return tuple(sorted(found))


@cache
def _file(module: str) -> Path | None:
    if module.partition(".")[0] not in PACKAGES:
        return None
    path = ROOT.joinpath(*module.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def existing(modules: Iterable[str]) -> tuple[str, ...]:
    """Those of ``modules`` that are there."""
    return tuple(module for module in modules if _file(module) is not None)


def _required(module: str) -> Path:
    path = _file(module)
    if path is None:
        raise UsageError(f"a cache key names the module {module}, which is not there; name the module that replaced it")
    return path


def recall(store: Store) -> None:
    """Files whose imports ``store`` knows are not parsed."""
    for path, found in (store.get(KIND, _key()) or {}).items():
        _read.setdefault(path, found)
        _kept.add(path)


def remember(store: Store) -> None:
    """Has ``store`` keep what was found since ``recall``."""
    if not _read.keys() <= _kept:
        store.put(KIND, _key(), _read)
        _kept.update(_read)


def _key() -> str:
    return key_of(digest_files([Path(__file__)]), sys.version_info[:2])


@cache
def _imports(path: Path, _modified_ns: int) -> tuple[str, ...]:
    """The modules that ``path`` may import, by absolute name: what it takes from a package may be a module, too."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    found = [".".join(package[:depth]) for depth in range(1, len(package) + 1)]
    for base, names in _statements_of(path, package):
        found += [base, *(f"{base}.{name}" for name in names if _is_package(base))]
    return tuple(found)


def _statements_of(path: Path, package: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """Each module that ``path`` imports, and the names that it takes from it.

    None of a file that is no Python: whoever imports it says so.
    """
    data, place = path.read_bytes(), path.relative_to(ROOT).as_posix()
    digest = hashlib.sha256(data).hexdigest()
    known = _read.get(place)
    if known is None or known[0] != digest:
        try:
            parsed = ast.parse(data, str(path))
        except (SyntaxError, ValueError):
            return []
        _kept.discard(place)
        known = _read[place] = [digest, [_taken(one, package) for one in _statements(parsed)]]
    return [(base, names) for statement in known[1] for base, names in statement]


def _taken(statement: ast.Import | ast.ImportFrom, package: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    if isinstance(statement, ast.Import):
        return [(alias.name, []) for alias in statement.names]
    base = ".".join((*package[: len(package) - statement.level + 1], *filter(None, [statement.module])))
    return [(base if statement.level else str(statement.module), [alias.name for alias in statement.names])]


def _statements(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The import statements in ``node``, also those inside functions; expressions hold none and are passed over."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif not isinstance(child, ast.expr):
            yield from _statements(child)


def _is_package(module: str) -> bool:
    return module.partition(".")[0] in PACKAGES and ROOT.joinpath(*module.split(".")).is_dir()
