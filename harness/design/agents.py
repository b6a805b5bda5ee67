"""Shorthand for studies of agents: who works at which server, and the configurations of the earlier series.

*Baseline* is the engine's defaults and *chimera* the tuned configuration under test; *hetero* are two tuned ones and
*homo* is one of them twice. A configuration is (``num_gpu``, ``num_ctx``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .factor import Factor, Value

Settings = dict[str, Value]
Tuned = tuple[int, int]

ROLES = ("collector", "insight")
"""Kinds of the tasks of two agents that differ; two of the same have ``ANALYST``."""
ANALYST = "analyst"
NAMES = "ab"
DEFAULTS = "defaults"
LANGUAGES = (("python", "Python"), ("rust", "Rust"))
"""Names of languages in words."""
_USUAL = 0.8
"""The temperature of two agents, which is not named."""


def agent(name: str, language: str, **own: Value) -> Settings:
    """The settings of one agent by name; its task is that of an analyst unless it has another."""
    asked: Settings = {"language": language, "task": ANALYST, **own}
    return {f"agent.{name}.{key}": value for key, value in asked.items()}


def pair(language: str, *, tasks: bool = True, **own: Value) -> Settings:
    """Two agents of one language; ``tasks`` gives both the same task, otherwise a configuration does."""
    found: Settings = {}
    for name in NAMES:
        found |= agent(name, language, **own)
        if not tasks:
            del found[f"agent.{name}.task"]
    return found


def own_servers() -> Settings:
    """Each of two agents asks a server of its own."""
    return {f"agent.{name}.server": name for name in NAMES}


def fixed(*settings: Mapping[str, Value], **more: Value) -> tuple[tuple[str, Value], ...]:
    """Settings as a study fixes them; ``__`` stands for the dot of a scope."""
    found: Settings = {}
    for part in settings:
        found |= part
    return (*found.items(), *((name.replace("__", "."), value) for name, value in more.items()))


def single() -> dict[str, Settings]:
    """The nineteen configurations of one agent, and the one with a context of 2048 tokens."""
    grid = [(gpu, ctx, heat) for gpu in (60, 80, 120) for ctx in (256, 512, 1024) for heat in (0.6, 0.8)]
    tuned: dict[str, Settings] = {
        f"{_name((gpu, ctx))}, T {heat}": {"num_gpu": gpu, "num_ctx": ctx, "temperature": heat}
        for gpu, ctx, heat in [*grid, (80, 2048, 0.8)]
    }
    return {DEFAULTS: {}, **tuned}


def versus(tuned: Iterable[Tuned], *, heat: float = 0.8) -> dict[str, Settings]:
    """Baseline against chimera: the second agent's server is tuned."""
    return {
        f"baseline vs chimera, {_name(one)}{_heat(heat)}": {**_roles(*ROLES), **_server("b", one), "temperature": heat}
        for one in tuned
    }


def hetero(pairs: Iterable[tuple[Tuned, Tuned]], *, heat: float = 0.8) -> dict[str, Settings]:
    """Two servers, tuned differently."""
    return {
        f"hetero, {_name(one)} | {_name(two)}{_heat(heat)}": {
            **_roles(*ROLES), **_server("a", one), **_server("b", two), "temperature": heat
        }
        for one, two in pairs
    }  # fmt: skip


def homo(tuned: Iterable[Tuned], *, heat: float = 0.8) -> dict[str, Settings]:
    """The same configuration on every server there is."""
    return {
        f"homo, {_name((gpu, ctx))}{_heat(heat)}": {
            **_roles(ANALYST, ANALYST), "num_gpu": gpu, "num_ctx": ctx, "temperature": heat
        }
        for gpu, ctx in tuned
    }  # fmt: skip


def configured(name: str, configurations: Mapping[str, Settings], meaning: str) -> Factor:
    """The factor whose levels are ``configurations``; pages say who works, and at which settings of whose server."""
    words = tuple((level, _called(settings)) for level, settings in configurations.items())
    return Factor(name, tuple(configurations), meaning=meaning, words=words)


def _called(settings: Settings) -> str:
    tasks = [str(settings[task]) for task in ("agent.a.task", "agent.b.task") if task in settings]
    if not tasks:
        found, heat = _tuned(settings, "", ", "), settings.get("temperature")
        return found if heat is None else f"{found}, temperature {heat}"
    who = ["insight agent" if task == "insight" else task for task in tasks]
    if any(name.startswith("server.") for name in settings):
        found = ", ".join(
            f"{one} at {_tuned(settings, f'server.{name}.')}" for one, name in zip(who, NAMES, strict=True)
        )
    else:
        both = f"two {who[0]}s" if who[0] == who[1] else " and ".join(who)
        found = f"{both} at {_tuned(settings, '')}"
    heat = settings.get("temperature", _USUAL)
    return found if heat == _USUAL else f"{found}, temperature {heat}"


def _tuned(settings: Settings, scope: str, between: str = " and ") -> str:
    if f"{scope}num_gpu" not in settings:
        return f"the {DEFAULTS}"
    return f"{settings[f'{scope}num_gpu']} layers for a GPU{between}context {settings[f'{scope}num_ctx']}"


def earlier_pairs() -> dict[str, Settings]:
    """The configurations of the earlier series' runs of two agents on two servers.

    Four of its thirty were in two of its phases; each is here once.
    """
    grid = [(gpu, ctx) for gpu in (60, 80, 120) for ctx in (512, 1024)]
    steps = [(60, 80), (80, 100), (120, 140)]
    unlike = [((low, ctx), (high, 2 * ctx)) for low, high in steps for ctx in (512, 1024)]
    found = {**versus(grid), **hetero([*unlike, ((80, 512), (80, 1024))]), **homo(grid)}
    for heat in (0.6, 0.8, 1.0):
        found |= homo([(80, ctx) for ctx in (512, 1024, 2048)], heat=heat)
    return found


def one_server_pairs() -> dict[str, Settings]:
    """The earlier series' runs of two agents on one server, which has one configuration for both of them."""
    found: dict[str, Settings] = {"baseline vs chimera, defaults": _roles(*ROLES)}
    for heat in (0.6, 0.8):
        for gpu in (60, 80, 120):
            for ctx in (512, 1024):
                name = f"baseline vs chimera, {_name((gpu, ctx))}{_heat(heat)}"
                found[name] = {**_roles(*ROLES), "num_gpu": gpu, "num_ctx": ctx, "temperature": heat}
        found |= homo([(80, 512), (80, 1024)], heat=heat)
    return found


def _name(tuned: Tuned) -> str:
    return f"gpu {tuned[0]}, ctx {tuned[1]}"


def _heat(heat: float) -> str:
    return "" if heat == _USUAL else f", T {heat}"


def _roles(first: str, second: str) -> Settings:
    return {"agent.a.task": first, "agent.b.task": second}


def _server(name: str, tuned: Tuned) -> Settings:
    return {f"server.{name}.num_gpu": tuned[0], f"server.{name}.num_ctx": tuned[1]}
