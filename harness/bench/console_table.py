"""The results of a bench as a table for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from .load_plan import Load
from .results import ASKED, LoadResult, Number, PromptLengths

_LEFT_OUT = ("e2e_ms",)
_REASONING = ("first_answer_ms", "reasoning_tokens")


def results_table(results: Sequence[LoadResult], load: Load, title: str) -> Table:
    """One row a load; a column that no load has a number for is left out, and so is a percentile without enough
    requests, and what is told of servers that reason where none does."""
    left_out = _LEFT_OUT if any(_reasons(result) for result in results) else (*_LEFT_OUT, *_REASONING)
    asked = [one for one in ASKED if one.name not in left_out and any(_has(result, one.name) for result in results)]
    table = Table("Load", "Runs", "Requests", "Failed", *(one.heading for one in asked), title=title)
    for result in results:
        failed = f"{result.failed_share:.1%}" if result.failed else "0"
        numbers = (_shown(result.numbers[one.name]) for one in asked)
        table.add_row(load.text(result.level), str(result.runs), str(result.requests), failed, *numbers)
    return table


def reasons(results: Sequence[LoadResult]) -> str:
    """Why intervals are missing, in words; empty where none is."""
    found = dict.fromkeys(
        number.missing.replace("_", " ")
        for result in results
        for number in result.numbers.values()
        if number.missing and number.median is not None
    )
    return f"No interval where: {', '.join(found)}." if found else ""


def lengths(found: PromptLengths | None, asked: str) -> str:
    """How long prompts were, in words; ``asked`` is what was asked for, empty for prompts of a file."""
    wanted = f"; asked for {asked}" if asked else ""
    if found is None:
        return f"The server does not count the tokens of prompts{wanted}."
    extent = f"{found.low:,.0f} to {found.high:,.0f}" if found.low < found.high else "all alike"
    return f"Prompts have {_figures(found.median)} tokens as the server counts them ({extent}){wanted}."


def _has(result: LoadResult, name: str) -> bool:
    return result.numbers[name].median is not None


def _reasons(result: LoadResult) -> bool:
    return bool(result.numbers["reasoning_tokens"].median)


def _shown(number: Number) -> str:
    if number.median is None:
        return "–"
    if number.low is None or number.high is None:
        return _figures(number.median)
    return f"{_figures(number.median)} [{_figures(number.low)}, {_figures(number.high)}]"


def _figures(number: float) -> str:
    """Three significant digits, and no exponent."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
