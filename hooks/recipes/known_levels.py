"""The factors and levels that a report may name: those that its study or its dataset declares, recorded or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.datasets.manifest import Manifest
from harness.design import Study, level_key
from harness.errors import UnknownName

from ..analysis.filters import Where, canonical

Declared = Mapping[str, frozenset[str]]
"""Keys of levels (``design.level_key``) by factor."""


def declared_levels(manifest: Manifest, study: Study) -> Declared:
    """The levels of both: a report may name a level that its older datasets did not have yet."""
    design: Any = manifest.design
    listed = [(factor["name"], factor["levels"]) for factor in design["factors"]]
    found: dict[str, frozenset[str]] = {}
    for name, levels in (*listed, *((factor.name, factor.levels) for factor in study.factors)):
        found[name] = found.get(name, frozenset()) | {level_key(level) for level in levels}
    return found


def demand_known(declared: Declared, where: Where | None) -> None:
    """Raises ``UnknownName`` for a factor or a level of ``where`` that is not declared."""
    for factor, levels in canonical(where):
        if factor not in declared:
            raise UnknownName("factor", factor, declared)
        for key in map(level_key, levels):
            if key not in declared[factor]:
                raise UnknownName(f"level of {factor!r}:", key, declared[factor])
