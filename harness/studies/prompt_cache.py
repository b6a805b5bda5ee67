"""Does an engine skip the prefill of a prompt that it has seen? The probe behind every unique prefix.

All prompts have one text. ``unique`` puts a prefix of its own before each, ``repeated`` sends the same bytes again
and again; ``cache_prompt`` is whether the client asks the engine to reuse what it has (where the engine can be asked).
"""

from __future__ import annotations

from dataclasses import replace

from ..design import Factor, Primary, Profile, Prompt, Study, Workload
from ..models import SMOLLM2_135M

_TEXT = (
    "Please read this short report and answer the question at its end. The harbour of the old town is small, but every "
    "morning twelve boats leave it before sunrise and come back at noon with fish, letters and news from the islands. "
    "The harbour master writes down who leaves, who returns and what the wind does, and in the evening he reads his "
    "notes aloud to anybody who cares to listen. Nobody has ever missed a boat because of him, although his clock is "
    "said to be seven minutes slow. Last week, however, one boat came back with thirteen passengers although only "
    "twelve had left with it, and the whole town has been talking about it since. What would you ask the captain first?"
)

STUDY = Study(
    id="prompt-cache",
    title="Prompt cache",
    question="Does an engine skip the prefill of a prompt that it has seen?",
    backend="llama_cpp",
    factors=(
        Factor("prompt", ("unique", "repeated"), None, "", "whether each request has a prefix of its own"),
        Factor(
            "cache_prompt",
            (False, True),
            None,
            "",
            "whether the client asks the engine to reuse a cached prompt",
            "reuse asked for",
        ),
    ),
    fixed=(("model", SMOLLM2_135M.name), ("num_ctx", 512), ("threads", "all")),
    workload=Workload(
        prompts=tuple(Prompt(f"harbour-{k}", _TEXT) for k in range(1, 6)),
        max_tokens=8,
    ),
    profiles=(Profile("smoke", runs=1), Profile("quick", runs=6), Profile("full", runs=12)),
    metrics=("ttft", "prompt_tokens", "cache_hit_tokens"),
    primaries=(Primary("repeated-prompt", "ttft", "prompt", "repeated", "unique", (("cache_prompt", True),)),),
    sessions=6,
)

OPENAI = replace(
    STUDY,
    id="prompt-cache-openai",
    title="Prompt cache, OpenAI-compatible server",
    backend="openai_http",
    fixed=(STUDY.fixed[0],),
)
OLLAMA = replace(
    STUDY,
    id="prompt-cache-ollama",
    title="Prompt cache, Ollama",
    backend="ollama",
    factors=STUDY.factors[:1],
    primaries=(replace(STUDY.primaries[0], where=()),),
    fixed=(STUDY.fixed[0],),
)
"""Ollama cannot be asked to leave its cache alone."""
