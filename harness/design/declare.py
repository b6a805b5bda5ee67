"""Shorthand for the declarations of a study: what levels stand for and exclude, what is asked, what counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from . import Bundle, Gate, Prompt, Value

Levels = Mapping[str, Mapping[str, Value]] | Mapping[int, Mapping[str, Value]]
Limits = tuple[float, float] | tuple[float, float, float]
"""Of a gate: the ratio of perplexities, the percentage of tokens in common, and the difference of a logit."""
Exclusions = tuple[tuple[tuple[str, Value], ...], ...]


def bundles(**factors: Levels) -> tuple[Bundle, ...]:
    """What the levels of each factor stand for: settings by level."""
    return tuple(
        Bundle(factor, level, tuple(settings.items()))
        for factor, levels in factors.items()
        for level, settings in levels.items()
    )


def exclusions(
    factor: str, other: str, allowed: Mapping[str, Collection[Value]], levels: Iterable[Value]
) -> Exclusions:
    """Every level of ``factor`` with those of the ``levels`` of ``other`` that are not ``allowed`` with it."""
    return tuple(
        ((factor, level), (other, excluded))
        for level, kept in allowed.items()
        for excluded in levels
        if excluded not in kept
    )


def gates(**limits: Limits) -> tuple[Gate, ...]:
    """The gate of each precision: the highest ratio of perplexities, the lowest percentage of tokens in common, and,
    where logits are judged, the largest difference of one."""
    return tuple(Gate(precision, *limit) for precision, limit in limits.items())


def subset(**levels: tuple[Value, ...]) -> tuple[tuple[str, tuple[Value, ...]], ...]:
    """The levels that a profile keeps, by factor."""
    return tuple(levels.items())


def grouped_prompts(**groups: tuple[str, ...]) -> tuple[Prompt, ...]:
    """The texts of each group as prompts that are named after it and numbered from 1."""
    return tuple(
        Prompt(f"{group}-{number}", text, group)
        for group, texts in groups.items()
        for number, text in enumerate(texts, start=1)
    )
