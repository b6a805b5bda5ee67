"""Experimental designs: frozen declarations of what is measured, and nothing that runs.

A ``Study`` crosses ``Factor``s into a ``Matrix`` of ``Cell``s. ``Study.fingerprint()`` changes exactly
when what is measured changes; prose is not part of it.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .errors import StudyError, UnknownName

Value = str | int | float | bool


class Scenario(StrEnum):
    """Load patterns, named as MLPerf names them."""

    SINGLE_STREAM = "single-stream"
    MULTI_STREAM = "multi-stream"
    OFFLINE = "offline"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Factor:
    """Something that is varied.

    ``effective`` names the key of the engine's effective settings that proves the level, or is ``None``
    where the engine reports nothing that could.
    """

    name: str
    levels: tuple[Value, ...]
    effective: str | None = None
    unit: str = ""
    meaning: str = ""

    def __post_init__(self) -> None:
        if not self.levels:
            raise StudyError(f"factor {self.name!r} has no levels; give it at least one")
        keys = [level_key(v) for v in self.levels]
        for key in keys:
            if keys.count(key) > 1:
                raise StudyError(f"factor {self.name!r} has the level {key} twice; remove one")
        kinds = {type(level) for level in self.levels}
        if len(kinds) > 1 and kinds != {int, float}:
            raise StudyError(
                f"factor {self.name!r} mixes types of levels; write all of them as text, or all as numbers"
            )


def level_key(value: Value) -> str:
    """A level as canonical JSON, so that ``1``, ``1.0``, ``true`` and ``"1"`` stay distinct."""
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination of levels, in the order of the study's factors."""

    levels: tuple[tuple[str, Value], ...]

    @property
    def settings(self) -> dict[str, Value]:
        return dict(self.levels)

    @property
    def id(self) -> str:
        """Twelve hex digits of the SHA-256 of the canonical levels."""
        return _sha256(dict(self.levels))[:12]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Crossed factors minus exclusions; an exclusion removes the cells that match all of its levels."""

    factors: tuple[Factor, ...]
    exclusions: tuple[tuple[tuple[str, Value], ...], ...] = ()

    def cells(self) -> tuple[Cell, ...]:
        names = [f.name for f in self.factors]
        crossed = (
            Cell(tuple(zip(names, combo, strict=True)))
            for combo in itertools.product(*(f.levels for f in self.factors))
        )
        return tuple(cell for cell in crossed if not any(_matches(cell, ex) for ex in self.exclusions))


def _matches(cell: Cell, exclusion: tuple[tuple[str, Value], ...]) -> bool:
    settings = cell.settings
    return all(level_key(settings[name]) == level_key(value) for name, value in exclusion)


@dataclass(frozen=True, slots=True)
class Prompt:
    """An input. ``text`` is sent after a unique prefix unless prompt caching is the factor.

    The setting ``prompts`` chooses the prompts of one ``group``; without it, all are sent.
    """

    id: str
    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Workload:
    """What each run asks of the engine.

    ``max_tokens`` caps the output; with ``ignore_eos`` every output has exactly that length, so that arms
    do not differ in length. ``warmup`` requests follow the first (cold) one and precede the measured ones.
    """

    prompts: tuple[Prompt, ...]
    max_tokens: int
    warmup: int = 1
    ignore_eos: bool = True
    seed: int = 42
    unique_prefix: bool = True


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one level of a factor stands for: the settings that replace it when a run is made.

    An arm of a comparison of engines is such a level: a backend with a device and a way of compiling.
    """

    factor: str
    level: Value
    settings: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """How far a precision may stray from the fp32 baseline of the same weights before its speed is not ranked.

    ``perplexity`` is the highest ratio to the baseline's, ``agreement`` the lowest percentage of likeliest tokens in
    common.
    """

    precision: str
    perplexity: float
    agreement: float


@dataclass(frozen=True, slots=True)
class Profile:
    """A named size of a study: the same meaning over a subset of levels."""

    name: str
    runs: int
    subset: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    max_tokens: int | None = None
    run_timeout_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Study:
    """A declared experiment."""

    id: str
    title: str
    question: str
    backend: str
    scenario: Scenario
    factors: tuple[Factor, ...]
    workload: Workload
    profiles: tuple[Profile, ...]
    metrics: tuple[str, ...]
    exclusions: tuple[tuple[tuple[str, Value], ...], ...] = ()
    fixed: tuple[tuple[str, Value], ...] = ()
    bundles: tuple[Bundle, ...] = ()
    gates: tuple[Gate, ...] = ()
    order_seed: int = 42
    scope: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        names = [f.name for f in self.factors]
        for name in names:
            if names.count(name) > 1:
                raise StudyError(f"study {self.id!r} declares the factor {name!r} twice; remove one")
        clash = set(names) & {name for name, _ in self.fixed}
        if clash:
            raise StudyError(f"study {self.id!r} both varies and fixes {', '.join(sorted(clash))}; keep one")
        for mapping in self.exclusions:
            for name, value in mapping:
                self.factor(name)
                self._check_level(name, value)
        self._check_bundles()
        for profile in self.profiles:
            if profile.runs < 1:
                raise StudyError(f"profile {profile.name!r} of study {self.id!r} has no runs; set runs to 1 or more")
            for name, values in profile.subset:
                for value in values:
                    self._check_level(name, value)
            self.matrix(profile.name)

    def _check_bundles(self) -> None:
        """Every level of a bundled factor stands for something, and for nothing that is set elsewhere."""
        taken = {f.name for f in self.factors} | {name for name, _ in self.fixed}
        for bundle in self.bundles:
            self._check_level(bundle.factor, bundle.level)
            clash = (taken - {bundle.factor}) & {name for name, _ in bundle.settings}
            if clash:
                raise StudyError(
                    f"study {self.id!r} sets {', '.join(sorted(clash))} in the bundle of {level_key(bundle.level)} "
                    "and elsewhere; keep one"
                )
        for factor in self.factors:
            bundled = [level_key(b.level) for b in self.bundles if b.factor == factor.name]
            missing = {level_key(level) for level in factor.levels} - set(bundled)
            if bundled and (missing or len(set(bundled)) < len(bundled)):
                raise StudyError(f"study {self.id!r}: give each level of {factor.name!r} one bundle, or none a bundle")

    def settings(self, cell: Cell) -> dict[str, Value]:
        """Everything that is set in the runs of ``cell``: what is fixed, its levels, and what its bundles stand for."""
        chosen = dict(self.fixed) | cell.settings
        for bundle in self.bundles:
            if bundle.factor in chosen and level_key(cell.settings[bundle.factor]) == level_key(bundle.level):
                del chosen[bundle.factor]
                chosen |= dict(bundle.settings)
        return chosen

    def _check_level(self, name: str, value: Value) -> None:
        keys = [level_key(v) for v in self.factor(name).levels]
        if level_key(value) not in keys:
            raise StudyError(
                f"factor {name!r} of study {self.id!r} has no level {level_key(value)}; it has {', '.join(keys)}"
            )

    def factor(self, name: str) -> Factor:
        for factor in self.factors:
            if factor.name == name:
                return factor
        raise UnknownName("factor", name, [f.name for f in self.factors])

    def profile(self, name: str) -> Profile:
        for profile in self.profiles:
            if profile.name == name:
                return profile
        raise UnknownName("profile", name, [p.name for p in self.profiles])

    def matrix(self, profile: str, only: Mapping[str, tuple[Value, ...]] | None = None) -> Matrix:
        """The matrix of ``profile``, narrowed by ``only``. Raises ``StudyError`` where nothing is left."""
        chosen = dict(self.profile(profile).subset)
        for name, values in (only or {}).items():
            for value in values:
                self._check_level(name, value)
            chosen[name] = values
        factors = tuple(
            Factor(f.name, chosen.get(f.name, f.levels), f.effective, f.unit, f.meaning) for f in self.factors
        )
        matrix = Matrix(factors, self.exclusions)
        if not matrix.cells():
            raise StudyError(
                f"study {self.id!r}, profile {profile!r}: the matrix is empty; relax its exclusions or levels"
            )
        return matrix

    def canonical(self) -> dict[str, object]:
        """What is measured, as JSON-ready data: the fingerprint's preimage."""
        return {
            **self._additions(),
            "id": self.id,
            "backend": self.backend,
            "scenario": self.scenario.value,
            "factors": [
                {"name": f.name, "levels": list(f.levels), "effective": f.effective, "unit": f.unit}
                for f in self.factors
            ],
            "exclusions": [dict(ex) for ex in self.exclusions],
            "fixed": dict(self.fixed),
            "workload": {
                "prompts": [[p.id, p.text, *filter(None, (p.group,))] for p in self.workload.prompts],
                "max_tokens": self.workload.max_tokens,
                "warmup": self.workload.warmup,
                "ignore_eos": self.workload.ignore_eos,
                "seed": self.workload.seed,
                "unique_prefix": self.workload.unique_prefix,
            },
            "profiles": {
                p.name: {"runs": p.runs, "subset": {n: list(v) for n, v in p.subset}, "max_tokens": p.max_tokens}
                for p in self.profiles
            },
            "metrics": list(self.metrics),
            "order_seed": self.order_seed,
        }

    def _additions(self) -> dict[str, object]:
        """What only some studies declare; absent elsewhere, so that older fingerprints stand."""
        found: dict[str, object] = {
            "bundles": [[b.factor, b.level, dict(b.settings)] for b in self.bundles],
            "gates": [[g.precision, g.perplexity, g.agreement] for g in self.gates],
        }
        return {name: value for name, value in found.items() if value}

    def fingerprint(self) -> str:
        """SHA-256 (hex) of ``canonical()``; changes exactly when what is measured changes."""
        return _sha256(self.canonical())


@dataclass(frozen=True, slots=True)
class Planned:
    """One run that the executor will make: a cell's replicate at a place in the order."""

    run_id: str
    cell: Cell
    replicate: int
    block: int
    position: int


def plan(cells: tuple[Cell, ...], runs: int, seed: int) -> tuple[Planned, ...]:
    """A randomised complete block design: every block holds each cell once, in its own seeded order.

    Drift over the session therefore hits all cells alike. The same arguments give the same plan.
    """
    return tuple(_blocks(cells, runs, seed))


def _blocks(cells: tuple[Cell, ...], runs: int, seed: int) -> Iterator[Planned]:
    rng = random.Random(seed)
    position = 0
    for block in range(runs):
        order = sorted(cells, key=lambda cell: cell.id)
        rng.shuffle(order)
        for cell in order:
            yield Planned(f"{cell.id}-{block:03d}", cell, block, block, position)
            position += 1


def _sha256(data: object) -> str:
    return hashlib.sha256(canonical_json(data)).hexdigest()


def canonical_json(data: object) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces; refuses NaN and infinities (``ValueError``)."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
