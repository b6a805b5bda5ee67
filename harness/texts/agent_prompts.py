"""What agents are told: one task has an analysis, then a report on it; only the role differs between kinds of task."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..design import Prompt, Workload
from ..errors import UnknownName

CORPUS = Path(__file__).with_name("corpus")
"""The files that agents read; ``corpus.json`` beside it has the digest and the origin of each."""

ANALYSE, REPORT = "analyse", "report"
TURNS = (ANALYSE, REPORT)

ROLES = {
    "analyst": "You are an analyst of performance measurements. You read files and explain what they show.",
    "collector": "You are a collector of performance data. You read files and say what was measured, and how much.",
    "insight": "You are a reviewer of performance data. You read files and say what follows from them.",
}
"""The first line of every prompt, by the kind of the task. Two agents may have two; a study declares which."""

_BEGIN = "{role}\n\nA folder holds the results of a benchmark of language models. This is a summary of it:\n\n{summary}"
_TEMPLATES = {
    ANALYSE: (
        f"{_BEGIN}\n\nName the three most important patterns, and say for each which file you would open first."
        "\n\nAnalysis:"
    ),
    REPORT: (
        f"{_BEGIN}\n\nThis is an analysis of the same folder:\n\n{{answer}}\n\n"
        "Write a short report for a team that must choose its settings.\n\nReport:"
    ),
}


def templates(kind: str) -> tuple[str, ...]:
    """The prompts of a task in their order, with the places ``{summary}`` and ``{answer}``. Raises ``UnknownName``."""
    if kind not in ROLES:
        raise UnknownName("task of an agent", kind, ROLES)
    return tuple(_TEMPLATES[turn].replace("{role}", ROLES[kind]) for turn in TURNS)


def workload(*kinds: str, max_tokens: int = 48) -> Workload:
    """What tasks of these kinds ask: their prompts, and the digest of what they read.

    The first round is cold and is the warm-up. Raises ``UnknownName``.
    """
    prompts = [
        Prompt(f"{kind}-{turn}", text, kind)
        for kind in kinds
        for turn, text in zip(TURNS, templates(kind), strict=True)
    ]
    digest = hashlib.sha256(CORPUS.with_suffix(".json").read_bytes()).hexdigest()
    return Workload((*prompts, Prompt("corpus", digest)), max_tokens, warmup=0, unique_prefix=False)
