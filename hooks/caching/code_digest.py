"""Which of our own files a module depends on, read from its import statements without importing anything.

A computation is kept under the digest of exactly these files: editing a template or another report's module
does not compute it again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from harness.errors import UsageError

from .store import digest_files

ROOT = Path(__file__).parents[2]
PACKAGES = ("harness", "hooks")


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


@cache
def _imports(path: Path, _modified_ns: int) -> tuple[str, ...]:
    """The modules that ``path`` may import, by absolute name: what it takes from a package may be a module, too.

    None of a file that is no Python: whoever imports it says so.
    """
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    found = [".".join(package[:depth]) for depth in range(1, len(package) + 1)]
    try:
        parsed = ast.parse(path.read_bytes(), str(path))
    except (SyntaxError, ValueError):
        return ()
    for statement in _statements(parsed):
        if isinstance(statement, ast.Import):
            found += [alias.name for alias in statement.names]
            continue
        base = ".".join((*package[: len(package) - statement.level + 1], *filter(None, [statement.module])))
        base = base if statement.level else str(statement.module)
        found += [base, *(f"{base}.{alias.name}" for alias in statement.names if _is_package(base))]
    return tuple(found)


def _statements(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The import statements in ``node``, also those inside functions; expressions hold none and are passed over."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif not isinstance(child, ast.expr):
            yield from _statements(child)


def _is_package(module: str) -> bool:
    return module.partition(".")[0] in PACKAGES and ROOT.joinpath(*module.split(".")).is_dir()
