"""The yardstick of the site's benchmarks: the same Markdown, already rendered, built by mkdocs-material alone."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

MKDOCS = (sys.executable, "-m", "mkdocs", "build", "--quiet")
REPORTS = (sys.executable, "-c", "from hooks.cli import main; main()")
_BUILT_BY_HOOKS = ("hooks", "nav", "strict")


class _Tagged(yaml.SafeLoader):
    """Reads mkdocs.yml; ``!ENV`` stands for its default."""


_Tagged.add_constructor("!ENV", lambda loader, node: loader.construct_sequence(node)[-1])


def write_plain(project: Path, folder: Path) -> Path:
    """``folder / mkdocs.yml``: the project's own configuration without its hooks, over ``folder / docs``."""
    settings = yaml.load((project / "mkdocs.yml").read_text(encoding="utf-8"), _Tagged)  # noqa: S506
    kept = {name: value for name, value in settings.items() if name not in _BUILT_BY_HOOKS}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "mkdocs.yml"
    path.write_text(yaml.safe_dump(kept, sort_keys=False), encoding="utf-8")
    return path
