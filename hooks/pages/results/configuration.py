"""What a number was measured of: engine, model, load, and the levels that it keeps, as its dataset's design says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.datasets.manifest import Manifest
from harness.datasets.stored_design import PlannedCell, planned_cells
from harness.design import Load, Study, Value, level_key, load_of
from harness.design.load import AgentTasks, ClosedLoop, Offline
from harness.errors import StudyError
from harness.studies import study_of

from ...text.naming import level_text, listed, model_names, without_layers
from ...values.questions import Filters

_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four"}
_MODEL, _ENGINE = "model", "backend"


@dataclass(frozen=True, slots=True)
class Configuration:
    """``engines``, ``models`` and ``loads`` are those of its cells, each once. ``pooled`` are the factors of which it
    keeps more than one level. Without ``layers`` no level is called by the layers for a GPU that it asks for."""

    study: Study
    where: Filters
    engines: tuple[str, ...]
    models: tuple[str, ...]
    loads: tuple[str, ...]
    pooled: tuple[str, ...]
    layers: bool = True

    @property
    def single(self) -> bool:
        """Whether it is of one engine and one model: a rate over several is the rate of nothing."""
        return len(self.engines) == 1 and len(self.models) == 1

    @property
    def load(self) -> str:
        """Its load in words."""
        return self.loads[0] if len(self.loads) == 1 else "several loads"

    @property
    def words(self) -> str:
        """The levels that it keeps, without the model, and what it pools, as the study calls them."""
        kept = [f"{self.study.heading(name)} {self._or(name, levels)}" for name, levels in self.where if name != _MODEL]
        pooled = [f"pooled over {listed(map(self.study.heading, self.pooled))}"] if self.pooled else []
        return ", ".join(kept or ["as declared"]) + "".join(f"; {words}" for words in pooled)

    def _or(self, name: str, levels: tuple[Value, ...]) -> str:
        return " or ".join(self.called(name, level) for level in levels)

    def called(self, name: str, level: Value) -> str:
        """A level in words."""
        words = self.study.called(name, level)
        return words if self.layers else without_layers(words)


def configuration(manifest: Manifest, where: Filters, *, layers: bool = True) -> Configuration | None:
    """The cells of a dataset at the levels of ``where``; ``None`` where it keeps by something else, or none is left."""
    try:
        cells = planned_cells(manifest)
    except (ValueError, StudyError):
        return None
    kept = [cell for cell in cells if _is_at(cell, where)]
    if not kept:
        return None
    levels = {name: {level_key(cell.levels[name]) for cell in kept} for name in kept[0].levels}
    return Configuration(
        study_of(manifest),
        where,
        _each_once(str(cell.settings.get(_ENGINE, manifest.design["backend"])) for cell in kept),
        tuple(_titles({_model(cell, manifest) for cell in kept}, manifest)),
        _each_once(_load(cell.settings) for cell in kept),
        tuple(name for name, found in levels.items() if len(found) > 1),
        layers,
    )


def _is_at(cell: PlannedCell, where: Filters) -> bool:
    return all(name in cell.levels and level_key(cell.levels[name]) in map(level_key, levels) for name, levels in where)


def _model(cell: PlannedCell, manifest: Manifest) -> str:
    named = cell.levels.get(_MODEL, cell.settings.get(_MODEL))
    if named is not None:
        return level_text(named)
    return manifest.models[0].name if len(manifest.models) == 1 else "not declared"


def _titles(names: Iterable[str], manifest: Manifest) -> list[str]:
    """What readers know models by; a name that stands for several weights stays."""
    known = {name: texts[0] for name, texts in model_names(manifest.models).items() if len(texts) == 1}
    return sorted(known.get(name, name) for name in names)


def _load(settings: Mapping[str, Value]) -> str:
    try:
        return _in_words(load_of(settings))
    except StudyError:
        return "a load of another time"


def _in_words(load: Load) -> str:
    match load:
        case AgentTasks(agents=1):
            return "one agent"
        case AgentTasks(agents=count):
            return f"{_NUMBERS.get(count, str(count))} agents at once"
        case ClosedLoop(streams=1):
            return "one request at a time"
        case ClosedLoop(streams=count):
            return f"{_NUMBERS.get(count, str(count))} requests at once"
        case Offline():
            return "all requests at one moment"
        case _:
            return "requests that arrive by themselves"


def _each_once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
