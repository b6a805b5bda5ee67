"""Which of our own files a module depends on, read from its import statements without importing anything.

A computation is kept under the digest of exactly these files: editing a template or another report's module
does not compute it again.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from .cache import digest_files

ROOT = Path(__file__).parent.parent
PACKAGES = ("harness", "hooks")
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]+)|import[ \t]+([.\w, ]+))", re.MULTILINE
)
_NAME = re.compile(r"\w+")


def forget() -> None:
    """Files may have changed since: what ``code`` and ``sources`` found is looked up again."""
    code.cache_clear()
    _file.cache_clear()


@cache
def code(*modules: str) -> str:
    """The digest of ``sources(*modules)``, read once until ``forget``."""
    return digest_files(sources(*modules))


def sources(*modules: str) -> tuple[Path, ...]:
    """The files of ``modules`` and all files of ours that they import, directly or not, sorted."""
    found: set[Path] = set()
    waiting = [_file(module) for module in modules]
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


@cache
def _imports(path: Path, _modified_ns: int) -> tuple[str, ...]:
    """The modules that ``path`` may import, by absolute name: what it takes from a package may be a module, too."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    package = parts[:-1]
    found: list[str] = [".".join(package[:depth]) for depth in range(1, len(package) + 1)]
    for match in _IMPORT.finditer(path.read_text(encoding="utf-8")):
        if match[3]:
            found += [name.strip() for name in match[3].split(",")]
            continue
        base = _absolute(match[1], package)
        found.append(base)
        if _is_package(base):
            found += [f"{base}.{name}" for name in _NAME.findall(match[2])]
    return tuple(found)


def _is_package(module: str) -> bool:
    return module.partition(".")[0] in PACKAGES and ROOT.joinpath(*module.split(".")).is_dir()


def _absolute(name: str, package: tuple[str, ...]) -> str:
    dots = len(name) - len(name.lstrip("."))
    if not dots:
        return name
    kept = package[: len(package) - dots + 1]
    return ".".join((*kept, *filter(None, [name[dots:]])))
