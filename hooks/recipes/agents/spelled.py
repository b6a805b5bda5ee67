"""Configurations of agents in the words of a sentence: who works, and at which settings of whose server."""

from __future__ import annotations

from collections.abc import Mapping

from harness.design.agents import ANALYST, DEFAULTS
from harness.design.factor import Value

from ...content.blocks import Lit
from ...text.naming import listed
from ..report_builder import Draft
from ..sentence_names import Names
from .gpu_layers import called, without_layers

FACTORS = ("configuration", "scenario")
"""Those whose levels are configurations."""
_WHO = {"collector": "a collector", "insight": "an insight agent", ANALYST: "an analyst"}
_USUAL = 0.8
"""The temperature of two agents, which goes without saying."""
Settings = Mapping[str, Value]


def spelled(draft: Draft, names: Names) -> Names:
    """``names`` with each configuration of the study in words; its numbers are declared settings."""
    data, study = draft.data, draft.study
    short = {factor for factor in FACTORS if factor in data.factors and without_layers(data, study, factor)}
    words = {
        called(data, study, one.factor, one.level): _words(_kept(dict(one.settings), short=one.factor in short))
        for one in study.bundles
        if one.factor in FACTORS
    }
    return {name: words.get(cell.text, cell) if isinstance(cell, Lit) else cell for name, cell in names.items()}


def _kept(settings: Settings, *, short: bool) -> Settings:
    """The settings without layers for a GPU, where configurations are called without them."""
    return {name: value for name, value in settings.items() if not (short and name.endswith("num_gpu"))}


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
    if f"{scope}num_ctx" not in settings:
        return f"the {DEFAULTS}"
    found = [f"a context of {{{settings[f'{scope}num_ctx']}|setting}}", *([_heat(settings)] if heat else [])]
    if f"{scope}num_gpu" in settings:
        found = [f"{{{settings[f'{scope}num_gpu']}|setting}} layers for a GPU", *found]
    return listed(found)


def _heat(settings: Settings) -> str:
    return f"temperature {{{settings['temperature']}|setting}}"
