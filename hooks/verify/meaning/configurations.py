"""What a number was measured of, read from sealed runs and their design: engine, model, load, levels."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.design import load_of
from harness.design.load import AgentTasks, ClosedLoop, Load, Offline
from harness.errors import StudyError

from ..reader.dataset import Sealed
from ..reader.page import Page
from ..reader.questions_json import Level, StatedMetric, Where
from ..reader.samples import CannotAnswer
from ..reader.site import Site
from ..recompute.answer import kept
from .level_words import called, heading, known_by, own_text, without_layers

HEAVY = 2.0
Calls = Callable[[Site, str, str, Level], str]
"""How a level is called."""
COUNTED = {1: "one", 2: "two", 3: "three", 4: "four"}


@dataclass(frozen=True, slots=True)
class Measured:
    """``engines``, ``models`` and ``loads`` are those of the runs, each once; ``words`` are the levels and what is
    pooled, and ``short`` are those without layers for a GPU, where none ran on one."""

    engines: tuple[str, ...]
    models: tuple[str, ...]
    loads: tuple[str, ...]
    words: str
    short: str

    @property
    def load(self) -> str:
        return self.loads[0] if len(self.loads) == 1 else "several loads"


def measured(site: Site, digest: str, where: Where) -> Measured | None:
    """The runs of a dataset at these levels; ``None`` where the site has none of them, or more is kept than levels."""
    samples = site.samples(digest)
    if samples is None:
        return None
    try:
        rows = kept(samples, where)
    except CannotAnswer:
        return None
    manifest = site.datasets[digest].manifest
    design = manifest["design"]
    factors = [factor["name"] for factor in design["factors"]]
    cells = list({json.dumps(cell): cell for row in rows if (cell := {f: row[f"level.{f}"] for f in factors})}.values())
    if not cells or not where.keys() <= set(factors):
        return None
    settings = [_settings(cell, design) for cell in cells]
    names = [model["name"] for model in manifest["models"]]
    alone = names[0] if len(names) == 1 else "not declared"
    models = {own_text(cell.get("model", one.get("model", alone))) for cell, one in zip(cells, settings, strict=True)}
    pooled = [f for f in factors if len({json.dumps(cell[f]) for cell in cells}) > 1]
    return Measured(
        _once(str(one.get("backend", design["backend"])) for one in settings),
        tuple(sorted(_title(name, manifest["models"]) for name in models)),
        _once(map(_load, settings)),
        *(words(site, digest, where, pooled, of) for of in (called, without_layers)),
    )


def loads(own: Sealed) -> tuple[Load, ...]:
    """The loads of all runs of a dataset, in the order of its levels; none where one is of another time."""
    design = own.manifest["design"]
    factors = [factor["name"] for factor in design["factors"]]
    rows = own.runs.select([f"level.{name}" for name in factors]).to_pylist() if factors else [{}]
    cells = {json.dumps(row): {name: row[f"level.{name}"] for name in factors} for row in rows}
    places = {factor["name"]: factor["levels"].index for factor in design["factors"]}
    ordered = sorted(cells.values(), key=lambda cell: [places[name](level) for name, level in cell.items()])
    try:
        return tuple(dict.fromkeys(load_of(_settings(cell, design)) for cell in ordered))
    except StudyError:
        return ()


def words(site: Site, digest: str, where: Where, pooled: Iterable[str] = (), of: Calls = called) -> str:
    """The levels that are kept, but the model, and the factors that are pooled."""
    levels = [
        f"{heading(site, digest, name)} {' or '.join(of(site, digest, name, level) for level in found)}"
        for name, found in where.items()
        if name != "model"
    ]
    names = [heading(site, digest, name) for name in pooled]
    over = " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
    return ", ".join(levels or ["as declared"]) + (f"; pooled over {over}" if over else "")


def plain(name: str) -> str:
    """A name without underscores."""
    return name.replace("_", " ")


def engine(name: str) -> str:
    """An engine as a page names it."""
    return {"llama_cpp": "llama.cpp"}.get(name, plain(name))


def shape(report: Page, digest: str, where: Where) -> str:
    """Which phase is heavy by the lengths that the page of a report states; empty where it states none of these
    requests."""
    asked = [
        (value.question, value.number)
        for value in report.stated.values.values()
        if isinstance(value.question, StatedMetric)
        and (value.question.digest, value.question.across) == (digest, "median")
        and value.question.metric in ("prompt_tokens", "output_tokens")
        and value.question.within == "median"
        and value.question.where.keys() <= {"scenario"}
        and all(where.get(name) == levels for name, levels in value.question.where.items())
    ]
    numbers = {question.metric: number for question, number in sorted(asked, key=lambda one: len(one[0].where))}
    prompt, output = numbers.get("prompt_tokens"), numbers.get("output_tokens")
    if not prompt or not output:
        return ""
    return "prefill heavy" if prompt >= HEAVY * output else "decode heavy" if output >= HEAVY * prompt else "balanced"


def _settings(cell: Mapping[str, Any], design: Mapping[str, Any]) -> dict[str, Any]:
    found = {**dict(design.get("fixed", {})), **cell}
    for factor, level, settings in design.get("bundles", ()):
        if factor in found and json.dumps(cell[factor]) == json.dumps(level):
            del found[factor]
            found |= settings
    return found


def _title(name: str, loaded: Sequence[Mapping[str, Any]]) -> str:
    """A model as readers know it; a name that stands for several weights stays."""
    found = {known_by(one, loaded) for one in loaded if one["name"] == name}
    return found.pop() if len(found) == 1 else name


def _load(settings: Mapping[str, Any]) -> str:
    try:
        load = load_of(settings)
    except StudyError:
        return "a load of another time"
    if isinstance(load, AgentTasks):
        return "one agent" if load.agents == 1 else f"{COUNTED.get(load.agents, load.agents)} agents at once"
    if isinstance(load, ClosedLoop):
        one = load.streams == 1
        return "one request at a time" if one else f"{COUNTED.get(load.streams, load.streams)} requests at once"
    return "all requests at one moment" if isinstance(load, Offline) else "requests that arrive by themselves"


def _once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
