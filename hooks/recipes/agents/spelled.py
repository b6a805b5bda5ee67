"""Configurations of agents in the words of a sentence: who works, and at which settings of whose server."""

from __future__ import annotations

from collections.abc import Mapping

from harness.design import Study
from harness.design.agents import ANALYST, DEFAULTS
from harness.design.factor import Value

from ...content.blocks import Lit
from ..sentence_names import Names

FACTORS = ("configuration", "scenario")
"""Those whose levels are configurations."""
_WHO = {"collector": "a collector", "insight": "an insight agent", ANALYST: "an analyst"}
_USUAL = 0.8
"""The temperature of two agents, which goes without saying."""
Settings = Mapping[str, Value]


def spelled(study: Study, names: Names) -> Names:
    """``names`` with each configuration of ``study`` in words; its numbers are declared settings."""
    words = {
        study.called(one.factor, one.level): _words(dict(one.settings))
        for one in study.bundles
        if one.factor in FACTORS
    }
    return {name: words.get(cell.text, cell) if isinstance(cell, Lit) else cell for name, cell in names.items()}


def _words(settings: Settings) -> str:
    if not settings:
        return f"the {DEFAULTS}"
    tasks = [str(settings[task]) for task in ("agent.a.task", "agent.b.task") if task in settings]
    if not tasks:
        return _at(settings, "", heat=True)
    first, second = (_WHO.get(task, f"a {task} agent") for task in tasks)
    if any(name.startswith("server.") for name in settings):
        found = f"{first} at {_at(settings, 'server.a.')} and {second} at {_at(settings, 'server.b.')}"
    else:
        found = f"{f'two {tasks[0]}s' if first == second else f'{first} and {second}'} at {_at(settings, '')}"
    return found if settings.get("temperature", _USUAL) == _USUAL else f"{found}, {_heat(settings)}"


def _at(settings: Settings, scope: str, *, heat: bool = False) -> str:
    if f"{scope}num_gpu" not in settings:
        return f"the {DEFAULTS}"
    layers, context = (f"{{{settings[f'{scope}{name}']}|setting}}" for name in ("num_gpu", "num_ctx"))
    found = f"{layers} layers for a GPU", f"a context of {context}"
    return f"{found[0]}, {found[1]} and {_heat(settings)}" if heat else " and ".join(found)


def _heat(settings: Settings) -> str:
    return f"temperature {{{settings['temperature']}|setting}}"
