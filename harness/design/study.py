"""Experimental designs: frozen declarations of what is measured, and nothing that runs.

A ``Study`` crosses ``Factor``s into a ``Matrix`` of ``Cell``s. ``Study.fingerprint()`` changes exactly
when what is measured changes; prose is not part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, partial
from typing import TypeVar

from ..canonical_json import sha256
from ..errors import StudyError, UnknownName
from .bundle import Bundle, settings_of
from .factor import Cell, Factor, Matrix, Value, level_key, level_text
from .imported import Imported
from .load import Scenario, scenario_of
from .plan import check_runs
from .primary import Primary
from .settings import RunSettings, Traffic, run_settings, traffic_key, traffic_of
from .workload import Workload

T = TypeVar("T")

FOREIGN = "as the tool made it"
"""The scenario of what another tool ran."""


@dataclass(frozen=True, slots=True)
class Gate:
    """How far a precision may stray from the fp32 baseline of the same weights before its speed is not ranked.

    ``perplexity`` is the highest ratio to the baseline's, ``agreement`` the lowest percentage of likeliest tokens in
    common, ``logits`` the largest difference of a logit from PyTorch's; ``None`` does not judge by it.
    """

    precision: str
    perplexity: float
    agreement: float
    logits: float | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A named size of a study: the same meaning over a subset of levels.

    A run may take ``run_timeout_s``, one request ``request_timeout_s`` (half of it, where that is ``None``), queueing
    included; a stream may stand still for ``gap_timeout_s``.
    """

    name: str
    runs: int
    subset: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    max_tokens: int | None = None
    run_timeout_s: float = 300.0
    request_timeout_s: float | None = None
    gap_timeout_s: float = 30.0


@dataclass(frozen=True)
class Study:
    """A declared experiment; ``sessions`` is how many sessions it wants, one complete block each.

    The scenario of a cell follows from its load. ``scenario`` is for a study whose cells differ in it: which of theirs
    names the study. What was ``imported`` was declared and run by another tool.
    """

    id: str
    title: str
    question: str
    backend: str
    factors: tuple[Factor, ...]
    workload: Workload
    profiles: tuple[Profile, ...]
    metrics: tuple[str, ...]
    scenario: Scenario | None = None
    exclusions: tuple[tuple[tuple[str, Value], ...], ...] = ()
    fixed: tuple[tuple[str, Value], ...] = ()
    bundles: tuple[Bundle, ...] = ()
    gates: tuple[Gate, ...] = ()
    primaries: tuple[Primary, ...] = ()
    sessions: int = 0
    order_seed: int = 42
    imported: Imported | None = None
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
        self._check_primaries()
        for profile in self.profiles:
            if profile.runs < 1:
                raise StudyError(f"profile {profile.name!r} of study {self.id!r} has no runs; set runs to 1 or more")
            for name, values in profile.subset:
                for value in values:
                    self._check_level(name, value)
            self._check_size(profile)
        self._check_traffic()

    def _check_size(self, profile: Profile) -> None:
        """A profile has cells, and not more runs than a plan can hold."""
        cells = len(self.matrix(profile.name).cells())
        try:
            check_runs(cells, profile.runs)
        except StudyError as error:
            raise StudyError(f"study {self.id!r}, profile {profile.name!r}: {error}") from None

    def _check_primaries(self) -> None:
        """Every primary is about levels and a metric that the study declares, under an id of its own."""
        ids = [primary.id for primary in self.primaries]
        for primary in self.primaries:
            if ids.count(primary.id) > 1:
                raise StudyError(f"study {self.id!r} declares the primary {primary.id!r} twice; rename one")
            if primary.metric not in self.metrics:
                raise StudyError(
                    f"study {self.id!r}: the primary {primary.id!r} is about the metric {primary.metric!r}, which the "
                    "study does not list; add it to metrics"
                )
            for name, value in ((primary.factor, primary.level), (primary.factor, primary.reference), *primary.where):
                self._check_level(name, value)

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

    def _check_traffic(self) -> None:
        """No cell has requests or a load that cannot be, and the study is named after a scenario of its own. What
        another tool ran it alone knows."""
        if self.imported is not None:
            return
        groups = {prompt.group for prompt in self.workload.prompts}
        for traffic in self._traffic:
            for asked in (traffic.requests.prompts, traffic.requests.cold):
                if asked not in {None, *groups}:
                    known = ", ".join(sorted(filter(None, groups))) or "without a name only"
                    raise StudyError(
                        f"study {self.id!r} asks for the prompts {asked!r}; its workload has the groups {known}"
                    )
        if self.scenario is not None and self.scenario not in self.scenarios:
            made = " and ".join(self.scenarios)
            raise StudyError(f"study {self.id!r} calls itself {self.scenario}, but its load is {made}")

    @cached_property
    def _traffic(self) -> tuple[Traffic, ...]:
        cells = {traffic_key(self.settings(cell)): cell for cell in Matrix(self.factors, self.exclusions).cells()}
        return tuple(self._typed(traffic_of, cell) for cell in cells.values())

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios of its cells, each once."""
        return tuple(dict.fromkeys(scenario_of(traffic.load) for traffic in self._traffic))

    def settings(self, cell: Cell) -> dict[str, Value]:
        """Everything that is set in the runs of ``cell``, by name."""
        return settings_of(cell, dict(self.fixed), self.bundles)

    def run_settings(self, cell: Cell) -> RunSettings:
        """The same, typed. Raises ``StudyError``."""
        return self._typed(partial(run_settings, backend=self.backend), cell)

    def _typed(self, typed: Callable[[Mapping[str, Value]], T], cell: Cell) -> T:
        try:
            return typed(self.settings(cell))
        except StudyError as error:
            raise StudyError(f"study {self.id!r}: {error}") from None

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

    def heading(self, name: str) -> str:
        """A factor in words; any other name without its underscores."""
        return next((f.heading for f in self.factors if f.name == name), name.replace("_", " "))

    def called(self, name: str, level: Value) -> str:
        """A level of a factor in words, and one of a factor that only an older dataset has as its own text."""
        return next((f.called(level) for f in self.factors if f.name == name), level_text(level))

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
        factors = tuple(replace(f, levels=chosen.get(f.name, f.levels)) for f in self.factors)
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
            "scenario": FOREIGN if self.imported else str(self.scenario or " and ".join(self.scenarios)),
            "factors": [
                {"name": f.name, "levels": list(f.levels), "effective": f.effective, "unit": f.unit}
                for f in self.factors
            ],
            "exclusions": [dict(ex) for ex in self.exclusions],
            "fixed": dict(self.fixed),
            "workload": {
                "prompts": [prompt.canonical() for prompt in self.workload.prompts],
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
            "logit_limits": {g.precision: g.logits for g in self.gates if g.logits is not None},
            "primaries": [primary.canonical() for primary in self.primaries],
            "sessions": self.sessions,
            "imported": asdict(self.imported) if self.imported else None,
        }
        return {name: value for name, value in found.items() if value}

    def fingerprint(self) -> str:
        """SHA-256 (hex) of ``canonical()``; changes exactly when what is measured changes."""
        return sha256(self.canonical())
